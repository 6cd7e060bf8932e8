"""Whether more workers answer more photos, as far as queue and worker processes decide that."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from functools import partial

from benchmarks import wire
from benchmarks.measurement import BenchContext, Measurement
from benchmarks.processes import scripted_worker_process
from benchmarks.results import Record, Statistic
from captioner.queue import JobQueue, Limits
from captioner.queue.redis import RedisQueue
from tests.support.redis_server import running_redis
from tests.support.scripted_worker import jpeg

WORKERS = (1, 2, 4, 8)
BATCH, BATCH_SECONDS, PHOTO_SECONDS = 4, 0.1, 0.05
CAPACITY = BATCH / (BATCH_SECONDS + BATCH * PHOTO_SECONDS)  # photos a second and worker
_SECONDS = 8.0
_PREFIX = "workers"


def _measure(count: int, bench: BenchContext) -> Record:
    return asyncio.run(_rate(count, bench))


async def _rate(count: int, bench: BenchContext) -> Record:
    seconds = max(3.0, bench.seconds(_SECONDS))
    photos = round(count * CAPACITY * seconds)
    limits = Limits(depth=100_000, per_person=100_000)
    with running_redis(bench.folder, appendonly=True) as server:
        async with AsyncExitStack() as stack:
            queue = await stack.enter_async_context(RedisQueue(server.url, limits, _PREFIX))
            for number in range(count):
                await stack.enter_async_context(
                    scripted_worker_process(
                        server.url, _PREFIX, f"worker {number}", max_batch=BATCH,
                        batch_seconds=BATCH_SECONDS, photo_seconds=PHOTO_SECONDS,
                    )
                )  # fmt: skip
            started = time.perf_counter()
            await asyncio.gather(_submit(queue, photos), _answered(queue, photos))
            elapsed = time.perf_counter() - started
    rate = photos / elapsed
    return Record(
        {
            "photos a second": Statistic.exactly(rate, "/s"),
            "of what the workers could": Statistic.exactly(rate / (count * CAPACITY), "×"),
        },
        note=f"{photos} photos",
    )


async def _submit(queue: JobQueue, photos: int) -> None:
    picture = jpeg()
    for _ in range(photos):
        await queue.submit(wire.job(picture))


async def _answered(queue: JobQueue, photos: int) -> None:
    while photos > 0:
        photos -= await wire.deliver(queue)


MEASUREMENT = Measurement(
    name="scaling-workers",
    title="Worker processes",
    about=(
        f"Workers whose model waits {BATCH_SECONDS} s a batch and {PHOTO_SECONDS} s a photo, as "
        f"one on a GPU would without using a processor, in batches of up to {BATCH}: "
        f"{CAPACITY:.1f} photos a second each, at the most. The photos come all at once."
    ),
    pieces={f"{count}": partial(_measure, count) for count in WORKERS},
    x_axis="workers",
)
