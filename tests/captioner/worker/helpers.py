"""What the tests of the worker do again and again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from captioner.queue import JobQueue
from captioner.queue.messages import CaptionReply
from captioner.worker.loop import JobHandler, Worker
from tests.support.scripted_worker import ScriptedCaptions

LONG = 60.0  # seconds to wait for what is sure to come


@asynccontextmanager
async def working(queue: JobQueue, captions: JobHandler, **options: Any) -> AsyncIterator[Worker]:
    worker = Worker(queue, captions, consumer="worker", wait=0.1, **options)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.request_stop()
        await running


async def replies(queue: JobQueue, number: int) -> dict[str, CaptionReply]:
    """So many replies by job, and then no more."""
    found: dict[str, CaptionReply] = {}
    async with asyncio.timeout(LONG):
        while len(found) < number:
            for delivery in await queue.take_replies("telegram", "bot", wait=1.0):
                assert delivery.reply.job_id not in found
                found[delivery.reply.job_id] = delivery.reply
                await queue.done("telegram", delivery)
    assert await queue.take_replies("telegram", "bot", wait=0) == []
    return found


class Blocked:
    """A model that works until the test lets it go on."""

    def __init__(self) -> None:
        self.started, self.go_on = threading.Event(), threading.Event()
        self.captions = ScriptedCaptions(lambda _jobs: self._wait())

    def _wait(self) -> None:
        self.started.set()
        self.go_on.wait(LONG)

    async def has_started(self) -> None:
        async with asyncio.timeout(LONG):
            while not self.started.is_set():
                await asyncio.sleep(0.01)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG):
        while not condition():
            await asyncio.sleep(0.02)
