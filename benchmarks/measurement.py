"""What a measurement is: pieces that can be measured one by one, each giving a record."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count
from pathlib import Path

from benchmarks.models import full_size
from benchmarks.results import Record, Statistic


@dataclass(frozen=True)
class BenchContext:
    """What a piece works with: folders that are gone afterwards, how long to go on, whom to tell.

    `folder` is the piece's own, for servers that would find what others left in theirs.

    `effort` scales rounds and seconds: 1 for a run that is to be published, less for a look.
    """

    folder: Path
    models: Path  # of all pieces of a run
    effort: float = 1.0
    say: Callable[[str], object] = lambda _: None

    def rounds(self, full: int) -> int:
        """How many rounds to measure."""
        return max(3, round(full * self.effort))

    def seconds(self, full: float) -> float:
        """For how long to measure at most, once there were three rounds."""
        return full * self.effort

    def round_done(self, number: int) -> None:
        """Tell that a round is over."""
        self.say(f"round {number}")

    @cached_property
    def checkpoint(self) -> Path:
        """The full-size model; see `benchmarks.models`."""
        return full_size(self.models / "full-size.safetensors")


Run = Callable[[BenchContext], Record]


@dataclass(frozen=True)
class Measurement:
    """A question, and the pieces of its answer by name."""

    name: str  # what ONLY= takes
    title: str
    about: str  # how it is measured, for whoever reads the numbers
    pieces: Mapping[str, Run] = field(default_factory=dict)
    x_axis: str = ""  # of a sweep: what its pieces' names count


def in_unit(times: list[float], unit: str, per: int = 1) -> Statistic:
    """Seconds as a figure in "s" or "ms", each divided by `per`."""
    factor = {"s": 1.0, "ms": 1e3, "µs": 1e6}[unit]
    return Statistic.of([t * factor / per for t in times], unit)


LEAST_ROUNDS = 3

Times = dict[str, list[float]]  # seconds, one a round
AfterRound = Callable[[int], object]


def side_by_side(
    contenders: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    seconds: float = 60.0,
    warm_up: int = 1,
    after_round: AfterRound = lambda _: None,
) -> Times:
    """Seconds that each contender took in each round; `side_by_side_async` says how."""

    def waited_for(run: Callable[[], object]) -> Callable[[], Awaitable[object]]:
        async def waited() -> object:
            return run()

        return waited

    return asyncio.run(
        side_by_side_async(
            {name: waited_for(run) for name, run in contenders.items()},
            rounds=rounds,
            seconds=seconds,
            warm_up=warm_up,
            after_round=after_round,
        )
    )


def side_by_side_with_processor(
    contenders: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    seconds: float = 60.0,
    after_round: AfterRound = lambda _: None,
) -> tuple[Times, Times]:
    """As `side_by_side`, also the seconds of processor time: a busy machine leaves those alone."""
    spent: Times = {name: [] for name in contenders}

    def noted(name: str) -> None:
        began = time.process_time()
        contenders[name]()
        spent[name].append(time.process_time() - began)

    times = side_by_side(
        {name: partial(noted, name) for name in contenders},
        rounds=rounds,
        seconds=seconds,
        after_round=after_round,
    )
    return times, {name: taken[1:] for name, taken in spent.items()}  # without the warm-up


async def side_by_side_async(
    contenders: Mapping[str, Callable[[], Awaitable[object]]],
    *,
    rounds: int,
    seconds: float = 60.0,
    warm_up: int = 1,
    after_round: AfterRound = lambda _: None,
) -> Times:
    """Seconds that each contender took in each round.

    In every round each runs once, and in every other round in the opposite order. Ends after
    `rounds`, or after `seconds` once there were three rounds.
    """
    for _ in range(warm_up):
        for run in contenders.values():
            await run()
    times: Times = {name: [] for name in contenders}
    for number in _rounds(rounds, seconds):
        order = list(contenders) if number % 2 else list(contenders)[::-1]
        for name in order:
            started = time.perf_counter()
            await contenders[name]()
            times[name].append(time.perf_counter() - started)
        after_round(number)
    return times


def _rounds(rounds: int, seconds: float) -> Iterator[int]:
    deadline = time.monotonic() + seconds
    for number in count(1):
        yield number
        if number >= rounds or (number >= LEAST_ROUNDS and time.monotonic() > deadline):
            return
