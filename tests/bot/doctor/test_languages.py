"""What the doctor says of the languages of captions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor import checkpoint, examine
from captioner import fonts
from captioner.queue.base import Limits
from captioner.queue.redis import RedisQueue
from tests.bot.doctor.helpers import NOTE, OK, PROBLEM, settings
from tests.support.redis_server import RedisServer
from tests.support.scripted_worker import speaks


async def test_nothing_is_said_where_all_is_as_usual() -> None:
    assert await examine(settings(), ("languages",)) == []


@pytest.mark.parametrize(
    ("code", "level"), [("en", OK), ("en-GB", OK), ("de", OK), ("uk", PROBLEM)]
)
async def test_a_fixed_language_is_one_of_the_checkpoints(code: str, level: object) -> None:
    (found,) = await examine(settings(CAPTIONBOT_CAPTION_LANGUAGE=code), ("languages",))
    assert found.level is level
    assert f"CAPTIONBOT_CAPTION_LANGUAGE={code}" in found.text


async def test_a_fixed_language_is_one_of_the_workers(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "languages", lambda _: ())
    given = settings(REDIS_URL=redis_server.url, CAPTIONBOT_CAPTION_LANGUAGE="de")
    (found,) = await examine(given, ("languages",))
    assert found.level is NOTE, "no worker is there"
    async with RedisQueue(redis_server.url, Limits()) as queue:
        await queue.announce("worker", ready=True, capabilities=speaks("en", "de"))
        (found,) = await examine(given, ("languages",))
        await queue.leave("worker")
    assert found.level is OK


async def test_fonts_that_are_missing_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checkpoint, "languages", lambda _: ("en", "ar", "zh", "de"))
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path),))
    fonts.font_file.cache_clear()
    notes = await examine(settings(), ("languages",))
    assert [one.level for one in notes] == [NOTE] * 3
    assert ["fonts-dejavu-core" in one.advice for one in notes] == [True, False, True]
    (tmp_path / "DejaVuSans.ttf").touch()
    fonts.font_file.cache_clear()
    (found,) = await examine(settings(), ("languages",))
    assert "fonts-droid-fallback" in found.advice
    fonts.font_file.cache_clear()
