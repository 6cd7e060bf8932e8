"""A burst through the real adapters, in processes of their own, with a real Redis."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measurements.adapters import CROWD, PLATFORMS, Burst, Crowd, burst, trace

# Some send eight before the others send two; nearly all wait when the worker begins.
SMALL = Crowd(eager=2, eager_photos=8, others=6, others_photos=2, queued=26)


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_all_are_answered_and_nobodys_first_photo_waits_for_anothers_later_ones(
    platform: str, tmp_path: Path
) -> None:
    async with PLATFORMS[platform](tmp_path, CAPTIONBOT_PER_PERSON="8") as bot:
        came = await burst(bot, SMALL, batch_seconds=0.0, size=(160, 120))
    # Those that had not come yet when the worker began may find a second photo taken before them.
    assert came == Burst(SMALL.photos, 0, came.latest_before_a_first)
    assert came.latest_before_a_first <= 3


def test_the_crowd_that_is_measured_is_the_promised_one() -> None:
    assert (CROWD.photos, CROWD.people) == (500, 50)


async def test_the_code_that_a_photo_goes_through_is_noted(tmp_path: Path) -> None:
    called = await trace("Telegram", tmp_path)
    assert "CaptionService.ask" in called["bot/chat/service.py"]
    assert "Intake.clean" in called["bot/media/sanitizer.py"], "in whichever thread it runs"
    assert "RedisQueue.done" in called["captioner/queue/redis/queue.py"], "after the answer, too"
    assert "render" in called["bot/chat/rendering.py"]
    assert "TelegramAdapter.__init__" not in called.get("bot/adapters/telegram/adapter.py", ())
    assert not any(name.startswith("bot/adapters/discord/") for name in called)
    assert not any(
        "<" in name.rpartition("<locals>.")[2] for its in called.values() for name in its
    )
