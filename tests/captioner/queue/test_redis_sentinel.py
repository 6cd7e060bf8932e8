"""The queue where Sentinel says which Redis is the master, and another takes over."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.sentinel import SentinelManagedSSLConnection
from redis.exceptions import RedisError

from captioner.queue import Claim, Limits, QueueUnavailable
from captioner.queue.messages import CaptionJob
from captioner.queue.redis import RedisQueue, connection
from tests.captioner.queue.helpers import LONG
from tests.support.jobs import make_job, make_reply
from tests.support.redis_server import RedisServer, free_port, running_redis

SERVICE = "photos"
NEVER = 3_600_000  # ms
AT_ONCE = ("--repl-diskless-sync-delay", "0")  # the first copy; else after 5 s


@contextmanager
def watching(master: RedisServer, folder: Path) -> Iterator[int]:
    """A sentinel that declares no master dead before `notices_deaths`; its port."""
    port = free_port()
    config = folder / "sentinel.conf"
    config.write_text(
        f"port {port}\nbind 127.0.0.1\ndir {folder}\nlogfile sentinel.log\n"
        f"sentinel monitor {SERVICE} 127.0.0.1 {master.port} 1\n"
        f"sentinel down-after-milliseconds {SERVICE} {NEVER}\n"
        f"sentinel failover-timeout {SERVICE} 5000\n"
    )
    with subprocess.Popen(["redis-server", str(config), "--sentinel"]) as process:
        try:
            yield port
        finally:
            process.kill()


async def until_followed(port: int) -> None:
    """A sentinel can only promote a replica that it knows."""
    async with asyncio.timeout(LONG), Redis(port=port, protocol=2) as client:
        while True:
            with contextlib.suppress(RedisError):
                master = await client.sentinel_master(SERVICE)
                if isinstance(master, dict) and master["num-slaves"]:
                    return
            await asyncio.sleep(0.1)


async def notices_deaths(port: int, after: int) -> None:
    """From now on it declares a master dead after so many ms; on a busy machine, slow ones too."""
    async with Redis(port=port, protocol=2) as client:
        await client.sentinel_set(SERVICE, "down-after-milliseconds", after)


@pytest.mark.timeout(300)
async def test_another_server_takes_over(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "sentinel")]
    for folder in folders:
        folder.mkdir()
    with ExitStack() as stack:
        one = stack.enter_context(running_redis(folders[0], *AT_ONCE))
        two = stack.enter_context(
            running_redis(folders[1], "--replicaof", "127.0.0.1", str(one.port))
        )
        port = stack.enter_context(watching(one, folders[2]))
        await until_followed(port)
        url = f"redis+sentinel://127.0.0.1:{free_port()},127.0.0.1:{port}/{SERVICE}"
        async with RedisQueue(url, Limits(visibility=10 * LONG)) as queue:
            first, second = make_job(), make_job()
            await queue.submit(first)
            async with Redis.from_url(one.url, protocol=2, socket_timeout=2 * LONG) as client:
                await client.set("after", "the job")  # WAIT is about what its connection wrote
                assert await client.wait(1, int(LONG * 1000)) == 1, "the replica has it"
            one.kill()
            await notices_deaths(port, 500)
            await asyncio.wait_for(_submitted(queue, second), 2 * LONG)
            await notices_deaths(port, NEVER)
            claims: list[Claim] = []
            async with asyncio.timeout(LONG):
                while len(claims) < 2:
                    claims += await queue.take("worker", max_batch=2, wait=1.0)
            assert {claim.job.id for claim in claims} == {first.id, second.id}
            one.start()  # it comes back as a replica of the other
            for claim in claims:
                assert await queue.finish(claim, make_reply(claim.job))
            assert await queue.depth() == 0
        assert two.pid


async def _submitted(queue: RedisQueue, job: CaptionJob) -> None:
    while True:
        try:
            await queue.submit(job)
        except QueueUnavailable:
            await asyncio.sleep(0.1)
        else:
            return


async def test_where_no_sentinel_answers_the_service_is_named(tmp_path: Path) -> None:
    url = f"redis+sentinel://user:sesame@127.0.0.1:{free_port()}/{SERVICE}"
    async with RedisQueue(url, Limits()) as queue:
        with pytest.raises(QueueUnavailable) as refusal:
            await queue.ping()
    assert str(refusal.value) == f"Redis at {SERVICE} (by Sentinel) cannot be reached"


def test_an_address_says_who_is_asked_and_how() -> None:
    pool = connection.sentinel_pool(
        "rediss+sentinel://bot:p%40ss@one.example:1234,[::1]/photos/3"
        "?ssl_ca_certs=/ca.pem&sentinel_password=other",
        socket_timeout=7.0,
    )
    asked = [one.connection_pool.connection_kwargs for one in pool.sentinel_manager.sentinels]
    assert [(one["host"], one["port"]) for one in asked] == [("one.example", 1234), ("::1", 26379)]
    assert all(one["password"] == "other" for one in asked)
    assert all(one["socket_timeout"] == 7.0 for one in asked)
    assert all(one["ssl_ca_certs"] == "/ca.pem" for one in asked)
    assert all(one["retry"].get_retries() == 1 for one in asked), "then the next one is asked"
    known = pool.connection_kwargs
    assert (known["username"], known["password"], known["db"]) == ("bot", "p@ss", 3)
    assert issubclass(pool.connection_class, SentinelManagedSSLConnection)


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://",
        "redis+sentinel://host:26379",
        "redis+sentinel://host:26379/",
        "redis+sentinel://:pw@/photos",
        "redis+sentinel://one,,two/photos",
        "redis+sentinel://host:port/photos",
        "redis+sentinel://host:99999999/photos",
        "redis+sentinel://host/photos/three",
    ],
)
def test_addresses_that_cannot_be(url: str) -> None:
    with pytest.raises(ValueError, match=r"redis\+sentinel://\[user:password@\]host"):
        connection.make_client(url, socket_timeout=1.0)
