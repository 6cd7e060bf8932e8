"""What the tests of the queue do again and again."""

from __future__ import annotations

import asyncio

from captioner.queue import JobQueue, QueueUnavailable
from captioner.queue.messages import CaptionJob, CaptionReply
from tests.support.jobs import make_job, make_reply

LONG = 60.0  # seconds to wait for what is sure to come


async def answer(queue: JobQueue, *jobs: CaptionJob, fresh: int = 0) -> None:
    """Hands in the jobs given, and so many new ones, and answers them."""
    jobs += tuple(make_job() for _ in range(fresh))
    for job in jobs:
        await queue.submit(job)
    for claim in await queue.take("worker", max_batch=len(jobs), wait=LONG, top_up=0):
        assert await queue.finish(claim, make_reply(claim.job))


async def cached(queue: JobQueue, cache_key: str) -> CaptionReply | None:
    """What the queue has under a key; where it has nothing, it has one more job afterwards."""
    said = await queue.submit_unless_cached(make_job(cache_key=cache_key))
    return said if isinstance(said, CaptionReply) else None


async def work_off(queue: JobQueue) -> None:
    """Answers jobs until none is left, not even with others."""
    async with asyncio.timeout(LONG):
        while await queue.depth():
            for claim in await queue.take("worker", max_batch=16, wait=1.0):
                await queue.finish(claim, make_reply(claim.job))


async def answered(queue: JobQueue) -> list[str]:
    """The jobs of all replies that wait, sorted."""
    jobs: list[str] = []
    while deliveries := await queue.take_replies("telegram", "sender", wait=0):
        for delivery in deliveries:
            jobs.append(delivery.reply.job_id)
            await queue.done("telegram", delivery)
    return sorted(jobs)


async def eventually(queue: JobQueue) -> None:
    async with asyncio.timeout(LONG):
        while True:
            try:
                await queue.ping()
            except QueueUnavailable:
                await asyncio.sleep(0.05)
            else:
                return
