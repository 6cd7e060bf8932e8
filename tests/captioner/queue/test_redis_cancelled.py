"""A task that talks to Redis ends when it is cancelled, whatever it is at."""

from __future__ import annotations

import asyncio

import pytest

from captioner.queue import Limits
from captioner.queue.redis import RedisQueue
from tests.captioner.queue.helpers import LONG
from tests.support.redis_server import RedisServer


@pytest.mark.parametrize("block", range(0, 60, 10))
async def test_a_cancellation_is_never_forgotten(redis_server: RedisServer, block: int) -> None:
    async def for_ever(queue: RedisQueue) -> None:
        while True:
            await queue.ping()

    for steps in range(block, block + 10):
        async with RedisQueue(redis_server.url, Limits(), prefix="cancelled") as queue:
            await queue.ping()
            task = asyncio.create_task(for_ever(queue))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            _, going_on = await asyncio.wait({task}, timeout=LONG)
            task.cancel()
            assert not going_on, f"cancelled after {steps} steps of the event loop"
            await queue.ping()


async def test_what_went_on_in_spite_of_a_cancellation_may_use_redis(
    redis_server: RedisServer,
) -> None:
    async def says_goodbye(queue: RedisQueue) -> None:
        try:
            await asyncio.sleep(LONG)
        finally:
            await queue.ping()
            said.append("goodbye")

    said: list[str] = []
    async with RedisQueue(redis_server.url, Limits(), prefix="cancelled") as queue:
        task = asyncio.create_task(says_goodbye(queue))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
    assert said == ["goodbye"]
    assert task.cancelled()
