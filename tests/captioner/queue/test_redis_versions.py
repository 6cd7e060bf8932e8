"""Two versions of the wire format on one queue, as during a rolling update."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from redis.asyncio import Redis

from captioner.queue import Limits, PersonBusy
from captioner.queue.messages import CaptionReply, Failure, encode_job
from captioner.queue.redis import RedisQueue
from captioner.queue.redis.schema import Keys, digest
from tests.captioner.queue.helpers import LONG, answered
from tests.support.jobs import make_job, make_reply
from tests.support.redis_server import RedisServer

T = TypeVar("T")
VISIBILITY = 0.4


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Any]:
    client = Redis.from_url(redis_server.url, protocol=2)
    yield client
    await client.aclose()


@pytest.fixture
def visibility() -> float:
    return VISIBILITY


@pytest.fixture
async def queue(
    redis_server: RedisServer, prefix: str, visibility: float
) -> AsyncIterator[RedisQueue]:
    limits = Limits(visibility=visibility, per_person=1)
    async with RedisQueue(redis_server.url, limits, prefix) as queue:
        yield queue


class Newer:
    """What a process of the next version does; it understands this one's messages, too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    @contextmanager
    def version(self) -> Iterator[None]:
        with self._monkeypatch.context() as patch:
            patch.setattr("captioner.queue.messages.WIRE_VERSION", 3)
            yield

    async def does(self, call: Callable[[], Awaitable[T]]) -> T:
        with self.version():
            return await call()


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Newer:
    return Newer(monkeypatch)


async def test_a_newer_worker_reads_what_older_bots_send(queue: RedisQueue, newer: Newer) -> None:
    job = make_job()
    await queue.submit(job)
    (claim,) = await newer.does(lambda: queue.take("new", max_batch=4, wait=LONG))
    assert claim.job == job
    assert await newer.does(lambda: queue.finish(claim, make_reply(job)))
    assert await answered(queue) == [job.id], "in a version that the bot reads"


async def test_a_worker_answers_jobs_of_version_1_in_version_1(
    queue: RedisQueue, redis: Any, prefix: str
) -> None:
    job = make_job(version=1, cache_key="photo")
    await queue.submit(job)
    (claim,) = await queue.take("worker", max_batch=4, wait=LONG)
    assert (claim.job, claim.job.version) == (job, 1)
    assert await queue.finish(claim, make_reply(job, language="en"))
    ((_, reply),) = await redis.xrange(Keys(prefix).of("replies", "telegram"))
    cached = await redis.hgetall(Keys(prefix).of("cache", digest("photo")))
    for written in (reply, cached):
        assert written[b"v"] == b"1"
        assert b"language" not in written[b"body"]
    known = await queue.submit_unless_cached(make_job(cache_key="photo"))
    assert isinstance(known, CaptionReply), "newer bots read it, too"


