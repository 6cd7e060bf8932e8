"""What the doctor says of where photos go, and of the languages of captions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.doctor import checkpoint
from captioner import fonts
from captioner.queue.base import Limits
from captioner.queue.redis import RedisQueue
from tests.bot.doctor.helpers import NOTE, OK, PROBLEM, examine, settings
from tests.support.redis_server import RedisServer
from tests.support.scripted_worker import speaks


async def test_nothing_is_said_of_photos_where_nobody_can_be_asked() -> None:
    assert await examine(settings(), ("photos",)) == []
    assert await examine(settings(REDIS_URL="redis://127.0.0.1:1"), ("photos",)) == []


async def test_where_photos_go_is_what_the_workers_say(redis_server: RedisServer) -> None:
    given = settings(REDIS_URL=redis_server.url)
    here = speaks("en")
    away = replace(here, sends_photos_to=("api.example",))
    async with RedisQueue(redis_server.url, Limits()) as queue:
        (found,) = await examine(given, ("photos",))
        assert found.level is NOTE
        assert "no worker has said yet" in found.text
        await queue.announce("loading", ready=False)
        (found,) = await examine(given, ("photos",))
        assert "no worker has said yet" in found.text, "its model may be one that is elsewhere"
        await queue.announce("here", ready=True, capabilities=here)
        (found,) = await examine(given, ("photos",))
        assert (found.level, "nowhere else" in found.text) == (OK, True)
        await queue.announce("away", ready=True, capabilities=away)
        (found,) = await examine(given, ("photos",))
        assert (found.level, "sent to api.example" in found.text) == (NOTE, True)
        for name in ("loading", "here", "away"):
            await queue.leave(name)


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
