"""A server whose disk is full: whatever it could not write down was not accepted, and it recovers.

One that writes to the disk each second refuses and goes on by itself; one that does so before it
answers, as our redis.conf has it, ends, and comes back once it is started with room again.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.models import Request
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from captioner.queue import JobQueue, Limits, QueueUnavailable
from captioner.queue.redis import RedisQueue
from tests.captioner.queue.helpers import LONG, answered, work_off
from tests.support.jobs import make_job
from tests.support.photos import photo
from tests.support.redis_server import RedisServer
from tests.support.scripted_worker import jpeg, scripted_worker

ROOM = 2_000_000  # bytes that the append-only file may have
PHOTO = bytes(200_000)


class SmallDisk:
    """A server on a disk with little room, which can be made larger."""

    def __init__(self, folder: Path, synchronised: str) -> None:
        self.server = RedisServer(folder, "--appendfsync", synchronised, appendonly=True)
        self.server.start()
        self.is_limited_to(ROOM)

    def is_limited_to(self, size: int) -> None:
        resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def grows(self) -> None:
        self.is_limited_to(100 * ROOM)


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path, getattr(request, "param", "everysec"))
    yield disk
    disk.server.kill()


async def fill(queue: JobQueue) -> tuple[list[str], str]:
    """Submit until the server refuses; what it took, and why it took no more."""
    taken: list[str] = []
    async with asyncio.timeout(LONG):
        while True:
            job = make_job(photo=PHOTO)
            try:
                await queue.submit(job)
            except QueueUnavailable as error:
                return taken, str(error)
            taken.append(job.id)
            await asyncio.sleep(0.05)  # the server writes behind its answers


async def test_it_refuses_in_a_sentence_and_recovers_without_a_loss(disk: SmallDisk) -> None:
    async with RedisQueue(disk.server.url, Limits()) as queue:
        taken, why = await fill(queue)
        assert why == f"Redis at 127.0.0.1:{disk.server.port} cannot write to its disk"
        with pytest.raises(QueueUnavailable, match="cannot write to its disk"):
            await queue.take("worker", max_batch=1, wait=0)
        disk.grows()
        await _until_it_writes(queue)
        await work_off(queue)
        assert set(taken) <= set(await answered(queue))


@pytest.mark.parametrize("disk", ["always"], indirect=True)
async def test_a_server_that_writes_before_it_answers_ends_and_comes_back_without_a_loss(
    disk: SmallDisk,
) -> None:
    async with RedisQueue(disk.server.url, Limits()) as queue:
        taken, why = await fill(queue)
        assert taken
        assert "cannot be reached" in why
        disk.server.kill()  # it has ended by itself
        disk.server.start()
        await work_off(queue)
        assert set(taken) <= set(await answered(queue))


async def test_people_are_told_and_a_worker_waits(disk: SmallDisk) -> None:
    async with RedisQueue(disk.server.url, Limits()) as queue, Intake(seconds=LONG) as intake:
        desk = CaptionService(queue, intake, adapter="telegram", hash_key=b"k" * 16)
        await fill(queue)
        with pytest.raises(Refusal) as sorry:
            await desk.ask(Request(media=(photo(),), person="1", dedupe="1"))
        assert sorry.value.code == "queue-unavailable"
        assert sorry.value.retry_after
        async with scripted_worker(queue) as captions:
            await asyncio.sleep(0.3)
            assert captions.jobs == []
            disk.grows()
            await _until_it_writes(queue)
            job = make_job(photo=jpeg("green"))
            await queue.submit(job)
            async with asyncio.timeout(LONG):
                while job.id not in {done.id for done in captions.jobs}:
                    await asyncio.sleep(0.05)


async def _until_it_writes(queue: JobQueue) -> None:
    """The server tries the disk again every second."""
    async with asyncio.timeout(LONG):
        while True:
            try:
                await queue.mark_sent("anything")
            except QueueUnavailable:
                await asyncio.sleep(0.05)
            else:
                return
