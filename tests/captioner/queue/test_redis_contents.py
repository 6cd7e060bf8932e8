"""What the queue keeps in Redis: foreign entries, dead letters, and what must not stay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from captioner.capabilities import UNDECLARED
from captioner.queue import Limits, PersonBusy, QueueUnavailable, Receipt
from captioner.queue.messages import CaptionJob
from captioner.queue.redis import RedisQueue, connection
from captioner.queue.redis.schema import GROUP, Keys, digest
from tests.captioner.queue.helpers import LONG, answered, cached, work_off
from tests.support.jobs import make_job
from tests.support.redis_server import RedisServer, free_port, running_redis


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    """The server itself, to look behind the queue."""
    client = Redis.from_url(redis_server.url, protocol=2)
    yield client
    await client.aclose()


@pytest.fixture
async def redis_queue(redis_server: RedisServer, prefix: str) -> AsyncIterator[RedisQueue]:
    async with RedisQueue(redis_server.url, Limits(), prefix) as queue:
        yield queue


# --- what workers say of themselves


@pytest.mark.parametrize("raw", ["{", '{"languages": []}', "\x00", "x" * 10_000])
async def test_capabilities_that_are_none_are_those_of_an_older_worker(
    redis: Any, redis_queue: RedisQueue, prefix: str, raw: str
) -> None:
    await redis_queue.announce("worker", ready=True, capabilities=UNDECLARED)
    await redis.hset(Keys(prefix).capabilities, "worker", raw)
    assert (await redis_queue.workers()).capabilities == (UNDECLARED,)


async def test_a_worker_that_is_gone_leaves_nothing_in_the_registry(
    redis: Any, redis_server: RedisServer, prefix: str
) -> None:
    async with RedisQueue(redis_server.url, Limits(visibility=0.2), prefix) as queue:
        await queue.announce("killed", ready=True, capabilities=UNDECLARED)
        await queue.announce("leaves", ready=True, capabilities=UNDECLARED)
        await queue.leave("leaves")
        async with asyncio.timeout(LONG):
            while "killed" in {name.decode() for name in await redis.hkeys(Keys(prefix).workers)}:
                await asyncio.sleep(0.05)
                await queue.announce("lives", ready=True, capabilities=UNDECLARED)
        for key in Keys(prefix).registry:
            assert await redis.hkeys(key) == [b"lives"]


# --- entries that are not ours


@pytest.mark.parametrize(
    "fields", [{"a": "b"}, {"v": "1", "body": "[", "p": "\u2026"}, {"v": "1"}, {"": ""}]
)
async def test_foreign_entries_stop_nobody(
    redis: Any, redis_queue: RedisQueue, prefix: str, fields: dict[str, str]
) -> None:
    keys = Keys(prefix)
    await redis.xadd(keys.lanes[3], fields)
    await redis_queue.submit(make_job())
    await redis.xadd(keys.of("replies", "telegram"), fields)
    await work_off(redis_queue)
    assert len(await answered(redis_queue)) == 1
    assert await redis.xlen(keys.dead) == 1
    assert await redis.xlen(keys.of("replies", "telegram")) == 0


async def test_dead_letters_tell_why_and_hold_no_photo(
    redis: Any, redis_server: RedisServer, prefix: str
) -> None:
    limits = Limits(visibility=0.1, max_deliveries=1)
    async with RedisQueue(redis_server.url, limits, prefix) as queue:
        job = make_job(photo=b"private")
        await queue.submit(job)
        await queue.take("dead", max_batch=1, wait=LONG)
        await asyncio.sleep(0.2)
        assert await queue.take("alive", max_batch=1, wait=0) == []
    ((_, letter),) = await redis.xrange(Keys(prefix).dead)
    assert letter[b"job"] == job.id.encode()
    assert letter[b"adapter"] == b"telegram"
    assert b"delivered once" in letter[b"error"]
    assert b"private" not in b"".join(letter.values())


async def test_a_job_removed_by_hand_frees_its_person(
    redis: Any, redis_server: RedisServer, prefix: str
) -> None:
    async with RedisQueue(redis_server.url, Limits(per_person=1), prefix) as queue:
        await queue.submit(make_job(person="a"))
        await redis.xtrim(Keys(prefix).lanes[0], maxlen=0, approximate=False)
        await queue.submit(make_job(person="a"))
        with pytest.raises(PersonBusy):
            await queue.submit(make_job(person="a"))


# --- room


async def test_a_server_out_of_memory_refuses_and_recovers(tmp_path: Path) -> None:
    options = ("--maxmemory", "8mb", "--maxmemory-policy", "noeviction")
    with running_redis(tmp_path, *options) as own:
        async with RedisQueue(own.url, Limits()) as queue:
            accepted: list[CaptionJob] = []
            refusal = ""
            while not refusal and len(accepted) < 500:
                job = make_job(photo=bytes(100_000))
                try:
                    await queue.submit(job)
                    accepted.append(job)
                except QueueUnavailable as error:
                    refusal = str(error)
            assert "is out of memory" in refusal
            assert await queue.depth() == len(accepted)
            await work_off(queue)
            assert await answered(queue) == sorted(job.id for job in accepted)
            await queue.submit(make_job(photo=bytes(100_000)))


async def test_a_server_without_its_replicas_refuses_and_recovers(tmp_path: Path) -> None:
    """A new server, which has no queue yet, and one that has."""
    with running_redis(tmp_path, "--min-replicas-to-write", "1") as own:
        async with RedisQueue(own.url, Limits()) as queue, Redis.from_url(own.url) as settings:
            wanted = "has fewer replicas than it wants"
            with pytest.raises(QueueUnavailable, match=wanted):
                await queue.submit(make_job())
            await settings.config_set("min-replicas-to-write", 0)
            await queue.submit(make_job())
            await settings.config_set("min-replicas-to-write", 1)
            with pytest.raises(QueueUnavailable, match=wanted):
                await queue.submit(make_job())
            assert await queue.depth() == 1


async def test_replies_of_web_processes_do_not_live_for_ever(
    redis: Any, redis_queue: RedisQueue, prefix: str
) -> None:
    keys = Keys(prefix)
    for adapter in ("telegram", "web.gone"):
        await redis_queue.submit(make_job(adapter=adapter))
    await work_off(redis_queue)
    assert await redis.ttl(keys.of("replies", "telegram")) == -1
    assert 0 < await redis.ttl(keys.of("replies", "web.gone")) <= 3600
    await redis_queue.take_replies("web.new", "web", wait=0)
    assert 0 < await redis.ttl(keys.of("replies", "web.new")) <= 3600
    await redis.expire(keys.of("replies", "web.new"), 10)
    await redis_queue.take_replies("web.new", "web", wait=0)
    assert await redis.ttl(keys.of("replies", "web.new")) > 10, "it lives as long as it is used"


async def test_a_replies_stream_that_expired_is_made_again(
    redis: Any, redis_queue: RedisQueue, prefix: str
) -> None:
    await redis_queue.take_replies("web.1", "web", wait=0)
    waiting = asyncio.create_task(redis_queue.take_replies("web.1", "web", wait=LONG))
    await asyncio.sleep(0.2)
    await redis.delete(Keys(prefix).of("replies", "web.1"))
    await redis_queue.submit(make_job(adapter="web.1"))
    await work_off(redis_queue)
    assert len(await waiting) == 1


async def test_consumers_that_are_gone_are_forgotten_unless_they_hold_something(
    redis: Any,
    redis_server: RedisServer,
    redis_queue: RedisQueue,
    prefix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await redis_queue.take("idle", max_batch=1, wait=0.01)
    await redis_queue.submit(make_job())
    await redis_queue.take("holds", max_batch=1, wait=LONG)
    monkeypatch.setattr(connection, "_FORGET_CONSUMER", 0.0)
    await asyncio.sleep(0.05)
    async with RedisQueue(redis_server.url, Limits(), prefix) as new:
        await new.take("new", max_batch=1, wait=0)
    consumers = await redis.xinfo_consumers(Keys(prefix).lanes[0], GROUP)
    assert {consumer["name"] for consumer in consumers} - {b"new"} == {b"holds"}


async def test_what_another_version_cached_is_as_good_as_nothing(
    redis: Any, redis_queue: RedisQueue, prefix: str
) -> None:
    job = make_job(cache_key="photo")
    await redis.hset(
        Keys(prefix).of("cache", digest("photo")), mapping={"v": "99", "body": "{}", "blob": ""}
    )
    receipt = await redis_queue.submit_unless_cached(job)
    assert isinstance(receipt, Receipt)
    assert receipt.job_id == job.id
    assert await redis_queue.depth() == 1


async def test_a_full_turn_leaves_only_what_is_meant_to_stay(
    redis: Any, redis_queue: RedisQueue, prefix: str
) -> None:
    for n in range(20):
        await redis_queue.submit(make_job(cache_key=f"photo {n}", dedupe=f"{n}", person=f"{n % 3}"))
    await work_off(redis_queue)
    assert len(await answered(redis_queue)) == 20
    left = sorted([key async for key in redis.scan_iter(f"{{{prefix}}}:*", count=1000)])
    kinds = {key.decode().split(":")[1] for key in left}
    assert kinds == {"jobs", "turns", "clock", "replies", "seen", "cache"}
    assert await redis_queue.depth() == 0
    for key in left:
        if key.decode().split(":")[1] in {"turns", "seen", "cache"}:
            assert await redis.ttl(key) > 0


async def test_it_works_on_a_cluster(tmp_path: Path) -> None:
    options = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    with running_redis(tmp_path, *options) as own:
        client: Any = Redis.from_url(own.url, protocol=2)
        await client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        async with asyncio.timeout(LONG):
            while (await client.cluster("INFO"))["cluster_state"] != "ok":
                await asyncio.sleep(0.05)
        await client.aclose()
        async with RedisQueue(own.url, Limits(visibility=0.3, max_deliveries=1)) as queue:
            await queue.submit(make_job())
            await queue.take("dead", max_batch=1, wait=LONG)
            await asyncio.sleep(0.4)
            await queue.submit(make_job(cache_key="photo"))
            claims = await queue.take("worker", max_batch=1, wait=LONG)
            await queue.renew("worker", claims)
            await queue.release("worker", claims)
            await work_off(queue)
            assert len(await answered(queue)) == 2
            assert await cached(queue, "photo")
            assert await queue.mark_sent("job")
