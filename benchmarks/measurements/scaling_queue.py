"""Whether a long queue makes its operations slower."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

from redis.asyncio import Redis

from benchmarks import wire
from benchmarks.measurement import BenchContext, Measurement, in_unit
from benchmarks.results import Record
from captioner.queue import Limits
from captioner.queue.messages import encode_job
from captioner.queue.redis import RedisQueue
from captioner.queue.redis.schema import Keys
from tests.support.redis_server import running_redis

LENGTHS = (0, 100, 1_000, 10_000, 100_000)
_PREFIX = "long"
_PLENTY = Limits(depth=10_000_000, per_person=1_000_000)
_FILLER = b"\xff\xd8" + bytes(1000)  # of those that wait; their size is none of the operations'
_PIPELINE = 1000


def _measure(length: int, bench: BenchContext) -> Record:
    return asyncio.run(_at_length(length, bench))


async def _at_length(length: int, bench: BenchContext) -> Record:
    enqueue: list[float] = []
    take: list[float] = []
    with running_redis(bench.folder) as server:
        async with RedisQueue(server.url, _PLENTY, _PREFIX) as queue:
            await queue.take("bench", max_batch=1, wait=0.0)  # makes the groups
            await _fill(server.url, length)
            for number in range(bench.rounds(300)):
                started = time.perf_counter()
                await queue.submit_unless_cached(wire.job())
                submitted = time.perf_counter()
                (claim,) = await queue.take("bench", max_batch=1)
                taken = time.perf_counter()
                await queue.finish(claim, wire.reply(claim.job))
                await wire.deliver(queue)
                if number:  # the first one loads the scripts
                    enqueue.append(submitted - started)
                    take.append(taken - submitted)
                if number % 50 == 0:
                    bench.round_done(number)
            depth = await queue.depth()
    assert depth == length, f"{depth} jobs wait, not {length}"
    return Record({"enqueue": in_unit(enqueue, "ms"), "dequeue": in_unit(take, "ms")})


async def _fill(url: str, length: int) -> None:
    """Jobs that wait, put there as admission does it but many at a time."""
    first = Keys(_PREFIX).lanes[0]
    fields = encode_job(wire.job(_FILLER))
    client: Any = Redis.from_url(url, protocol=2)
    async with client:
        for start in range(0, length, _PIPELINE):
            pipeline = client.pipeline(transaction=False)
            for _ in range(min(_PIPELINE, length - start)):
                pipeline.xadd(first, fields)
            await pipeline.execute()


MEASUREMENT = Measurement(
    name="scaling-queue",
    title="Length of the queue",
    about="Admission and taking of one job, while so many others wait, on a real redis-server.",
    pieces={f"{length}": partial(_measure, length) for length in LENGTHS},
    x_axis="jobs that wait",
)
