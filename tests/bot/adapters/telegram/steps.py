"""What tests of the bot do again and again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.chat.access_control import AccessControl
from bot.locales import say
from bot.settings import Settings
from bot.store import MemoryStore, Store
from tests.bot.adapters.telegram.conftest import Bench
from tests.support.facts import USUAL
from tests.support.photos import photo
from tests.support.telegram_server import Json, Person


async def told(bench: Bench, person: Person, text: str, *, reply_to: Json | None = None) -> str:
    """What the bot says to what a person writes."""
    before = len(bench.server.made(chat_id=person.chat_id))
    person.says(text, reply_to=reply_to)
    return str((await next_answer(bench, person, before))["text"])


async def next_answer(bench: Bench, person: Person, before: int = 0) -> Json:
    """The parameters of what the bot sends to a chat after so many messages."""
    await bench.server.until(lambda: len(bench.server.made(chat_id=person.chat_id)) > before)
    return bench.server.made(chat_id=person.chat_id)[before].params


async def captioned(bench: Bench, person: Person, **how: Any) -> tuple[Json, Json]:
    """A photo that was sent, and the bot's answer to it, as a message."""
    before = len(bench.server.made())
    message = person.sends_photo(photo(), **how)
    await bench.server.until(lambda: len(bench.server.made()) > before)
    return message, bench.server.made()[before].result


def alerts(bench: Bench) -> list[str | None]:
    """What the bot said to presses, None for nothing."""
    return [call.params.get("text") for call in bench.server.made("answerCallbackQuery")]


async def ended(*running: asyncio.Task[None]) -> None:
    """End bots as their host does; none may fail at that."""
    for task in running:
        task.cancel()
    for task in running:
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)


async def rest(bench: Bench) -> list[str]:
    """All that was said, once everything sent so far is dealt with."""
    last = bench.server.person()
    last.says("/start")
    await bench.server.until(lambda: bench.server.made(chat_id=last.chat_id))
    await bench.settled()
    said = [str(call.params.get("text", call.method)) for call in bench.server.made()]
    return [text for text in said if text != say("start", **USUAL)]


def access_control(**lists: str) -> AccessControl:
    """Lists of who may use the bot, as an operator writes them: owners, allow, block."""
    names = {f"CAPTIONBOT_{name.upper()}": value for name, value in lists.items()}
    return AccessControl(Settings(_env_file=None, **names))  # type: ignore[call-arg, arg-type]  # by alias


def is_empty(store: Store) -> bool:
    """Whether nobody's choices are kept in the memory of this process."""
    assert isinstance(store, MemoryStore)
    return not store._preferences
