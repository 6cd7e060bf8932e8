"""What so many photos a second take, and whether the simulation behind that is right.

The plan has the numbers of docs/capacity.md: it is made of what other files here measure. The
measurement compares the simulation with the real queue and real worker processes.
"""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cache, partial

from benchmarks.measurement import BenchContext, Measurement
from benchmarks.processes import scripted_worker_process
from benchmarks.results import Record, Results, Statistic
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


RATES = (10, 1_000, 100_000)  # photos a second
LOAD = 0.7  # of what a part can do, so that a burst finds room
# A worker that gains by batches, as one on a GPU does, at a size at which the queue matters.
LARGE = WorkerSpeed(workers=1, max_batch=16, batch_seconds=0.1, photo_seconds=0.01, depth=100_000)
_SIMULATED = 4_000  # photos
GIGABIT = 1e9 / 8  # bytes a second


_Where = tuple[str, str, str]  # measurement, piece, figure
_WORKERS: dict[str, _Where] = {  # on all cores of the machine
    "torch float32, full size": ("encoder", "batch 16", "caption, a photo"),
    "OpenVINO int8, full size": ("engines", "batch 16", "openvino, a photo"),
    "torch float32, bundled": ("encoder", "bundled, batch 1", "caption, a photo"),
    "OpenVINO int8, bundled": ("engines", "bundled, batch 1", "openvino, a photo"),
}
# Processor time, that of the decoding process included.
_BOTS: dict[str, _Where] = {
    "Telegram": ("adapters", "Telegram", "processor time, a photo"),
    "Discord": ("adapters", "Discord", "processor time, a photo"),
    "web": ("service", "throughput, int8", "web process's processor time, a photo"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Something that answers, decodes or carries photos; `rate` photos a second, each."""

    name: str
    rate: float | None  # None where it was not measured
    why_not: str = ""

    def needed(self, photos: float) -> str:
        """How many it takes for so many photos a second, at a load that leaves room."""
        return f"{math.ceil(photos / (self.rate * LOAD)):,}" if self.rate else "not measured"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of each part."""

    workers: tuple[Part, ...]
    bots: tuple[Part, ...]
    redis: Part
    kilobytes: float  # through Redis, a photo, both ways together
    load: float = LOAD
    rates: tuple[int, ...] = RATES

    def gigabits(self, photos: float) -> str:
        """What Redis's network carries for so many photos a second."""
        gigabits = photos * self.kilobytes * 1000 / GIGABIT
        return f"{gigabits:.3g}"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long people wait at a plant of some size, under some load."""

    workers: int
    load: float
    rate: float  # photos a second
    half: float  # seconds within which so many are answered
    most: float
    nearly_all: float


@cache
def simulated() -> tuple[Wait, ...]:
    """Waits of plants that fit on no machine here; the same every time."""
    found = []
    for workers in (1, 10, 100):
        for load in (0.5, 0.7, 0.9):
            plant = replace(LARGE, workers=workers)
            seconds = _SIMULATED / (load * plant.capacity)
            arrivals = poisson(load * plant.capacity, seconds, people=_SIMULATED, seed=workers)
            outcome = simulate(plant, arrivals)
            waits = (outcome.wait(share) for share in (0.5, 0.95, 0.99))
            found.append(Wait(workers, load, load * plant.capacity, *waits))
    return tuple(found)


def plan(results: Results) -> Plan:
    """The plan that these results make."""
    to, back = (_value(results, "counts", "batch 16", f"{way} Redis") for way in ("to", "from"))
    return Plan(
        workers=(
            *(
                _part(results, f"{name}{_on(results, where)}", where)
                for name, where in _WORKERS.items()
            ),
            _gpu(results),
        ),
        bots=tuple(_part(results, name, where) for name, where in _BOTS.items()),
        redis=Part(
            "Redis, one core",
            _value(results, "queue", "throughput", "photos a second and core of Redis"),
        ),
        kilobytes=(to or 0.0) + (back or 0.0),
    )


def _on(results: Results, where: _Where) -> str:
    """The cores of the machine that something was measured on, for its name."""
    piece = results.pieces(where[0]).get(where[1])
    return f", {piece.machine['cores']} cores" if piece else ""


def _value(results: Results, measurement: str, piece: str, figure: str) -> float | None:
    record = results.record(measurement, piece)
    found = record.figures.get(figure) if record else None
    return found.median if found else None


def _part(results: Results, name: str, where: _Where) -> Part:
    """What takes so many milliseconds a photo."""
    milliseconds = _value(results, *where)
    return Part(name, 1000 / milliseconds if milliseconds else None, _why_not(results, where))


def _gpu(results: Results) -> Part:
    where = ("gpu", "batch 256", "captions")
    return Part("a GPU, bf16, full size", _value(results, *where), _why_not(results, where))


def _why_not(results: Results, where: _Where) -> str:
    record = results.record(*where[:2])
    return (record.skipped if record else "") or "not measured here"
