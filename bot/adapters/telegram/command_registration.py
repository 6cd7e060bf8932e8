"""The lists of commands and the descriptions that Telegram shows, by place and by language."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

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
from bot.chat.capabilities import commands_lacking, looks
from bot.chat.pending import Notes
from bot.chat.preferences import OUT_OF_REACH
from bot.locales import ENGLISH, languages, say
from captioner.capabilities import UNDECLARED, Capabilities

log = logging.getLogger(__name__)

PRIVATE = ("caption", "alt", "ask", "voice", "detail", "language", "privacy", "delete", "help")
GROUPS = ("caption", "alt", "ask", "help")
ADMINS = ("caption", "alt", "ask", "auto", "delete", "help")
_SCOPES: tuple[tuple[BotCommandScope, tuple[str, ...]], ...] = (
    (BotCommandScopeAllPrivateChats(), PRIVATE),
    (BotCommandScopeAllGroupChats(), GROUPS),
    (BotCommandScopeAllChatAdministrators(), ADMINS),
)
_TRIES = 5
_DAY = 86_400.0  # seconds

Call = Callable[[], Awaitable[object]]


async def register_commands(
    bot: Bot, notes: Notes, changes: AsyncIterator[Capabilities | None]
) -> None:
    """Tell Telegram what there is, now and whenever models come or go that can do other things."""
    async for declared in changes:
        await _register(bot, notes, declared)


async def _register(bot: Bot, notes: Notes, declared: Capabilities | None) -> None:
    """Set the lists, unless the last that one of our processes set within a day were the same.

    As long as nobody knows what models can do, any that were set stay.
    """
    there = declared or UNDECLARED
    name, digest = f"announced:{bot.id}", _digest(there)
    with contextlib.suppress(*OUT_OF_REACH):
        told = await notes.read(name)
        if told == [digest] or (told and declared is None):
            return
    await notes.collect(name)
    for call in _calls(bot, there):
        if not await _made(call):
            log.warning("telegram: the lists of commands could not all be set")
            return
    await notes.leave(name, digest, seconds=_DAY)


def codes() -> dict[str | None, str]:
    """For each of Telegram's language codes the language of ours; None is for everybody else."""
    found: dict[str | None, str] = {None: ENGLISH}
    for lang in languages():
        if lang != ENGLISH:
            found.setdefault(lang.partition("-")[0].lower(), lang)
    return found


def _calls(bot: Bot, there: Capabilities) -> Iterator[Call]:
    lacking = commands_lacking(there)
    for code, lang in codes().items():
        for scope, names in _SCOPES:
            offered = [name for name in names if name not in lacking]
            commands = [BotCommand(name, say(f"command-{name}", lang)) for name in offered]
            yield lambda c=commands, s=scope, k=code: bot.set_my_commands(  # type: ignore[misc]  # mypy knows no defaults in a lambda
                c, scope=s, language_code=k
            )
        text, short = _descriptions(lang, there)
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


def _descriptions(lang: str, there: Capabilities) -> tuple[str, str]:
    """What people read before they start, and in a few words."""
    said = looks(there)
    return say("description", lang, looks=said), say("short-description", lang, looks=said)


def _digest(there: Capabilities) -> str:
    said = [
        [code, *_descriptions(lang, there)]
        + [say(f"command-{name}", lang) for name in (*PRIVATE, *GROUPS, *ADMINS)]
        for code, lang in codes().items()
    ]
    lists = [said, PRIVATE, GROUPS, ADMINS, sorted(commands_lacking(there))]
    return hashlib.sha256(json.dumps(lists).encode()).hexdigest()
