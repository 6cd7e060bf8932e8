"""The queueing part of the service as a discrete-event simulation.

People send photos, a queue with lanes keeps them in the order that `captioner.queue` promises, and
workers take batches whose time is known. Everything else (Redis, processes, networks) is left
away: what comes out is what the rules alone make of a load, in a fraction of its time and for more
workers than one machine can run. `benchmarks.measurements.capacity` holds it against the real
queue and real worker processes.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

from benchmarks.results import percentile
from captioner.queue.common import LANES, LONG_WAIT, SHARE
from captioner.worker.pipeline import QUICKEST

_Events = Generator[simpy.Event, object, None]  # what a process of simpy is


@dataclass(frozen=True, slots=True)
class Arrival:
    """A photo that comes."""

    at: float  # seconds
    person: int


@dataclass(frozen=True, slots=True)
class WorkerSpeed:
    """The workers: how many, how large their batches, how long they take for them."""

    workers: int
    max_batch: int
    batch_seconds: float  # whatever the batch's size
    photo_seconds: float  # for each photo of it
    depth: int = 1000  # jobs waiting or held; more are refused
    per_person: int = 10

    @property
    def capacity(self) -> float:
        """Photos a second, at the most: with full batches and no pause."""
        whole = self.batch_seconds + self.max_batch * self.photo_seconds
        return self.workers * self.max_batch / whole


@dataclass(frozen=True, slots=True)
class Answered:
    """A photo's way: when it came, when the model began with it, and in a batch of how many."""

    person: int
    came: float
    begun: float
    answered: float
    batch: int

    @property
    def seconds(self) -> float:
        """From coming to its answer."""
        return self.answered - self.came


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a load."""

    answered: tuple[Answered, ...]  # in the order in which that was
    refused: int

    @property
    def rate(self) -> float:
        """Photos a second, from the first that came to the last answer."""
        if not self.answered:
            return 0.0
        first = min(one.came for one in self.answered)
        return len(self.answered) / (max(one.answered for one in self.answered) - first)

    def wait(self, share: float) -> float:
        """The seconds within which a share (0…1) of the photos was answered."""
        return percentile([one.seconds for one in self.answered], share)


def poisson(rate: float, seconds: float, *, people: int, seed: int = 0) -> list[Arrival]:
    """Photos of people who know nothing of each other: `rate` a second, for some seconds."""
    dice = random.Random(seed)
    arrivals: list[Arrival] = []
    at = dice.expovariate(rate)
    while at < seconds:
        arrivals.append(Arrival(at, dice.randrange(people)))
        at += dice.expovariate(rate)
    return arrivals


def simulate(plant: WorkerSpeed, arrivals: Sequence[Arrival]) -> Outcome:
    """What becomes of photos that come at these times, in this order."""
    return _Simulation(plant, arrivals).run()


@dataclass(frozen=True, slots=True)
class _Job:
    person: int
    came: float


class _Simulation:
    def __init__(self, plant: WorkerSpeed, arrivals: Sequence[Arrival]) -> None:
        self._plant, self._arrivals = plant, arrivals
        self._env = simpy.Environment()
        self._lanes: list[deque[_Job]] = [deque() for _ in range(LANES)]
        self._in_flight: Counter[int] = Counter()
        self._taken = 0  # jobs, ever
        self._news = self._env.event()
        self._answered: list[Answered] = []
        self._refused = 0

    def run(self) -> Outcome:
        self._env.process(self._people())
        for _ in range(self._plant.workers):
            self._env.process(self._worker())
        self._env.run()
        return Outcome(tuple(self._answered), self._refused)

    def _people(self) -> _Events:
        for arrival in self._arrivals:
            yield self._env.timeout(arrival.at - self._env.now)
            own = self._in_flight[arrival.person]
            if self._in_flight.total() >= self._plant.depth or own >= self._plant.per_person:
                self._refused += 1
                continue
            self._lanes[min(own, LANES - 1)].append(_Job(arrival.person, self._env.now))
            self._in_flight[arrival.person] += 1
            self._news.succeed()
            self._news = self._env.event()

    def _worker(self) -> _Events:
        plant, ahead, lasted = self._plant, list[_Job](), 0.0
        while True:
            batch = ahead or self._take(plant.max_batch)
            if not batch:
                yield self._news
                continue
            begun, ahead = self._env.now, []
            took = plant.batch_seconds + plant.photo_seconds * len(batch)
            yield from self._gather(ahead, begun + took, lasted)
            lasted = took
            for job in batch:
                self._in_flight[job.person] -= 1
                self._answered.append(
                    Answered(job.person, job.came, begun, self._env.now, len(batch))
                )

    def _gather(self, ahead: list[_Job], until: float, lasted: float) -> _Events:
        """The next batch, as `captioner.worker.pipeline` takes it while the model has one."""
        pause = lasted / 2
        while (room := self._plant.max_batch - len(ahead)) > 0:
            look = self._env.now + max(pause, QUICKEST)
            if look >= until:
                break
            yield self._env.timeout(look - self._env.now)
            ahead += self._take(room)
            pause = lasted / 4
        yield self._env.timeout(until - self._env.now)

    def _take(self, room: int) -> list[_Job]:
        """As `captioner.queue` takes: a share for who waited too long, else lane by lane."""
        owed = (self._taken + room) // SHARE - self._taken // SHARE
        found: list[_Job] = []
        while owed > len(found) and (lane := self._overdue()):
            found.append(lane.popleft())
        for lane in self._lanes:
            while lane and len(found) < room:
                found.append(lane.popleft())
        self._taken += len(found)
        return found

    def _overdue(self) -> deque[_Job] | None:
        longest = min((lane for lane in self._lanes if lane), key=lambda lane: lane[0].came,
                      default=None)  # fmt: skip
        if longest is None or longest[0].came > self._env.now - LONG_WAIT:
            return None
        return longest


@dataclass(frozen=True, slots=True)
class Served:
    """A job that was taken from the queue; times in seconds by any one clock."""

    person: str
    queued: float
    taken: float


def latest_before_a_first(served: Sequence[Served]) -> int:
    """The highest number of a photo that was taken while another person's first one waited.

    Photos are numbered by person in the order in which they were queued, from 1. Fair is what
    keeps this small: 20 means that somebody's first photo waited behind another's twentieth.
    """
    numbers: Counter[str] = Counter()
    numbered: list[tuple[int, Served]] = []
    for one in sorted(served, key=lambda one: one.queued):
        numbers[one.person] += 1
        numbered.append((numbers[one.person], one))
    firsts = [one for number, one in numbered if number == 1]
    return max(
        (
            number
            for number, one in numbered
            for first in firsts
            if first.person != one.person and first.queued < one.taken < first.taken
        ),
        default=0,
    )
