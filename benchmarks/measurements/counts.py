"""What does not vary from run to run: round trips to Redis and bytes through it, a photo."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from benchmarks import wire
from benchmarks.measurement import BenchContext, Measurement
from benchmarks.results import Record, Statistic
from captioner.queue import JobQueue, Limits
from captioner.queue.redis import RedisQueue
from tests.support.counting_proxy import CountingProxy
from tests.support.redis_server import running_redis

BATCH = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """What a number of photos cost."""

    photos: int
    round_trips: int
    sent: int  # bytes to Redis
    received: int  # bytes from Redis

    @property
    def round_trips_each(self) -> float:
        """Round trips a photo."""
        return self.round_trips / self.photos

    @property
    def beside_photos(self) -> float:
        """Bytes a photo, both ways, beside the photos, which go in once and out once."""
        return (self.sent + self.received) / self.photos - 2 * len(wire.PHOTO)


async def one_photo(queue: JobQueue) -> None:
    """A photo's whole way, with a worker that has nothing else to do."""
    await queue.submit_unless_cached(wire.job())
    await wire.answer(queue, await queue.take("bench", max_batch=BATCH, top_up=0))
    await wire.deliver(queue)


async def full_batch(queue: JobQueue) -> None:
    """The way of as many photos as a worker takes at once."""
    for _ in range(BATCH):
        await queue.submit_unless_cached(wire.job())
    await wire.answer(queue, await queue.take("bench", max_batch=BATCH, top_up=0))
    await wire.deliver(queue, count=BATCH)


async def cost_of(way: Callable[[JobQueue], Awaitable[None]], photos: int, port: int) -> Cost:
    """What a way costs once everything is set up, at the Redis server on a port."""
    async with (
        CountingProxy(port) as proxy,
        RedisQueue(proxy.url, Limits(), f"counts-{way.__name__}") as queue,
    ):
        await way(queue)  # connections, groups, scripts
        proxy.reset()
        await way(queue)
        return Cost(photos, proxy.round_trips, proxy.sent, proxy.received)


def _measure(
    way: Callable[[JobQueue], Awaitable[None]], photos: int, bench: BenchContext
) -> Record:
    with running_redis(bench.folder) as server:
        cost = asyncio.run(cost_of(way, photos, server.port))
    return Record(
        {
            "round trips": Statistic.exactly(cost.round_trips_each, ""),
            "bytes beside the photo": Statistic.exactly(cost.beside_photos / 1000, "kB"),
            "to Redis": Statistic.exactly(cost.sent / cost.photos / 1000, "kB"),
            "from Redis": Statistic.exactly(cost.received / cost.photos / 1000, "kB"),
        },
        note=f"the photo on the queue has {len(wire.PHOTO) / 1000:.0f} kB",
    )


MEASUREMENT = Measurement(
    name="counts",
    title="Round trips and bytes",
    about=(
        "Counted by a proxy in front of Redis: admission with a look into the cache, taking, "
        "finishing with an answer that is cached, the reply taken, held, marked as sent and done. "
        "In a full batch, taking is shared. What a worker sends again and again whether there are "
        "photos or not, such as that it is there, is left out."
    ),
    pieces={
        "a photo": partial(_measure, one_photo, 1),
        "batch 16": partial(_measure, full_batch, BATCH),
    },
)
