"""Runs pieces one after the other, tells how it goes, and loses nothing when interrupted."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import BackgroundLoad, this_machine
from benchmarks.measurement import BenchContext, Measurement
from benchmarks.results import Piece, Record, Results, Statistic


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of one measurement."""

    measurement: Measurement
    piece: str

    @property
    def name(self) -> str:
        """What it is called on screen and in an unfinished run."""
        return f"{self.measurement.name}: {self.piece}"


def tasks_of(measurements: Sequence[Measurement]) -> list[Task]:
    """All pieces, in order."""
    return [Task(one, piece) for one in measurements for piece in one.pieces]


def measure(
    tasks: Sequence[Task], results: Results, *, effort: float = 1.0, resumable: bool = False
) -> bool:
    """Measure pieces and keep each as soon as it is there; whether all of them worked.

    With `resumable`, what an unfinished run has done is not done again, and this one can be
    continued in turn. A piece that fails is told, the others go on, and the results say so in a
    sentence, without what it said, which may be of this machine alone.
    """
    done = results.done() if resumable else []
    left = [task for task in tasks if task.name not in done]
    if done:
        _say(f"continuing: {len(tasks) - len(left)} of {len(tasks)} pieces are done")
    machine, well = this_machine().as_dict(), True
    with tempfile.TemporaryDirectory(prefix="captionbot-bench-") as folder:
        for number, task in enumerate(left, len(tasks) - len(left) + 1):
            progress = _Progress(f"[{number}/{len(tasks)}] {task.name}")
            others, started, failure = BackgroundLoad(), time.monotonic(), ""
            try:
                own = Path(tempfile.mkdtemp(dir=folder))
                bench = BenchContext(own, Path(folder), effort, progress.tell)
                record = task.measurement.pieces[task.piece](bench)
            except Exception as error:  # noqa: BLE001 - the other pieces are worth having all the same
                failure = f"failed: {type(error).__name__}: {error}"
                record = Record(skipped=f"it failed, with {type(error).__name__}")
            results.keep(
                task.measurement.name,
                task.piece,
                Piece(
                    record,
                    datetime.now(UTC).date().isoformat(),
                    round(time.monotonic() - started, 1),
                    others.cores(),
                    machine,
                ),
            )
            well = well and not failure
            if resumable and not failure:
                done = [*done, task.name]
                results.note_done(done)
            progress.end(failure or _told(record))
    if resumable and well:
        results.finish()
    return well


def _told(record: Record) -> str:
    if record.skipped:
        return f"not measured here: {record.skipped}"
    name, figure = next(iter(record.figures.items()))
    return f"{name} {spoken(figure)}"


def spoken(figure: Statistic) -> str:
    """A figure for people: its median and, where it varied, its quartiles."""
    unit = f" {figure.unit}" if figure.unit else ""
    if figure.count == 1 or figure.low == figure.high:
        return f"{number(figure.median)}{unit}"
    return f"{number(figure.median)}{unit} ({number(figure.low)} – {number(figure.high)})"


def number(value: float) -> str:
    """A number with three digits that mean something, thousands apart."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"


class _Progress:
    """A line on the terminal that changes while a piece is measured; plain lines elsewhere."""

    def __init__(self, title: str) -> None:
        self._title, self._started = title, time.monotonic()
        self._live = sys.stderr.isatty()
        self.tell("…")

    def tell(self, text: str) -> None:
        if self._live:
            print(f"\r\x1b[K{self._title}  {text}", end="", file=sys.stderr, flush=True)

    def end(self, text: str) -> None:
        start = "\r\x1b[K" if self._live else ""
        took = time.monotonic() - self._started
        print(f"{start}{self._title}  {text}  in {took:.0f} s", file=sys.stderr, flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
