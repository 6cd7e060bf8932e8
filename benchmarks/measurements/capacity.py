"""Whether the simulation says what the real queue and real worker processes do."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

from benchmarks.measurement import BenchContext, Measurement
from benchmarks.processes import scripted_worker_process
from benchmarks.results import Record, Statistic
from benchmarks.samples import ADAPTER
from benchmarks.simulation import Answered, Arrival, Outcome, WorkerSpeed, poisson, simulate
from captioner.queue import JobQueue, Limits, PersonBusy, QueueFull
from captioner.queue.redis import RedisQueue
from tests.support.jobs import make_job
from tests.support.redis_server import running_redis
from tests.support.scripted_worker import jpeg

_PREFIX = "capacity"
_SECONDS = 40.0
_PEOPLE = 12
_PLANT = WorkerSpeed(workers=1, max_batch=4, batch_seconds=0.2, photo_seconds=0.05)
# workers, and the load as a share of what they can do
CASES = {
    "1 worker, half load": (1, 0.5),
    "1 worker, 90 % load": (1, 0.9),
    "2 workers, 90 % load": (2, 0.9),
    "3 workers, 1.5 × load": (3, 1.5),
}


def _measure(workers: int, load: float, bench: BenchContext) -> Record:
    plant = replace(_PLANT, workers=workers, depth=60)
    seconds = max(8.0, bench.seconds(_SECONDS))
    arrivals = poisson(load * plant.capacity, seconds, people=_PEOPLE, seed=workers)
    real = asyncio.run(_really(plant, arrivals, bench))
    simulated = simulate(plant, arrivals)
    figures: dict[str, Statistic] = {}
    for name, of in (("real", real), ("simulated", simulated)):
        figures |= {
            f"{name}: photos a second": Statistic.exactly(of.rate, "/s"),
            f"{name}: half are answered within": Statistic.exactly(of.wait(0.5), "s"),
            f"{name}: 95 % are answered within": Statistic.exactly(of.wait(0.95), "s"),
            f"{name}: refused": Statistic.exactly(of.refused, ""),
        }
    return Record(figures, note=f"{len(arrivals)} photos in {seconds:.0f} s")


async def _really(plant: WorkerSpeed, arrivals: list[Arrival], bench: BenchContext) -> Outcome:
    """The same load through a real Redis, to worker processes that take the time they are told."""
    limits = Limits(depth=plant.depth, per_person=plant.per_person)
    with running_redis(bench.folder, appendonly=True) as server:
        async with AsyncExitStack() as stack:
            queue = await stack.enter_async_context(RedisQueue(server.url, limits, _PREFIX))
            for number in range(plant.workers):
                await stack.enter_async_context(
                    scripted_worker_process(
                        server.url, _PREFIX, f"worker {number}", max_batch=plant.max_batch,
                        batch_seconds=plant.batch_seconds, photo_seconds=plant.photo_seconds,
                    )
                )  # fmt: skip
            return await _Load(queue, arrivals).run(bench)


class _Load:
    """People who send at given times, and whoever notes when their answers come."""

    def __init__(self, queue: JobQueue, arrivals: list[Arrival]) -> None:
        self._queue, self._arrivals = queue, arrivals
        self._came: dict[str, tuple[int, float]] = {}  # job → person, when
        self._answered: list[Answered] = []
        self._refused = 0
        self._all_sent = False

    async def run(self, bench: BenchContext) -> Outcome:
        """All photos sent, and all that were accepted answered."""
        reading = asyncio.create_task(self._read())
        started = time.perf_counter()
        for number, arrival in enumerate(self._arrivals):
            await asyncio.sleep(max(0.0, arrival.at - (time.perf_counter() - started)))
            await self._send(arrival)
            if number % 20 == 0:
                bench.say(f"{number} of {len(self._arrivals)}")
        self._all_sent = True
        await reading
        return Outcome(tuple(self._answered), self._refused)

    async def _send(self, arrival: Arrival) -> None:
        job = make_job(adapter=ADAPTER, photo=_PHOTO, person=f"person {arrival.person}")
        self._came[job.id] = (arrival.person, time.perf_counter())
        try:
            await self._queue.submit(job)
        except (QueueFull, PersonBusy):
            self._refused += 1
            del self._came[job.id]

    async def _read(self) -> None:
        while self._came or not self._all_sent:
            for delivery in await self._queue.take_replies(ADAPTER, "bench", wait=0.5):
                now = time.perf_counter()
                person, came = self._came.pop(delivery.reply.job_id)
                self._answered.append(Answered(person, came, came, now, 1))
                await self._queue.done(ADAPTER, delivery)


_PHOTO = jpeg()

MEASUREMENT = Measurement(
    name="capacity",
    title="Simulation against the real thing",
    about=(
        "The same photos at the same times, once through a real Redis to worker processes that "
        f"take {_PLANT.batch_seconds} s a batch and {_PLANT.photo_seconds} s a photo more, up to "
        f"{_PLANT.max_batch} at once, and once through `benchmarks/simulation.py`. Twelve people "
        "send at random; at most 60 photos are accepted at a time, ten of a person."
    ),
    pieces={name: partial(_measure, *case) for name, case in CASES.items()},
)
