"""What an operator sees where Redis holds what is not ours, and what stays of dead letters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from captioner.queue import DeadLetterLost, Limits
from captioner.queue.redis import RedisQueue
from captioner.queue.redis.schema import GROUP, Keys
from tests.captioner.queue.helpers import LONG
from tests.support.jobs import make_job
from tests.support.redis_server import RedisServer


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Any]:
    client = Redis.from_url(redis_server.url, protocol=2)
    yield client
    await client.aclose()


@pytest.fixture
async def queue(redis_server: RedisServer, prefix: str) -> AsyncIterator[RedisQueue]:
    async with RedisQueue(redis_server.url, Limits(dead_for=LONG), prefix) as queue:
        yield queue


async def test_a_photo_is_kept_under_a_key_that_expires(
    redis: Any, queue: RedisQueue, prefix: str
) -> None:
    await redis.xadd(Keys(prefix).lanes[0], {"v": "1", "body": "[", "blob": "small JPEG"})
    assert await queue.take("worker", max_batch=1, wait=0) == []
    (letter,) = await queue.dead_letters()
    assert (letter.job_id, letter.kept) == ("", True)
    (kept,) = await redis.keys(f"{{{prefix}}}:kept:*")
    assert 0 < await redis.pttl(kept) <= LONG * 1000
    with pytest.raises(DeadLetterLost, match="cannot be read"):
        await queue.retry(letter.letter)
    assert await queue.drop(letter.letter)
    assert await redis.keys(f"{{{prefix}}}:kept:*") == []


async def test_foreign_entries_are_shown_as_such(
    redis: Any, queue: RedisQueue, prefix: str
) -> None:
    lane = Keys(prefix).lanes[1]
    for fields in ({"a": "b"}, {"body": "{"}, {"body": "[1]"}, {"body": '{"id": 7}'}):
        await redis.xadd(lane, fields)
    assert (await queue.overview()).waiting == 4
    await redis.xgroup_create(lane, GROUP, "0")
    await redis.xreadgroup(GROUP, "stranger", {lane: ">"}, count=4)
    held = await queue.held()
    assert [(job.job_id, job.adapter, job.worker) for job in held] == [("", "", "stranger")] * 4
    await redis.xadd(Keys(prefix).dead, {"x": "\x1b[2J", "deliveries": "many", "entry": "\xff"})
    (letter,) = await queue.dead_letters()
    assert (letter.error, letter.deliveries, letter.kept) == ("", 0, False)
    assert await queue.drop(letter.letter)


async def test_looking_changes_nothing(redis: Any, queue: RedisQueue, prefix: str) -> None:
    for look in (queue.overview, queue.held, queue.worker_list, queue.dead_letters):
        await look()
    assert await redis.keys(f"{{{prefix}}}*") == []
    await queue.submit(make_job())
    before = await redis.xinfo_stream(Keys(prefix).lanes[0])
    for look in (queue.overview, queue.held, queue.worker_list, queue.dead_letters):
        await look()
    assert await redis.xinfo_stream(Keys(prefix).lanes[0]) == before
