"""The queue: its operations beside the least that as many round trips can cost, and what it sends.

What it sends, round trips and bytes a photo, does not vary from run to run.
"""

from __future__ import annotations

import asyncio
import csv
import subprocess
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from redis.asyncio import Redis

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side_async
from benchmarks.results import Record, Statistic, ratios
from captioner.queue import JobQueue, Limits
from captioner.queue.messages import encode_reply
from captioner.queue.redis import RedisQueue
from tests.support.counting_proxy import CountingProxy
from tests.support.redis_server import RedisServer, running_redis

PHOTOS = 20  # a round
_MANY = 2000
_AT_ONCE = 32
_SMALL = 3  # round trips a photo that carry next to nothing: a reply held, marked, done
_PLENTY = Limits(depth=1_000_000, per_person=1_000_000)


def _operations(bench: BenchContext) -> Record:
    return asyncio.run(_beside_floors(bench))


async def _beside_floors(bench: BenchContext) -> Record:
    steps: dict[str, list[float]] = defaultdict(list)
    async with _queue(bench) as (server, queue):
        plain: Any = Redis.from_url(server.url, protocol=2)
        answer = sum(map(len, encode_reply(samples.reply(samples.job())).values())) * b"x"

        async def through_queue() -> None:
            for _ in range(PHOTOS):
                await _one_photo(queue, steps)

        async def bare_commands() -> None:
            """As many round trips with the same bytes, by the same library."""
            for _ in range(PHOTOS):
                await plain.set("photo", samples.PHOTO)
                await plain.get("photo")
                await plain.set("reply", answer)
                await plain.get("reply")
                for _ in range(_SMALL):
                    await plain.ping()

        least: list[float] = []

        def floor(number: int) -> None:
            least.append(_redis_benchmark(server, len(answer)))
            bench.round_done(number)

        async with plain:
            times = await side_by_side_async(
                {"queue": through_queue, "client": bare_commands},
                rounds=bench.rounds(20),
                after_round=floor,
            )
    queue_times = [t / PHOTOS for t in times["queue"]]
    return Record(
        {
            "queue / redis-py": ratios(times["queue"], times["client"]),
            "queue / redis-benchmark": ratios(queue_times, least),
            "a photo's way": in_unit(times["queue"], "ms", PHOTOS),
            "redis-py, the same round trips": in_unit(times["client"], "ms", PHOTOS),
            "redis-benchmark, the same round trips": in_unit(least, "ms"),
            **{step: in_unit(taken, "ms") for step, taken in steps.items()},
        }
    )


async def _one_photo(queue: JobQueue, steps: dict[str, list[float]]) -> None:
    async def timed(step: str, doing: Awaitable[Any]) -> Any:  # noqa: ANN401 - what each step returns is its own
        started = time.perf_counter()
        result = await doing
        steps[step].append(time.perf_counter() - started)
        return result

    await timed("submit", queue.submit_unless_cached(samples.job()))
    (claim,) = await timed("take", queue.take("bench", max_batch=1))
    await timed("finish", queue.finish(claim, samples.reply(claim.job)))
    (delivery,) = await timed("take reply", queue.take_replies(samples.ADAPTER, "bench"))
    await timed("hold", queue.hold(samples.ADAPTER, "bench", [delivery]))
    await timed("mark sent", queue.mark_sent(delivery.reply.job_id))
    await timed("done", queue.done(samples.ADAPTER, delivery))


def _redis_benchmark(server: RedisServer, answer: int) -> float:
    """Seconds for a photo's round trips by redis-benchmark: one client, the same bytes."""
    photo = _medians(server, "set,get", len(samples.PHOTO))
    small = _medians(server, "set,get", answer)
    ping = _medians(server, "ping_mbulk", 3)
    return sum(photo) + sum(small) + _SMALL * sum(ping)


