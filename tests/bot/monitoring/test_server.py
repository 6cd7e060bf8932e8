"""Probes and metrics over HTTP, as an orchestrator and Prometheus ask for them."""

from __future__ import annotations

import asyncio
import math
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.monitoring.server import MonitoringServer, Readiness
from captioner.queue import JobQueue, Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.redis import RedisQueue
from tests.support.jobs import make_job
from tests.support.redis_server import RedisServer


class Monitored:
    """A server, what it watches, and a client of it."""

    def __init__(self, server: MonitoringServer, readiness: Readiness, client: Any) -> None:
        self.server, self.readiness, self._client = server, readiness, client

    async def get(self, path: str) -> tuple[int, Any]:
        async with self._client.get(f"http://127.0.0.1:{self.server.port}{path}") as response:
            assert response.status == 404 or response.headers["Cache-Control"] == "no-store"
            if response.content_type == "application/json":
                return response.status, await response.json()
            return response.status, await response.text()

    async def metric(self, name: str) -> float:
        status, text = await self.get("/metrics")
        assert status == 200
        for line in text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        raise AssertionError(f"no {name} in {text}")


@asynccontextmanager
async def monitored(queue: JobQueue) -> AsyncIterator[Monitored]:
    readiness = Readiness(queue)
    async with (
        queue,
        MonitoringServer(queue, readiness, host="127.0.0.1", port=0) as server,
        aiohttp.ClientSession() as client,
    ):
        yield Monitored(server, readiness, client)


async def test_alive_before_it_is_ready() -> None:
    async with monitored(MemoryQueue(Limits())) as it:
        assert await it.get("/health") == (200, {"status": "alive"})
        status, told = await it.get("/ready")
        assert status == 503
        assert told == {"status": "not ready", "problems": {"process": "it is starting"}}


async def test_ready_when_every_part_is() -> None:
    loaded = False
    async with monitored(MemoryQueue(Limits())) as it:
        it.readiness.watch("worker", lambda: None if loaded else "the model is loading")
        it.readiness.watch("web", lambda: None)
        status, told = await it.get("/ready")
        assert (status, told["problems"]) == (503, {"worker": "the model is loading"})
        assert await it.metric('captionbot_ready{part="worker"}') == 0
        assert await it.metric('captionbot_ready{part="web"}') == 1
        loaded = True
        assert await it.get("/ready") == (200, {"status": "ready"})
        assert await it.metric('captionbot_ready{part="worker"}') == 1
        it.readiness.stopping = True
        status, told = await it.get("/ready")
        assert (status, told["problems"]) == (503, {"process": "it was asked to stop"})
        assert (await it.get("/health"))[0] == 200


async def test_a_queue_that_goes_and_comes_back(tmp_path: Path) -> None:
    redis = RedisServer(tmp_path)
    redis.start()
    try:
        async with monitored(RedisQueue(redis.url, Limits(depth=7))) as it:
            it.readiness.watch("worker", lambda: None)
            assert (await it.get("/ready"))[0] == 200
            redis.kill()
            status, told = await it.get("/ready")
            assert (status, list(told["problems"])) == (503, ["queue"])
            assert "cannot be reached" in told["problems"]["queue"]
            assert await it.metric("captionbot_queue_up") == 0
            assert math.isnan(await it.metric("captionbot_queue_depth"))
            assert await it.metric('captionbot_ready{part="queue"}') == 0
            assert (await it.get("/health"))[0] == 200, "restarting this process would not help"
            redis.start()
            assert (await it.get("/ready"))[0] == 200
            assert await it.metric("captionbot_queue_depth") == 0
            assert await it.metric("captionbot_queue_limit") == 7
    finally:
        redis.kill()


async def test_a_queue_that_hangs_makes_no_probe_hang(tmp_path: Path) -> None:
    redis = RedisServer(tmp_path)
    redis.start()
    try:
        async with monitored(RedisQueue(redis.url, Limits())) as it:
            it.readiness.watch("worker", lambda: None)
            redis.pause()
            async with asyncio.timeout(60):
                status, told = await it.get("/ready")
            assert (status, list(told["problems"])) == (503, ["queue"])
            assert "did not answer" in told["problems"]["queue"]
            redis.resume()
            assert (await it.get("/ready"))[0] == 200
    finally:
        redis.kill()


async def test_no_secret_shows(unused_tcp_port: int) -> None:
    url = f"redis://me:hunter2@127.0.0.1:{unused_tcp_port}/0"
    async with monitored(RedisQueue(url, Limits())) as it:
        for path in ("/ready", "/metrics", "/health"):
            assert "hunter2" not in str(await it.get(path))


async def test_what_is_on_the_queue() -> None:
    queue = MemoryQueue(Limits())
    async with monitored(queue) as it:
        for _ in range(3):
            await queue.submit(make_job())
        await queue.take("worker", max_batch=1, top_up=0)
        await queue.announce("worker", ready=True, model="small")
        await asyncio.sleep(0.05)
        assert await it.metric("captionbot_queue_depth") == 3
        assert await it.metric("captionbot_queue_held") == 1
        assert await it.metric("captionbot_queue_oldest_seconds") >= 0.05
        assert await it.metric('captionbot_workers{state="ready"}') == 1
        assert await it.metric('captionbot_workers{state="loading"}') == 0


@pytest.mark.parametrize("path", ["/", "/metrics/", "/ready/../etc/passwd", "/healthz", "/%00"])
async def test_there_is_nothing_else(path: str) -> None:
    async with monitored(MemoryQueue(Limits())) as it:
        assert (await it.get(path))[0] == 404


async def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        queue = MemoryQueue(Limits())
        server = MonitoringServer(queue, Readiness(queue), host="127.0.0.1", port=port)
        with pytest.raises(OSError, match="in use"):
            await server.__aenter__()
