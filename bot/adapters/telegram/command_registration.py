"""The lists of commands and the descriptions that Telegram shows, by place and by language."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterator

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.adapters.telegram.media import seconds_to_wait
from bot.chat.preferences import PreferenceService
from bot.locales import ENGLISH, languages, say

log = logging.getLogger(__name__)

PRIVATE = ("caption", "alt", "voice", "language", "privacy", "delete", "help")
GROUPS = ("caption", "alt", "help")
ADMINS = ("caption", "alt", "auto", "delete", "help")
_SCOPES: tuple[tuple[BotCommandScope, tuple[str, ...]], ...] = (
    (BotCommandScopeAllPrivateChats(), PRIVATE),
    (BotCommandScopeAllGroupChats(), GROUPS),
    (BotCommandScopeAllChatAdministrators(), ADMINS),
)
_TRIES = 5

Call = Callable[[], Awaitable[object]]


async def register_commands(bot: Bot, preferences: PreferenceService) -> None:
    """Tell Telegram what there is, unless one of our processes told it the same within a day."""
    told = f"announced:{bot.id}:{_digest()}"
    if await preferences.was(told):
        return
    for call in _calls(bot):
        if not await _made(call):
            log.warning("telegram: the lists of commands could not all be set")
            return
    await preferences.first(told)


def codes() -> dict[str | None, str]:
    """For each of Telegram's language codes the language of ours; None is for everybody else."""
    found: dict[str | None, str] = {None: ENGLISH}
    for lang in languages():
        if lang != ENGLISH:
            found.setdefault(lang.partition("-")[0].lower(), lang)
    return found


def _calls(bot: Bot) -> Iterator[Call]:
    for code, lang in codes().items():
        for scope, names in _SCOPES:
            commands = [BotCommand(name, say(f"command-{name}", lang)) for name in names]
            yield lambda c=commands, s=scope, k=code: bot.set_my_commands(  # type: ignore[misc]  # mypy knows no defaults in a lambda
                c, scope=s, language_code=k
            )
        text, short = say("description", lang), say("short-description", lang)
        yield lambda t=text, k=code: bot.set_my_description(t, language_code=k)  # type: ignore[misc]  # likewise
        yield lambda t=short, k=code: bot.set_my_short_description(t, language_code=k)  # type: ignore[misc]  # likewise


async def _made(call: Call) -> bool:
    for pause in range(_TRIES):
        try:
            await call()
        except TelegramError as error:
            log.info("telegram: a list of commands could not be set: %s", error)
            await asyncio.sleep(max(pause, seconds_to_wait(error)))
        else:
            return True
    return False


def _digest() -> str:
    said = [
        [code, say("description", lang), say("short-description", lang)]
        + [say(f"command-{name}", lang) for name in (*PRIVATE, *GROUPS, *ADMINS)]
        for code, lang in codes().items()
    ]
    return hashlib.sha256(json.dumps([said, PRIVATE, GROUPS, ADMINS]).encode()).hexdigest()
