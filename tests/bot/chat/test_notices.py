"""How soon whoever waits hears of it: the numbers that must agree with each other."""

from __future__ import annotations

import math

from bot.chat import notices, service
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from captioner.worker import health


def test_nobody_is_there_is_said_within_three_seconds() -> None:
    told = sum(notices._CHECKS)
    assert told < 3
    # A worker that is killed just before a photo comes is known to be silent by then, and one
    # that is alive may miss a sign.
    assert health._EVERY < service._SILENT < told


async def test_how_long_workers_are_silent() -> None:
    async with MemoryQueue(Limits()) as queue:
        assert (await queue.workers()).silent == math.inf
        await queue.announce("one", ready=True)
        assert (await queue.workers()).silent < 5
        await queue.leave("one")
        assert (await queue.workers()).silent == math.inf
