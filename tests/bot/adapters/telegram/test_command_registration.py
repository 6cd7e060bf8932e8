"""Lists of commands and descriptions: by place and language, and not at every start."""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.telegram import command_registration
from bot.chat.capabilities import WorkerCapabilities
from bot.locales import languages, say
from captioner.capabilities import UNDECLARED, Capabilities
from tests.bot.adapters.telegram.conftest import Bench
from tests.bot.adapters.telegram.steps import told
from tests.support.facts import USUAL


def names(commands: list[dict[str, str]]) -> list[str]:
    return [command["command"] for command in commands]


@pytest.fixture
def announced() -> None:
    """Telegram knows nothing yet."""


async def until_announced(bench: Bench) -> None:
    count = len(command_registration.codes())
    await bench.server.until(
        lambda: len(bench.server.texts) == 2 * count and len(bench.server.commands) == 3 * count
    )


async def test_everything_is_announced_in_every_language(bench: Bench) -> None:
    await until_announced(bench)
    commands = bench.server.commands
    for place, listed in (
        ("all_private_chats", command_registration.PRIVATE),
        ("all_group_chats", command_registration.GROUPS),
        ("all_chat_administrators", command_registration.ADMINS),
    ):
        there = [name for name in listed if name not in {"ask", "detail"}]
        assert names(commands[place, ""]) == there
    for code, lang in command_registration.codes().items():
        for command in commands["all_private_chats", code or ""]:
            assert command["description"] == say(f"command-{command['command']}", lang)
        assert bench.server.texts["description", code or ""] == say("description", lang, **USUAL)
        short = bench.server.texts["short_description", code or ""]
        assert short == say("short-description", lang, **USUAL)


async def test_descriptions_follow_the_model(idle: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def changes(_: object) -> AsyncIterator[Capabilities | None]:
        for attention in (True, False):
            yield replace(UNDECLARED, attention=attention)

    monkeypatch.setattr(WorkerCapabilities, "changes", changes)
    await idle.start()
    said = say("description", looks="no")
    await idle.server.until(lambda: idle.server.texts.get(("description", "")) == said)
    short = say("short-description", "de", looks="no")
    await idle.server.until(lambda: idle.server.texts["short_description", "de"] == short)


async def test_second_start_announces_nothing(bench: Bench) -> None:
    await until_announced(bench)
    assert await told(bench, bench.server.person(), "/start") == say("start", **USUAL)
    await bench.stop()
    before = len(bench.server.made("setMyCommands", "setMyDescription"))
    await bench.start()
    assert await told(bench, bench.server.person(), "/start") == say("start", **USUAL)
    assert len(bench.server.made("setMyCommands", "setMyDescription")) == before


async def test_people_are_answered_while_the_texts_are_read(
    idle: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()

    def say_later(*args: Any, **kwargs: Any) -> str:
        assert answered.wait(60), "nobody was answered meanwhile"
        return say(*args, **kwargs)

    monkeypatch.setattr(command_registration, "say", say_later)
    await idle.start()
    try:
        assert await told(idle, idle.server.person(), "/start") == say("start", **USUAL)
    finally:
        answered.set()
    await until_announced(idle)


async def test_commands_that_cannot_be_announced_do_not_matter(idle: Bench) -> None:
    idle.server.fail("setMyCommands", times=99, status=500)
    idle.server.person().says("/start")
    await idle.start()
    await idle.server.until(idle.server.made)


async def test_wait_that_telegram_asks_for(idle: Bench) -> None:
    idle.server.fail("setMyCommands", retry_after=1)
    await idle.start()
    await until_announced(idle)


def test_codes_are_those_that_telegram_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        command_registration, "languages", lambda: ("en", "de", "pt-BR", "zh-Hans", "pt")
    )
    assert command_registration.codes() == {None: "en", "de": "de", "pt": "pt-BR", "zh": "zh-Hans"}


@pytest.mark.parametrize("lang", languages())
def test_texts_fit(lang: str) -> None:
    limits: dict[str, Any] = {"description": 512, "short-description": 120}
    limits |= {
        f"command-{name}": 256
        for name in {*command_registration.PRIVATE, *command_registration.ADMINS}
    }
    for text_id, limit in limits.items():
        assert 0 < len(say(text_id, lang, **USUAL)) <= limit
    for label in ("button-copy", "button-speech", "button-delete"):
        assert len(say(label, lang)) <= 40
    assert re.search("/auto on", say("auto-how", lang))
    for alert in ("delete-not-allowed-telegram", "delete-too-late", "photo-expired"):
        assert len(say(alert, lang)) <= 200
