"""What a photo costs at Redis, in numbers that do not vary: a regression shows on any machine."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from benchmarks import samples
from benchmarks.measurements.queue import BATCH, cost_of, full_batch, one_photo
from captioner.queue.messages import decode_job, decode_reply, encode_job, encode_reply
from tests.support.counting_proxy import CountingProxy
from tests.support.redis_server import RedisServer

KILO = 1000


async def test_a_photo_alone_takes_seven_round_trips(redis_server: RedisServer) -> None:
    """Admission, taking, finishing, the reply taken, held, marked and done."""
    cost = await cost_of(one_photo, 1, redis_server.port)
    assert cost.round_trips <= 7
    assert 0 < cost.beside_photos < 20 * KILO


async def test_in_a_full_batch_taking_is_shared(redis_server: RedisServer) -> None:
    """Admission, finishing, held, marked, done: five each, and two for taking jobs and replies."""
    cost = await cost_of(full_batch, BATCH, redis_server.port)
    assert cost.round_trips <= 5 * BATCH + 2
    assert 0 < cost.beside_photos < 19 * KILO


async def test_the_photo_goes_over_once_each_way(redis_server: RedisServer) -> None:
    cost = await cost_of(one_photo, 1, redis_server.port)
    assert len(samples.PHOTO) < cost.sent < len(samples.PHOTO) + 20 * KILO
    assert len(samples.PHOTO) < cost.received < len(samples.PHOTO) + 20 * KILO


async def test_the_proxy_counts_commands_and_bytes(redis_server: RedisServer) -> None:
    async with (
        CountingProxy(redis_server.port) as proxy,
        Redis.from_url(proxy.url, protocol=2) as client,
    ):
        await client.ping()
        proxy.reset()
        await client.set("counted", b"x" * 100_000)
        assert await client.get("counted") == b"x" * 100_000
        assert (proxy.round_trips, dict(proxy.commands)) == (2, {"SET": 1, "GET": 1})
        assert 100_000 < proxy.sent < 100_200
        assert 100_000 < proxy.received < 100_200
        await client.delete("counted")


def test_what_is_sent_is_what_bots_and_workers_send() -> None:
    job = samples.job()
    assert decode_job(encode_job(job)) == job
    assert 25 * KILO < len(job.photo) < 70 * KILO
    reply = samples.reply(job)
    assert decode_reply(encode_reply(reply)) == reply


@pytest.mark.parametrize("other", [1, 2])
def test_nobody_is_asked_for_twice(other: int) -> None:
    jobs = [samples.job() for _ in range(other + 1)]
    assert len({job.person for job in jobs}) == len({job.dedupe for job in jobs}) == len(jobs)
