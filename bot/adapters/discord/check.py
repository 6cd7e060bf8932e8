"""Whether Discord knows the bot, and what it lets it do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.adapters.discord import TOKEN
from bot.doctor import Finding, note, ok, problem
from bot.http import PATIENCE, Answer, ProxyError, Unreachable, get, proxy_for, reason, session
from bot.settings import Settings

if TYPE_CHECKING:
    import aiohttp

_CHECK = "discord"
_PORTAL = "https://discord.com/developers/applications"
_ADMINISTRATOR = 1 << 3
_NEEDED = {  # as Discord calls them
    1 << 10: "View Channels",
    1 << 11: "Send Messages",
    1 << 15: "Attach Files",
    1 << 16: "Read Message History",
    1 << 38: "Send Messages in Threads",
}
_MESSAGE_CONTENT = 1 << 18 | 1 << 19  # approved, or allowed for want of many guilds
_GUILD_INSTALL, _USER_INSTALL = "0", "1"
_HELLO = 10
_GUILDS_NAMED = 5


async def check(settings: Settings) -> list[Finding]:
    """Token, intents, installation, permissions, and the gateway."""
    if settings.discord_bot_token is None:
        return [note(_CHECK, "no token: there is no Discord bot",
                     f"make an application at {_PORTAL}, and set DISCORD_BOT_TOKEN to the token "
                     "of its bot")]  # fmt: skip
    token = settings.discord_bot_token.get_secret_value().strip()
    unknown = problem(_CHECK, "Discord does not know this token",
                      f"{_PORTAL}: your application, Bot, Reset Token; set DISCORD_BOT_TOKEN to "
                      "the new one")  # fmt: skip
    if not TOKEN.fullmatch(token):
        return [unknown]
    api = settings.discord_api_url.rstrip("/")
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (CaptionBot, 1)"}
    found: list[Finding] = []
    try:
        async with session() as client:
            me = await get(client, f"{api}/users/@me", headers)
            if me.status == 401:
                return [unknown]
            me.check_ok()
            found.append(ok(_CHECK, f"the bot is {me.text('username') or '?'}"))
            application = await get(client, f"{api}/applications/@me", headers)
            application.check_ok()
            found += [_content(application, settings), *_installation(application)]
            found += _guilds(await get(client, f"{api}/users/@me/guilds", headers))
            found.append(await _gateway(client, settings.discord_gateway_url))
    except Unreachable as error:
        advice = "check this machine's network, and DISCORD_API_URL if it is set"
        found.append(problem(_CHECK, f"Discord's API {error}", advice))
    return found


def _content(application: Answer, settings: Settings) -> Finding:
    """The privileged intent, without which Discord shows only messages meant for the bot."""
    granted = bool(application.number("flags") & _MESSAGE_CONTENT)
    where = f"{_PORTAL}: your application, Bot, Message Content Intent"
    if granted and settings.discord_message_content:
        return ok(_CHECK, "the message content intent is granted, for channels with /auto")
    if settings.discord_message_content:
        said = "the message content intent is asked for and not granted: /auto will not work"
        return problem(_CHECK, said, f"{where}; or take CAPTIONBOT_DISCORD_MESSAGE_CONTENT away")
    if granted:
        said = "the message content intent is granted and not used"
        advice = f"{where}: turn it off, or set CAPTIONBOT_DISCORD_MESSAGE_CONTENT for /auto"
        return note(_CHECK, said, advice)
    return note(
        _CHECK,
        "the message content intent is not granted: only messages meant for the bot reach it",
        f"nothing, unless you want /auto in channels: then {where}, and set "
        "CAPTIONBOT_DISCORD_MESSAGE_CONTENT",
    )


def _installation(application: Answer) -> Iterator[Finding]:
    """Whether the application's own link installs what is needed."""
    kinds = application.part("integration_types_config")
    where = f"{_PORTAL}: your application, Installation"
    if kinds and _USER_INSTALL not in kinds:
        said = "people cannot add the bot to their account, only to servers"
        yield note(_CHECK, said, f"{where}, User Install, if they should")
    parameters = application.part(
        "integration_types_config", _GUILD_INSTALL, "oauth2_install_params"
    ) or application.part("install_params")
    scopes = parameters.get("scopes") or []
    lacks = [scope for scope in ("bot", "applications.commands") if scope not in scopes]
    lacks += _lacking(parameters.get("permissions"))
    where = f"{where}, Guild Install"
    if not parameters:
        needed = f"scopes bot and applications.commands, permissions {', '.join(_NEEDED.values())}"
        said = "the application has no install link of its own"
        yield note(_CHECK, said, f"{where}: {needed}")
    elif lacks:
        said = f"the application's install link leaves out: {', '.join(lacks)}"
        yield note(_CHECK, said, f"{where}: add them")
    else:
        yield ok(_CHECK, "the application's install link grants all that is needed")


def _guilds(answer: Answer) -> Iterator[Finding]:
    """What the bot may not do in the servers it is in; channels may still forbid more."""
    guilds = [guild for guild in answer.items if isinstance(guild, dict)]
    if answer.status != 200:
        yield note(_CHECK, f"its servers cannot be seen (status {answer.status})")
        return
    if not guilds:
        yield note(_CHECK, "the bot is in no server yet", "open its install link and choose one")
        return
    lacking = [(str(guild.get("id")), _lacking(guild.get("permissions"))) for guild in guilds]
    short = [(guild, names) for guild, names in lacking if names]
    for guild, names in short[:_GUILDS_NAMED]:
        said = f"in server {guild} the bot lacks: {', '.join(names)}"
        yield problem(_CHECK, said, "Server Settings, Roles, the bot's role: grant them")
    if len(short) > _GUILDS_NAMED:
        yield note(_CHECK, f"likewise in {len(short) - _GUILDS_NAMED} more")
    if not short:
        known = f"{len(guilds)}" if len(guilds) < 200 else "200 or more"
        yield ok(_CHECK, f"servers the bot is in: {known}; it has the permissions it needs")


def _lacking(permissions: object) -> list[str]:
    """The names of what permissions, as Discord writes them, do not grant."""
    granted = int(permissions) if isinstance(permissions, str) and permissions.isdecimal() else 0
    if granted & _ADMINISTRATOR:
        return []
    return [name for bit, name in _NEEDED.items() if not granted & bit]


async def _gateway(client: aiohttp.ClientSession, url: str) -> Finding:
    """Whether the gateway says hello; nobody identifies, which Discord counts."""
    import aiohttp  # noqa: PLC0415 - only where somebody is asked

    try:
        async with client.ws_connect(
            f"{url}?v=10&encoding=json",
            timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
            max_msg_size=65_536,
            proxy=proxy_for(url),
        ) as socket:
            text = await socket.receive_str(timeout=PATIENCE)
        said = json.loads(text)
        if isinstance(said, dict) and said.get("op") == _HELLO:
            return ok(_CHECK, "the gateway can be reached")
        why = "answers something else than hello"
    except (aiohttp.ClientError, OSError, TimeoutError, TypeError, ValueError, ProxyError) as error:
        why = reason(error)
    return problem(
        _CHECK,
        f"the gateway {why}",
        "check that this machine may open websockets, and DISCORD_GATEWAY_URL if it is set",
    )
