"""Whether Telegram knows the bot, and lets it see what it should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.adapters.telegram import TOKEN
from bot.doctor import Finding, note, ok, problem
from bot.http import Answer, Unreachable, get, session
from bot.settings import Settings

if TYPE_CHECKING:
    import aiohttp

_CHECK = "telegram"
_LATELY = 3600.0  # seconds
_NEW_TOKEN = "@BotFather on Telegram gives a token: /newbot, or /token for a bot that exists"  # noqa: S105 - advice, no password


async def check(settings: Settings) -> list[Finding]:
    """Token, privacy mode, groups, and who gets the updates."""
    if settings.telegram_bot_token is None:
        return [note(_CHECK, "no token: there is no Telegram bot", f"{_NEW_TOKEN}; "
                     "set TELEGRAM_BOT_TOKEN to it")]  # fmt: skip
    token = settings.telegram_bot_token.get_secret_value()
    if not TOKEN.fullmatch(token):
        return [problem(_CHECK, "TELEGRAM_BOT_TOKEN is no token; one is like 123456:ABC-DEF",
                        _NEW_TOKEN)]  # fmt: skip
    base = f"{settings.telegram_api_url.rstrip('/')}/bot{token}"
    found: list[Finding] = []
    try:
        async with session() as client:
            me = await get(client, f"{base}/getMe")
            if me.status in {401, 404}:
                return [problem(_CHECK, "Telegram does not know this token", _NEW_TOKEN)]
            _expect_ok(me)
            found += _who(me)
            found.append(await _updates(client, base, settings))
    except Unreachable as error:
        advice = "check this machine's network, and TELEGRAM_API_URL if it is set"
        found.append(problem(_CHECK, f"Telegram's Bot API {error}", advice))
    return found


def _expect_ok(answer: Answer) -> None:
    if answer.status != 200 or answer.body.get("ok") is not True:
        raise Unreachable(f"answers with an error (status {answer.status})")


def _who(me: Answer) -> Iterator[Finding]:
    bot = me.part("result")
    yield ok(_CHECK, f"the bot is @{bot.get('username', '?')}")
    if bot.get("can_join_groups") is False:
        advice = "@BotFather: /setjoingroups, Enable, if it should be"
        yield note(_CHECK, "the bot cannot be added to groups", advice)
    if bot.get("can_read_all_group_messages") is True:
        yield note(
            _CHECK,
            "privacy mode is off: Telegram sends the bot every message of its groups",
            "it needs that for /auto only; @BotFather: /setprivacy, Enable, then add it to its "
            "groups again",
        )
    else:
        yield note(
            _CHECK,
            "privacy mode is on: in groups the bot sees commands, mentions and replies to it",
            "for /auto, make it an administrator of the group, or @BotFather: /setprivacy, "
            "Disable, and add it to the group again",
        )


async def _updates(client: aiohttp.ClientSession, base: str, settings: Settings) -> Finding:
    """Whether updates come to where this bot waits for them."""
    answer = await get(client, f"{base}/getWebhookInfo")
    _expect_ok(answer)
    hook = answer.part("result")
    there, wanted = str(hook.get("url") or ""), settings.telegram_webhook_url
    waiting = hook.get("pending_update_count")
    pending = f"; {waiting} updates wait" if type(waiting) is int and waiting else ""
    if wanted is None:
        if not there:
            return ok(_CHECK, f"no webhook is set: the bot asks for updates itself{pending}")
        return note(
            _CHECK,
            f"a webhook is set, at {_host(there)}: another installation may be using this token",
            "stop that one first; then starting this bot takes the webhook away. Or set "
            "TELEGRAM_WEBHOOK_URL here",
        )
    if there != wanted:
        now = f"at {_host(there)}" if there else "not set"
        return note(
            _CHECK,
            f"the webhook is {now}, and will be at {_host(wanted)}{pending}",
            "starting the bot sets it" + ("; stop the other installation first" if there else ""),
        )
    if error := str(hook.get("last_error_message") or ""):
        # Telegram tells the last error for ever, even when all has been well since.
        when = hook.get("last_error_date")
        lately = type(when) is int and time.time() - when < _LATELY
        say = problem if lately or pending else note
        return say(
            _CHECK,
            f"Telegram could not deliver to the webhook: {error}{pending}",
            "check the proxy before it, its certificate, and that the bot runs",
        )
    return ok(_CHECK, f"the webhook is set{pending}")


def _host(url: str) -> str:
    """Where it is, without its path, which can be a secret."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"
