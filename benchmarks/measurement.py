"""What a measurement is: pieces that can be measured one by one, each giving a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks.models import full_size
from benchmarks.results import Record
from benchmarks.spread import Figure


@dataclass(frozen=True)
class Bench:
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


Run = Callable[[Bench], Record]


@dataclass(frozen=True)
class Measurement:
    """A question, and the pieces of its answer by name."""

    name: str  # what ONLY= takes
    title: str
    about: str  # how it is measured, for whoever reads the numbers
    pieces: Mapping[str, Run] = field(default_factory=dict)
    x_axis: str = ""  # of a sweep: what its pieces' names count


def in_unit(times: list[float], unit: str, per: int = 1) -> Figure:
    """Seconds as a figure in "s" or "ms", each divided by `per`."""
    factor = {"s": 1.0, "ms": 1e3, "µs": 1e6}[unit]
    return Figure.of([t * factor / per for t in times], unit)