@pytest.mark.parametrize("visibility", [LONG])  # a pause between two calls frees no job
async def test_an_older_worker_leaves_newer_jobs_to_newer_workers(
    queue: RedisQueue, newer: Newer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    jobs = [make_job(), make_job()]
    for job in jobs:
        await newer.does(lambda job=job: queue.submit(job))  # type: ignore[misc]  # mypy knows no defaults in a lambda
    old = make_job()
    await queue.submit(old)
    (mine,) = await queue.take("old", max_batch=4, wait=LONG)
    assert mine.job == old
    assert "kept for newer workers" in caplog.text
    assert await queue.take("old", max_batch=4, wait=0) == []
    assert await queue.depth() == 3
    claims = await newer.does(lambda: queue.take("new", max_batch=4, wait=0))
    assert [claim.job for claim in claims] == jobs, "at once, and both together"
    assert {claim.deliveries for claim in claims} == {1}


async def test_a_newer_job_that_an_older_worker_waits_for_is_left_as_well(
    queue: RedisQueue, newer: Newer, redis: Any, prefix: str
) -> None:
    waiting = asyncio.create_task(queue.take("old", max_batch=4, wait=0.5))
    await asyncio.sleep(0.2)
    job = make_job()
    await redis.xadd(Keys(prefix).lanes[0], {**encode_job(job), b"v": b"3"})
    assert await waiting == []
    (claim,) = await newer.does(lambda: queue.take("new", max_batch=4, wait=LONG))
    assert claim.job == job


async def test_without_newer_workers_the_person_is_told_after_as_many_tries_as_ever(
    queue: RedisQueue, newer: Newer, redis: Any, prefix: str
) -> None:
    job = make_job(person="a")
    await newer.does(lambda: queue.submit(job))
    with pytest.raises(PersonBusy):
        await queue.submit(make_job(person="a"))
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with asyncio.timeout(LONG):
        while await queue.depth():
            assert await queue.take("old", max_batch=4, wait=0.1) == []
    assert loop.time() - started > queue.limits.max_deliveries * VISIBILITY * 0.9
    (delivery,) = await queue.take_replies("telegram", "bot", wait=LONG)
    reply = delivery.reply
    assert (reply.job_id, reply.context, reply.failure) == (job.id, job.context, Failure.GAVE_UP)
    await queue.submit(make_job(person="a"))
    ((_, letter),) = await redis.xrange(Keys(prefix).dead)
    assert b"wire version 3" in letter[b"error"]
    assert letter[b"job"] == job.id.encode()


async def test_a_newer_job_that_ends_newer_workers_is_given_up_among_older_ones_too(
    queue: RedisQueue, newer: Newer
) -> None:
    job = make_job()
    await newer.does(lambda: queue.submit(job))
    deliveries = []
    async with asyncio.timeout(LONG):
        while await queue.depth():
            await queue.take("old", max_batch=4, wait=0.05)
            claims = await newer.does(lambda: queue.take("dies of it", max_batch=4, wait=0))
            deliveries += [claim.deliveries for claim in claims]
    assert deliveries == sorted(set(deliveries)), "each time it is counted"
    assert len(deliveries) <= queue.limits.max_deliveries
    # Either worker may be the one that gives up. A newer one replies in its job's version.
    (delivery,) = await newer.does(lambda: queue.take_replies("telegram", "new", wait=LONG))
    assert delivery.reply.failure is Failure.GAVE_UP


async def test_a_job_that_cannot_be_read_is_answered_if_it_says_whose_it_is(
    queue: RedisQueue, redis: Any, prefix: str
) -> None:
    body = {"id": "17", "adapter": "telegram", "context": {"chat": 1}, "sizes": "none"}
    await redis.xadd(Keys(prefix).lanes[0], {"v": "1", "body": json.dumps(body), "blob": b""})
    assert await queue.take("worker", max_batch=4, wait=0) == []
    (delivery,) = await queue.take_replies("telegram", "bot", wait=LONG)
    reply = delivery.reply
    assert (reply.job_id, reply.context, reply.failure) == ("17", {"chat": 1}, Failure.INTERNAL)
    assert await queue.depth() == 0


# --- replies


async def test_a_newer_reply_is_left_to_newer_bots(queue: RedisQueue, newer: Newer) -> None:
    job = make_job()
    await newer.does(lambda: queue.answer(job, make_reply(job)))
    assert await queue.take_replies("telegram", "old", wait=0) == []
    (delivery,) = await newer.does(lambda: queue.take_replies("telegram", "new", wait=LONG))
    assert delivery.reply.captions == make_reply(job).captions
    await queue.done("telegram", delivery)


async def test_a_newer_reply_that_no_newer_bot_fetches_is_told_as_a_failure(
    queue: RedisQueue, newer: Newer, redis: Any, prefix: str
) -> None:
    job = make_job()
    await newer.does(lambda: queue.answer(job, make_reply(job)))
    (delivery,) = await queue.take_replies("telegram", "old", wait=LONG)
    reply = delivery.reply
    assert (reply.job_id, reply.context, reply.failure) == (job.id, job.context, Failure.INTERNAL)
    await queue.done("telegram", delivery)
    assert await redis.xlen(Keys(prefix).of("replies", "telegram")) == 0
