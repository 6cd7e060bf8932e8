"""A server whose clock jumps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from captioner.queue import Limits
from captioner.queue.redis import RedisQueue
from captioner.queue.redis.schema import GROUP, Keys
from tests.captioner.queue.helpers import LONG, answered
from tests.support.jobs import make_job, make_reply
from tests.support.redis_server import running_redis

HOUR = 3_600_000  # ms
VISIBILITY = 0.6


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[Any]:
    with running_redis(tmp_path, "--enable-debug-command", "yes") as server:
        client: Any = Redis.from_url(server.url, protocol=2)
        await client.execute_command("DEBUG", "SET-SKIP-CHECKSUM-VALIDATION", 1)
        client.url = server.url
        yield client
        await client.aclose()


async def held_since(redis: Any, stream: str, milliseconds: int) -> None:
    """All that is held in a stream was delivered so much later than it was.

    That is what a server finds whose clock was set back; no command lets one say so.
    """
    dump = await redis.dump(stream)
    now = int(time.time() * 1000)
    for held in await redis.xpending_range(stream, GROUP, "-", "+", 10):
        about = now - held["time_since_delivered"]
        times = [t for t in range(about - 5000, about + 5000) if t.to_bytes(8, "little") in dump]
        assert times, "the time of the delivery"
        for one in times:
            later = (one + milliseconds).to_bytes(8, "little")
            dump = dump.replace(one.to_bytes(8, "little"), later)
    await redis.restore(stream, 0, dump, replace=True)


async def test_a_dead_workers_job_does_not_wait_for_a_clock_that_was_set_back(redis: Any) -> None:
    keys = Keys("captionbot")
    async with RedisQueue(redis.url, Limits(visibility=VISIBILITY)) as queue:
        job = make_job()
        await queue.submit(job)
        await queue.take("dead", max_batch=1, wait=LONG)
        await held_since(redis, keys.lanes[0], HOUR)
        await redis.set(keys.of("clock", "jobs"), int(time.time() * 1000) + HOUR)
    async with RedisQueue(redis.url, Limits(visibility=VISIBILITY)) as queue:
        (claim,) = await queue.take("alive", max_batch=1, wait=LONG)
        assert (claim.job, claim.deliveries) == (job, 2)
        assert 0 < await redis.ttl(keys.of("clock", "jobs")) <= 86_400


async def test_a_dead_bots_replies_do_not_wait_either(redis: Any) -> None:
    keys = Keys("captionbot")
    async with RedisQueue(redis.url, Limits(visibility=VISIBILITY)) as queue:
        job = make_job()
        await queue.answer(job, make_reply(job))
        assert await queue.take_replies("telegram", "dead", wait=LONG)
        await held_since(redis, keys.of("replies", "telegram"), HOUR)
        await redis.set(keys.of("clock", "replies:telegram"), int(time.time() * 1000) + HOUR)
    async with RedisQueue(redis.url, Limits(visibility=VISIBILITY)) as queue:
        (delivery,) = await queue.take_replies("telegram", "alive", wait=LONG)
        assert (delivery.reply.job_id, delivery.repeated) == (job.id, True)


async def test_a_clock_that_jumps_ahead_answers_nothing_twice(redis: Any) -> None:
    """Whatever is held seems to be held for an hour: two workers then have one job."""
    lane = Keys("captionbot").lanes[0]
    async with RedisQueue(redis.url, Limits()) as queue:
        job = make_job()
        await queue.submit(job)
        (mine,) = await queue.take("slow", max_batch=1, wait=LONG)
        entry = mine.entry.partition("/")[2]
        await redis.xclaim(lane, GROUP, "slow", 0, [entry], idle=HOUR, retrycount=1, justid=True)
        (theirs,) = await queue.take("other", max_batch=1, wait=LONG)
        finished = await asyncio.gather(
            queue.finish(mine, make_reply(job)), queue.finish(theirs, make_reply(job))
        )
        assert sorted(finished) == [False, True]
        assert await answered(queue) == [job.id]
        assert await queue.depth() == 0
