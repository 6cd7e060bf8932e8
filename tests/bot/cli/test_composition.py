"""A bot that is rejected is tried again, its state shows, and the start says what is on."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest

from bot.adapters import AdapterError
from bot.adapters.registry import PLATFORMS
from bot.cli.composition import bots_off, kept_trying, refuse_all, summary
from bot.monitoring.server import Readiness
from bot.settings import load_settings
from captioner.queue import Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import Failure
from tests.support.jobs import make_job
from tests.support.photos import photo

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


def test_bots_without_a_token_are_off_and_it_says_why() -> None:
    off = bots_off(load_settings(None))
    assert off == {platform.name: f"{platform.token} is not set" for platform in PLATFORMS}


def test_the_summary_has_all_that_there_is() -> None:
    said = summary(
        url="http://127.0.0.1:8080/",
        model="m 123",
        bots={"telegram": None, "discord": "DISCORD_BOT_TOKEN is not set"},
    )
    assert re.search(r"Page +http://127.0.0.1:8080/\n", said)
    assert re.search(r"Telegram +on\n", said)
    assert re.search(r"Discord +off: DISCORD_BOT_TOKEN is not set\n", said)
    assert "captionbot doctor" in said


async def test_what_waits_is_refused_and_what_comes_meanwhile() -> None:
    async with MemoryQueue(Limits()) as queue:
        first, second = make_job(photo=photo(seed=1)), make_job(photo=photo(seed=2))
        await queue.submit(first)
        refusing = asyncio.create_task(refuse_all(queue, seconds=1.0))
        await asyncio.sleep(0.1)
        await queue.submit(second)
        await refusing
        told = await queue.take_replies(first.adapter, "bot", wait=0)
        assert {one.reply.job_id for one in told} == {first.id, second.id}
        assert {one.reply.failure for one in told} == {Failure.INTERNAL}
        assert await queue.depth() == 0
