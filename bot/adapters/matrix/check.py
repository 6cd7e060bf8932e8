"""Whether a Matrix homeserver knows the bot."""

from __future__ import annotations

from bot.doctor import Finding, note, ok, problem
from bot.http import Unreachable, get, session
from bot.settings import Settings

_CHECK = "matrix"
_NEW_TOKEN = "log in as the bot, see docs/operations.md, and set MATRIX_ACCESS_TOKEN to the token"  # noqa: S105 - advice, no password
_MEDIA = "v1.11"  # since then files are fetched with the token


async def check(settings: Settings) -> list[Finding]:
    """Homeserver, token, and whose it is."""
    if settings.matrix_access_token is None:
        return [note(_CHECK, "no token: there is no Matrix bot", _NEW_TOKEN)]
    token = settings.matrix_access_token.get_secret_value()
    if not token.isascii() or not token.isprintable() or " " in token:
        return [problem(_CHECK, "MATRIX_ACCESS_TOKEN is no token", _NEW_TOKEN)]
    base = f"{settings.matrix_homeserver_url.rstrip('/')}/_matrix/client"
    found: list[Finding] = []
    try:
        async with session() as client:
            known = await get(client, f"{base}/versions")
            versions = known.body.get("versions")
            if known.status != 200 or not isinstance(versions, list):
                raise Unreachable(f"is no homeserver (status {known.status})")
            me = await get(
                client, f"{base}/v3/account/whoami", {"Authorization": f"Bearer {token}"}
            )
            if me.status in {401, 403}:
                return [problem(_CHECK, "the homeserver does not know this token", _NEW_TOKEN)]
            me.check_ok()
            found.append(ok(_CHECK, f"the bot is {me.text('user_id') or '?'}"))
            if _MEDIA not in versions:
                advice = "nothing; its files are fetched the old way, without the token"
                found.append(note(_CHECK, f"the homeserver is older than {_MEDIA}", advice))
            encrypted = "invite the bot to rooms without encryption"
            found.append(note(_CHECK, "the bot cannot read encrypted rooms", encrypted))
    except Unreachable as error:
        advice = "check MATRIX_HOMESERVER_URL, and this machine's network"
        found.append(problem(_CHECK, f"{settings.matrix_homeserver_url} {error}", advice))
    return found
