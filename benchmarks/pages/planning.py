"""From measurements to what so many photos a second take: the numbers of docs/capacity.md."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

from benchmarks.results import Results
from benchmarks.simulation import WorkerSpeed, poisson, simulate

RATES = (10, 1_000, 100_000)  # photos a second
LOAD = 0.7  # of what a part can do, so that a burst finds room
# A worker that gains by batches, as one on a GPU does, at a size at which the queue matters.
LARGE = WorkerSpeed(workers=1, max_batch=16, batch_seconds=0.1, photo_seconds=0.01, depth=100_000)
_PHOTOS = 4_000
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
            seconds = _PHOTOS / (load * plant.capacity)
            arrivals = poisson(load * plant.capacity, seconds, people=_PHOTOS, seed=workers)
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
