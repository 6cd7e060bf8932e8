"""The whole examination, and the command as a process."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.adapters.registry import PLATFORMS
from bot.cli.commands import _CHECKS, _LEVELS, show, show_sum
from bot.doctor import (
    CHECKS,
    Finding,
    Level,
    as_json,
    clean,
    count_problems,
    examining,
    note,
    problem,
)
from bot.settings import Settings
from captioner.distribution import how_to_install
from tests.bot.doctor.helpers import NOTE, OK, PROBLEM, examine, settings
from tests.support.command import environment
from tests.support.discord_server import DiscordServer
from tests.support.models import small_checkpoint
from tests.support.redis_server import RedisServer, free_port
from tests.support.telegram_server import TOKEN, TelegramServer


def check_module(monkeypatch: pytest.MonkeyPatch, check: Any) -> None:
    module = types.ModuleType("bot.doctor.tried")
    module.check = check  # type: ignore[attr-defined]  # what makes it one of the checks
    monkeypatch.setitem(sys.modules, "bot.doctor.tried", module)


async def test_a_check_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(_settings: Settings) -> list[Finding]:
        raise RuntimeError("hunter2")

    check_module(monkeypatch, check)
    found = await examine(settings(), ("tried", "discord"))
    assert [f.level for f in found] == [PROBLEM, NOTE]
    assert found[0].text == "the check itself failed (RuntimeError)"


async def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    monkeypatch.delitem(sys.modules, "bot.adapters.telegram.check", raising=False)
    monkeypatch.delitem(sys.modules, "bot.http", raising=False)
    (found,) = await examine(settings(TELEGRAM_BOT_TOKEN=TOKEN), ("telegram",))
    assert found.level is PROBLEM
    assert found.advice == f"aiohttp is not installed: {how_to_install('bot')}"


async def test_a_check_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(_settings: Settings) -> list[Finding]:
        await asyncio.Event().wait()
        return []

    check_module(monkeypatch, check)
    (found,) = await examine(settings(), ("tried",), seconds=0.05)
    assert "took longer than" in found.text


async def test_secrets_that_others_tell_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(given: Settings) -> list[Finding]:
        assert given.hash_key
        return [note("tried", f"it says {given.hash_key.get_secret_value()}", f"not {TOKEN}")]

    check_module(monkeypatch, check)
    given = settings(CAPTIONBOT_HASH_KEY="0123456789abcdef", TELEGRAM_BOT_TOKEN=TOKEN)
    (found,) = await examine(given, ("tried",))
    assert (found.text, found.advice) == ("it says …", "not …")


def test_what_is_quoted_cannot_steer_a_terminal() -> None:
    assert clean("a\x1b[31m\n\tb\u202ec\x00") == "a [31m b c"
    assert len(clean("x" * 10_000)) < 1000


def test_json_is_one_object() -> None:
    found = [Finding("redis", Level.OK, "fine"), problem("web", "taken “x”", "move")]
    document = json.loads(as_json(found))
    assert document == {
        "problems": 1,
        "findings": [
            {"check": "redis", "level": "ok", "text": "fine", "advice": ""},
            {"check": "web", "level": "problem", "text": "taken “x”", "advice": "move"},
        ],
    }
    assert (count_problems(found), count_problems(found[:1])) == (1, 0)


def test_everything_is_shown_and_no_markup_believed() -> None:
    page = io.StringIO()
    found = [note("web", "[bold]odd[/bold] [/]", "[red]do[/red]"), Finding("web", Level.OK, "well")]
    show(found, Console(file=page, width=80))
    show_sum(found, Console(file=page, width=80))
    told = page.getvalue()
    for piece in ("[bold]odd[/bold] [/]", "[red]do[/red]", "note", "ok", "well"):
        assert piece in told
    assert "nothing stands in the way" in told
    show_sum([problem("redis", "away", "start it")], Console(file=page, width=80))
    assert "1 to put right" in page.getvalue()


def test_columns_have_room_for_what_stands_in_them() -> None:
    assert max(map(len, (*CHECKS, "settings"))) <= _CHECKS
    assert max(len(level.value) for level in Level) <= _LEVELS


async def test_nobody_waits_for_the_last_check_to_read_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_end = asyncio.Event()

    async def check(_settings: Settings) -> list[Finding]:
        await may_end.wait()
        return [note("tried", "at last", "")]

    check_module(monkeypatch, check)
    told = examining(settings(), ("configuration", "tried"))
    first = await anext(told)
    assert {finding.check for finding in first} == {"settings"}
    may_end.set()
    assert [finding.text for finding in await anext(told)] == ["at last"]


async def run(folder: Path, *arguments: str, **values: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c",
        "import sys; from bot.cli import app\n"
        "try: app(['doctor', *sys.argv[1:]])\n"
        "finally: assert not {'torch', 'telegram', 'discord'} & {*sys.modules}",
        *arguments, cwd=folder, env=environment(**values) | {"COLUMNS": "100"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_the_command(
    tmp_path: Path,
    telegram: TelegramServer,
    discord: DiscordServer,
    redis_server: RedisServer,
) -> None:
    small_checkpoint().save(tmp_path / "small.safetensors")
    given = {
        "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url,
        "DISCORD_BOT_TOKEN": discord.world.token, "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url, "REDIS_URL": redis_server.url,
        "CAPTIONBOT_CHECKPOINT": "small.safetensors", "CAPTIONBOT_WEB_PORT": str(free_port()),
    }  # fmt: skip
    status, out, err = await run(tmp_path, "--json", **given)
    document = json.loads(out)
    troubles = [f for f in document["findings"] if f["level"] == "problem"]
    assert (status, document["problems"], troubles, err) == (0, 0, [], "")
    order = dict.fromkeys(f["check"] for f in document["findings"])
    assert [*order] == [
        "settings", *(platform.name for platform in PLATFORMS), "redis", "checkpoint", "photos",
        "device", "media", "host",
    ]  # fmt: skip
    assert TOKEN not in out
    assert discord.world.token not in out

    status, out, err = await run(tmp_path, **(given | {"TELEGRAM_BOT_TOKEN": "1:wrong"}))
    assert status == 1
    assert "Telegram does not know this token" in out
    assert "1 to put right" in out
    assert "1:wrong" not in out + err


async def test_the_command_with_settings_that_are_wrong(tmp_path: Path) -> None:
    status, out, err = await run(tmp_path, "--json", CAPTIONBOT_WEB_PORT="many")
    (found,) = json.loads(out)["findings"]
    assert (status, err, found["check"], found["level"]) == (1, "", "settings", PROBLEM)
    assert "CAPTIONBOT_WEB_PORT" in found["text"]
    assert OK not in out
