"""A bot that is rejected is tried again, and its state shows."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.adapters import AdapterError
from bot.cli.composition import kept_trying
from bot.monitoring.server import Readiness
from captioner.queue import Limits
from captioner.queue.memory import MemoryQueue

_PATIENCE = 10.0  # seconds


class Rejected:
    """A part that its platform rejects so many times, and then serves until it is asked to stop."""

    def __init__(self, readiness: Readiness, times: int) -> None:
        self._readiness, self._times = readiness, times
        self.tries = 0
        self.serving = asyncio.Event()
        self.stop = asyncio.Event()

    async def serve(self) -> None:
        self.tries += 1
        if self.tries <= self._times:
            raise AdapterError(f"the token is wrong ({self.tries})")
        self._readiness.watch("telegram", lambda: None)
        self.serving.set()
        await self.stop.wait()


async def test_it_is_tried_again_until_it_is_accepted(caplog: pytest.LogCaptureFixture) -> None:
    readiness, stopping = Readiness(MemoryQueue(Limits())), asyncio.Event()
    part = Rejected(readiness, times=3)
    with caplog.at_level(logging.ERROR):
        task = asyncio.create_task(
            kept_trying(
                "telegram", part.serve, readiness=readiness, stopping=stopping,
                first=0.01, longest=0.02,
            )
        )  # fmt: skip
        async with asyncio.timeout(_PATIENCE):
            await part.serving.wait()
    assert part.tries == 4
    assert [record.getMessage() for record in caplog.records] == [
        f"telegram is off: the token is wrong ({number}); trying again in 0 s"
        for number in (1, 2, 3)
    ]
    assert await readiness.problems() == {}
    part.stop.set()
    async with asyncio.timeout(_PATIENCE):
        await task


async def test_what_is_wrong_shows_while_it_waits_and_a_stop_ends_the_wait() -> None:
    readiness, stopping = Readiness(MemoryQueue(Limits())), asyncio.Event()
    part = Rejected(readiness, times=1)
    task = asyncio.create_task(
        kept_trying("telegram", part.serve, readiness=readiness, stopping=stopping)
    )
    async with asyncio.timeout(_PATIENCE):
        while not (problems := await readiness.problems()) or "process" in problems:
            await asyncio.sleep(0.01)
        assert problems == {"telegram": "the token is wrong (1)"}
        stopping.set()
        await task
    assert part.tries == 1


async def test_an_error_of_ours_is_not_swallowed() -> None:
    async def serve() -> None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        await kept_trying(
            "telegram", serve, readiness=Readiness(MemoryQueue(Limits())), stopping=asyncio.Event()
        )