def _medians(server: RedisServer, tests: str, size: int) -> list[float]:
    """Seconds in the median, for each test."""
    said = subprocess.run(
        ["redis-benchmark", "-p", str(server.port), "-c", "1", "-n", "300", "-t", tests,
         "-d", str(size), "--csv"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [float(row["p50_latency_ms"]) / 1000 for row in csv.DictReader(said.stdout.splitlines())]


def _throughput(bench: BenchContext) -> Record:
    return asyncio.run(_many_at_once(bench))


async def _many_at_once(bench: BenchContext) -> Record:
    async with _queue(bench) as (server, queue):
        count = max(200, round(_MANY * min(1.0, bench.effort)))
        left = iter(range(count))

        async def person_and_worker() -> None:
            for _ in left:
                await queue.submit_unless_cached(samples.job())
                await samples.answer(queue, await queue.take("bench", max_batch=1))

        async def adapter() -> None:
            answered = 0
            while answered < count:
                answered += await samples.deliver(queue)
                bench.say(f"{answered} of {count}")

        before, started = await _processor_seconds(server), time.perf_counter()
        await asyncio.gather(adapter(), *(person_and_worker() for _ in range(_AT_ONCE)))
        seconds = time.perf_counter() - started
        spent = await _processor_seconds(server) - before
    return Record(
        {
            "Redis's processor time, a photo": Statistic.exactly(spent / count * 1e3, "ms"),
            "photos a second and core of Redis": Statistic.exactly(count / spent, "/s"),
            "photos a second here": Statistic.exactly(count / seconds, "/s"),
        },
        note=f"{count} photos, {_AT_ONCE} at a time by one Python process, append-only file on",
    )


async def _processor_seconds(server: RedisServer) -> float:
    client: Any = Redis.from_url(server.url, protocol=2)
    async with client:
        said = await client.info("cpu")
    return float(said["used_cpu_user"]) + float(said["used_cpu_sys"])


@asynccontextmanager
async def _queue(bench: BenchContext) -> AsyncIterator[tuple[RedisServer, RedisQueue]]:
    with running_redis(bench.folder, appendonly=True) as server:
        async with RedisQueue(server.url, _PLENTY, "bench") as queue:
            yield server, queue


QUEUE = Measurement(
    name="queue",
    title="The queue",
    about=(
        "One photo at a time through a real redis-server with append-only file: admission, taking, "
        "finishing, the reply taken, held, marked as sent and done, with a worker that takes one "
        "job at a time. Beside it as many bare commands with as many bytes, by redis-py (the "
        "client that the queue uses) and by redis-benchmark (in C, one connection)."
    ),
    pieces={"operations": _operations, "throughput": _throughput},
)


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
        return (self.sent + self.received) / self.photos - 2 * len(samples.PHOTO)


async def one_photo(queue: JobQueue) -> None:
    """A photo's whole way, with a worker that has nothing else to do."""
    await queue.submit_unless_cached(samples.job())
    await samples.answer(queue, await queue.take("bench", max_batch=BATCH, top_up=0))
    await samples.deliver(queue)


async def full_batch(queue: JobQueue) -> None:
    """The way of as many photos as a worker takes at once."""
    for _ in range(BATCH):
        await queue.submit_unless_cached(samples.job())
    await samples.answer(queue, await queue.take("bench", max_batch=BATCH, top_up=0))
    await samples.deliver(queue, count=BATCH)


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


def _counted(
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
        note=f"the photo on the queue has {len(samples.PHOTO) / 1000:.0f} kB",
    )


COUNTS = Measurement(
    name="counts",
    title="Round trips and bytes",
    about=(
        "Counted by a proxy in front of Redis: admission with a look into the cache, taking, "
        "finishing with an answer that is cached, the reply taken, held, marked as sent and done. "
        "In a full batch, taking is shared. What a worker sends again and again whether there are "
        "photos or not, such as that it is there, is left out."
    ),
    pieces={
        "a photo": partial(_counted, one_photo, 1),
        "batch 16": partial(_counted, full_batch, BATCH),
    },
)
