"""Several workers on one queue: of different kinds, and restarted one after the other."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from captioner.queue import JobQueue, Limits
from captioner.queue.messages import CaptionJob, CaptionReply
from captioner.queue.redis import RedisQueue
from captioner.worker.loop import Worker
from tests.captioner.worker.helpers import LONG, replies
from tests.support.jobs import make_job
from tests.support.redis_server import RedisServer
from tests.support.scripted_worker import ScriptedCaptions, jpeg


class Kind(ScriptedCaptions):
    """A model with a name and a speed of its own."""

    def __init__(self, model: str, seconds: float) -> None:
        super().__init__(lambda _jobs: time.sleep(seconds))
        self.model = model

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return [replace(reply, model=self.model) for reply in super().answer(jobs)]


async def test_a_slow_and_a_fast_worker_share_one_queue(queue: JobQueue) -> None:
    """As one on a CPU and one on a GPU do: other batches, other speeds, maybe other weights."""
    kinds = {"cpu": (Kind("model a", 0.05), 2), "gpu": (Kind("model b", 0.005), 16)}
    workers = [
        Worker(queue, captions, consumer=name, max_batch=batch, wait=0.1)
        for name, (captions, batch) in kinds.items()
    ]
    running = [asyncio.create_task(worker.run()) for worker in workers]
    async with asyncio.timeout(LONG):
        while (await queue.workers()).models != {"model a", "model b"}:
            await asyncio.sleep(0.01)
    jobs = [make_job(photo=jpeg("red" if n % 2 else "blue")) for n in range(120)]
    for job in jobs:
        await queue.submit(job)
        await asyncio.sleep(0)
    found = await replies(queue, len(jobs))
    for worker in workers:
        worker.request_stop()
    await asyncio.gather(*running)
    by_model = Counter(reply.model for reply in found.values())
    assert set(by_model) == {"model a", "model b"}, "both had a part in it"
    for n, job in enumerate(jobs):
        assert found[job.id].captions[0].text == f"a {'red' if n % 2 else 'blue'} picture"
    done = [job.id for captions, _ in kinds.values() for job in captions.jobs]
    assert len(done) == len(set(done)), "none was done twice"
    assert await queue.depth() == 0
    assert (await queue.workers()).ready == 0


async def _start(server: RedisServer, prefix: str, name: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.worker_process", server.url, prefix, name,
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(LONG):
        assert await process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.timeout(300)
async def test_a_rolling_restart_under_load_loses_and_doubles_nothing(
    redis_server: RedisServer, prefix: str
) -> None:
    """Each of three processes is asked to stop and replaced, while jobs keep coming."""
    limits = Limits(depth=5000, per_person=5000)
    over = asyncio.Event()
    jobs: list[CaptionJob] = []
    async with RedisQueue(redis_server.url, limits, prefix) as queue:

        async def keep_asking() -> None:
            while not over.is_set():
                jobs.append(make_job(photo=jpeg("green")))
                await queue.submit(jobs[-1])
                await asyncio.sleep(0.01)

        starting = [_start(redis_server, prefix, f"w{n}") for n in range(3)]
        workers = list(await asyncio.gather(*starting))
        asking = asyncio.create_task(keep_asking())
        try:
            for number in range(3):
                old = workers[number]
                old.send_signal(signal.SIGTERM)
                await asyncio.wait_for(old.communicate(), LONG)
                assert old.returncode == 0
                assert not [h for h in await queue.held() if h.worker == f"w{number}"]
                workers[number] = await _start(redis_server, prefix, f"w{number}")
            over.set()
            await asking
            found = await replies(queue, len(jobs))
        finally:
            over.set()
            for worker in workers:
                worker.kill()
                await worker.communicate()
        assert set(found) == {job.id for job in jobs}
        assert {reply.failure for reply in found.values()} == {None}
        assert await queue.depth() == 0
        assert await queue.dead_letters() == []
