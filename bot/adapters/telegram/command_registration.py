"""The lists of commands and the descriptions that Telegram shows, by place and by language."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

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

_Call = partial[Any]  # of the bot's


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
    # In a thread: the bot answers people while the texts of all languages are read.
    calls = await asyncio.to_thread(lambda: list(_calls(bot, declared or UNDECLARED)))
    said = repr([(call.args, call.keywords) for call in calls])
    name, digest = f"announced:{bot.id}", hashlib.sha256(said.encode()).hexdigest()
    with contextlib.suppress(*OUT_OF_REACH):
        told = await notes.read(name)
        if told == [digest] or (told and declared is None):
            return
    await notes.collect(name)
    for call in calls:
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


def _calls(bot: Bot, there: Capabilities) -> Iterator[_Call]:
    lacking, shown = commands_lacking(there), looks(there)
    for code, lang in codes().items():
        for scope, names in _SCOPES:
            commands = [
                BotCommand(name, say(f"command-{name}", lang))
                for name in names
                if name not in lacking
            ]
            yield partial(bot.set_my_commands, commands, scope=scope, language_code=code)
        text = say("description", lang, looks=shown)  # what people read before they start
        yield partial(bot.set_my_description, text, language_code=code)
        text = say("short-description", lang, looks=shown)
        yield partial(bot.set_my_short_description, text, language_code=code)


async def _made(call: _Call) -> bool:
    for pause in range(_TRIES):
        try:
            await call()
        except TelegramError as error:
            log.info("telegram: a list of commands could not be set: %s", error)
            await asyncio.sleep(max(pause, seconds_to_wait(error)))
        else:
            return True
    return False
