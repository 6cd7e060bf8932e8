"""The queue on Redis when the server is away, unwilling or killed, or an answer gets lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from captioner.queue import Limits, QueueUnavailable
from captioner.queue.redis import RedisQueue, connection
from captioner.queue.redis.schema import Keys
from tests.captioner.queue.helpers import LONG, answered, eventually, work_off
from tests.support.jobs import make_job, make_reply
from tests.support.redis_server import RedisServer, running_redis
from tests.support.tcp_proxy import TcpProxy

# --- a server that is not there, or not willing


async def test_no_server_is_said_in_a_sentence(tmp_path: Path) -> None:
    absent = RedisServer(tmp_path)
    url = absent.url.replace("redis://", "redis://someone:sesame@")
    async with RedisQueue(url, Limits()) as queue:
        submitted = queue.submit(make_job()), queue.submit_unless_cached(make_job())
        for call in (queue.ping(), queue.depth(), *submitted):
            with pytest.raises(QueueUnavailable) as refusal:
                await call
            assert str(refusal.value) == f"Redis at 127.0.0.1:{absent.port} cannot be reached"
        with pytest.raises(QueueUnavailable):
            await queue.take("worker", max_batch=1, wait=LONG)
        with pytest.raises(QueueUnavailable):
            await queue.take_replies("telegram", "bot", wait=LONG)


async def test_a_wrong_password_is_named_and_not_told(tmp_path: Path) -> None:
    with running_redis(tmp_path, "--requirepass", "right") as own:
        async with RedisQueue(own.url, Limits()) as queue:
            with pytest.raises(QueueUnavailable, match="wants another user or password"):
                await queue.ping()
        wrong = own.url.replace("redis://", "redis://:sesame@")
        async with RedisQueue(wrong, Limits()) as queue:
            with pytest.raises(QueueUnavailable, match="wants another user or password") as no:
                await queue.ping()
        assert "sesame" not in str(no.value)
        async with RedisQueue(own.url.replace("redis://", "redis://:right@"), Limits()) as queue:
            await queue.ping()


async def test_a_user_without_permission_is_told(tmp_path: Path) -> None:
    with running_redis(tmp_path, *["--user", "guest", "on", ">pw", "~*", "-@all", "+ping"]) as own:
        async with RedisQueue(own.url.replace("//", "//guest:pw@"), Limits()) as queue:
            with pytest.raises(QueueUnavailable, match="does not permit this user"):
                await queue.submit(make_job())


async def test_a_server_that_does_not_answer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_SOCKET_TIMEOUT", 0.3)
    with running_redis(tmp_path) as own:
        async with RedisQueue(own.url, Limits()) as queue:
            await queue.ping()
            own.pause()
            with pytest.raises(QueueUnavailable, match="does not answer"):
                await queue.submit(make_job())
            own.resume()
            await eventually(queue)


async def test_waiting_is_not_taken_for_a_dead_connection(
    redis_server: RedisServer, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_SOCKET_TIMEOUT", 2.0)
    async with RedisQueue(redis_server.url, Limits(), prefix) as queue:
        assert await queue.take("worker", max_batch=1, wait=3.0) == []
        assert await queue.take_replies("telegram", "bot", wait=3.0) == []


# --- restarts


async def test_nothing_accepted_is_lost_when_the_server_dies(tmp_path: Path) -> None:
    with running_redis(tmp_path, appendonly=True) as own:
        async with RedisQueue(own.url, Limits(visibility=1.0)) as queue:
            jobs = [make_job() for _ in range(40)]
            for job in jobs:
                await queue.submit(job)
            claims = await queue.take("worker", max_batch=10, wait=LONG)
            for claim in claims[:5]:
                await queue.finish(claim, make_reply(claim.job))
            own.kill()
            with pytest.raises(QueueUnavailable):
                await queue.submit(make_job())
            own.start()
            assert await queue.depth() == 35
            assert await queue.finish(claims[5], make_reply(claims[5].job)), "held all the while"
            assert not await queue.finish(claims[0], make_reply(claims[0].job))
            assert (await queue.submit(make_job(dedupe=jobs[0].dedupe))).duplicate
            await work_off(queue)
            assert await answered(queue) == sorted(job.id for job in jobs)


async def test_a_server_that_dies_under_those_who_wait_is_noticed(tmp_path: Path) -> None:
    with running_redis(tmp_path) as own:
        async with RedisQueue(own.url, Limits()) as queue:
            waiting = asyncio.gather(
                queue.take("worker", max_batch=1, wait=LONG),
                queue.take_replies("telegram", "bot", wait=LONG),
                return_exceptions=True,
            )
            await asyncio.sleep(0.3)
            own.kill()
            assert [type(error) for error in await waiting] == [QueueUnavailable] * 2
            own.start()
            await queue.submit(make_job())
            assert len(await queue.take("worker", max_batch=1, wait=LONG)) == 1


async def test_a_server_that_lost_everything_is_used_on(tmp_path: Path) -> None:
    with running_redis(tmp_path) as own:
        async with RedisQueue(own.url, Limits()) as queue:
            await queue.submit(make_job())
            await queue.take("worker", max_batch=1, wait=LONG)
            taking = asyncio.create_task(queue.take("worker", max_batch=1, wait=LONG))
            async with Redis.from_url(own.url) as client:
                await client.flushall()
            job = make_job()
            await queue.submit(job)
            (claim,) = await taking
            assert claim.job == job
            assert await queue.finish(claim, make_reply(job))
            assert await answered(queue) == [job.id]


async def test_a_lane_that_is_lost_is_made_again_and_costs_no_other_job(
    redis_server: RedisServer, prefix: str
) -> None:
    async with RedisQueue(redis_server.url, Limits(), prefix) as queue:
        await queue.take("worker", max_batch=1, wait=0)
        job = make_job(person="a")
        await queue.submit(job)
        async with Redis.from_url(redis_server.url) as client:
            await client.delete(Keys(prefix).lanes[1])
        (claim,) = await queue.take("worker", max_batch=4, wait=LONG)
        assert (claim.job, claim.deliveries) == (job, 1)
        await queue.submit(make_job(person="a"))
        assert len(await queue.take("worker", max_batch=4, wait=LONG)) == 1


async def test_a_process_that_starts_again_gets_its_own_replies_first(
    redis_server: RedisServer, prefix: str
) -> None:
    def open_one() -> RedisQueue:
        return RedisQueue(redis_server.url, Limits(), prefix)

    async with open_one() as before:
        held = [make_job() for _ in range(5)]
        for job in held:
            await before.submit(job)
        await work_off(before)
        assert len(await before.take_replies("telegram", "bot", wait=LONG)) == 5
        fresh = make_job()
        await before.submit(fresh)
        await work_off(before)
    async with open_one() as other:
        (theirs,) = await other.take_replies("telegram", "other bot", count=1, wait=LONG)
        assert (theirs.reply.job_id, theirs.repeated) == (fresh.id, False)
        await other.submit(make_job(dedupe="last"))
        await work_off(other)
    async with open_one() as after:
        got = [
            delivery
            for count in (2, 2, 2, 2)
            for delivery in await after.take_replies("telegram", "bot", count=count, wait=0)
        ]
        assert [d.reply.job_id for d in got[:5]] == [job.id for job in held]
        assert [d.repeated for d in got] == [True] * 5 + [False]


# --- answers that are lost on the way


async def test_an_admission_whose_answer_was_lost_is_one_job_and_no_duplicate(
    redis_server: RedisServer, prefix: str
) -> None:
    async with (
        TcpProxy(redis_server.port) as proxy,
        RedisQueue(proxy.url, Limits(), prefix) as queue,
    ):
        await queue.submit(make_job())
        proxy.lose_next_answer()
        receipt = await queue.submit(make_job())
        assert proxy.lost == 1
        assert not receipt.duplicate
        assert await queue.depth() == 2


async def test_a_known_answer_whose_receipt_was_lost_is_one_reply_and_no_duplicate(
    redis_server: RedisServer, prefix: str
) -> None:
    async with (
        TcpProxy(redis_server.port) as proxy,
        RedisQueue(proxy.url, Limits(), prefix) as queue,
    ):
        await queue.submit(make_job())
        proxy.lose_next_answer()
        job = make_job()
        receipt = await queue.answer(job, make_reply(job))
        assert proxy.lost == 1
        assert not receipt.duplicate
        assert await answered(queue) == [job.id], "delivered once"


async def test_a_mark_whose_answer_was_lost_is_ours(redis_server: RedisServer, prefix: str) -> None:
    async with (
        TcpProxy(redis_server.port) as proxy,
        RedisQueue(proxy.url, Limits(), prefix) as queue,
    ):
        assert await queue.mark_sent("warm up")
        proxy.lose_next_answer()
        assert await queue.mark_sent("job")
        assert proxy.lost == 1
        assert not await queue.mark_sent("job")


async def test_a_batch_whose_answer_was_lost_comes_again(
    redis_server: RedisServer, prefix: str
) -> None:
    limits = Limits(visibility=0.5)
    async with (
        TcpProxy(redis_server.port) as proxy,
        RedisQueue(proxy.url, limits, prefix) as queue,
    ):
        assert await queue.take("worker", max_batch=4, wait=0) == []
        jobs = [make_job() for _ in range(4)]
        for job in jobs:
            await queue.submit(job)
        proxy.lose_next_answer()
        await work_off(queue)
        assert proxy.lost == 1
        assert await answered(queue) == sorted(job.id for job in jobs)
