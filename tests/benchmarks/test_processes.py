from __future__ import annotations

from dataclasses import replace

from benchmarks import samples
from benchmarks.processes import scripted_worker_process
from captioner.queue import Limits, Receipt
from captioner.queue.redis import RedisQueue
from tests.support.redis_server import RedisServer


async def test_a_scripted_worker_answers_and_leaves_nothing_in_the_cache(
    redis_server: RedisServer,
) -> None:
    async with (
        RedisQueue(redis_server.url, Limits(), "processes") as queue,
        scripted_worker_process(redis_server.url, "processes"),
    ):
        job = replace(samples.job(), cache_key="the same photo")
        await queue.submit(job)
        assert await samples.deliver(queue) == 1
        assert isinstance(await queue.submit_unless_cached(job), Receipt)
