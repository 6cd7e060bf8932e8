"""Shows and logs the progress of a stage: console, `log.jsonl`, TensorBoard."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

_LOGGED = 20  # steps from one record of the log to the next
_PRINTED = 200  # from one line of a console that is no terminal to the next


class ProgressReporter:
    """A progress bar on the console, and `log.jsonl` in the stage's folder (JSON lines).

    If TensorBoard is installed, the same numbers go to its event files in that folder.
    """

    def __init__(
        self, console: Console, name: str, total: int, folder: Path, *, writes: bool = True
    ) -> None:
        """`writes`: whether this process writes files; only one process of a run does."""
        self._console, self._name, self._total = console, name, total
        self._folder, self._writes = folder, writes
        self._progress = _progress(console)
        self._events: SummaryWriter | None = None
        self._latest: dict[str, tuple[int, float]] = {}  # by name, the last step that had it

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()
        if self._events:
            self._events.close()

    def begin(self, step: int) -> None:
        """Begin at a step; TensorBoard drops events of later steps that a killed process wrote."""
        self._bar = self._progress.add_task(self._name, total=self._total, completed=step, note="")
        if self._writes:
            self._events = _events(self._folder, step)

    def step(self, done: int, numbers: dict[str, float]) -> None:
        """Take the numbers of a step, and show and log those of every twenty steps.

        Steps of a stage may have different numbers, because they train on different things: photos
        or texts, one language or another. Of each number the last value counts, so that none of
        them is missing because the twentieth step never is of its kind.
        """
        self._latest |= {name: (done, number) for name, number in numbers.items()}
        if done % _LOGGED != 0 and done != self._total:
            return
        found = self._since(done - (done % _LOGGED or _LOGGED))
        self._progress.update(self._bar, completed=done, note=_note(found))
        self._write({"step": done, **found})
        self._plot("train", done, found)
        if not self._console.is_terminal and done % _PRINTED == 0:
            note = _note(self._since(done - _PRINTED))
            self._console.log(f"{self._name} {done}/{self._total} {note}")

    def _since(self, step: int) -> dict[str, float]:
        """The last value of each number that a later step had."""
        return {name: number for name, (own, number) in self._latest.items() if own > step}

    def validation(self, done: int, epoch: float, scores: dict[str, float]) -> None:
        """Show and log a validation."""
        text = " ".join(f"{k} {v:.4f}" for k, v in scores.items())
        self._console.log(f"{self._name} epoch {epoch:.1f}: {text}")
        self._write({"step": done, "validation": scores})
        self._plot("validation", done, scores)

    def flush(self) -> None:
        """Write buffered events to the disk."""
        if self._events:
            self._events.flush()

    def _write(self, record: dict[str, object]) -> None:
        if not self._writes:
            return
        line = json.dumps({"time": round(time.time(), 1), "stage": self._name, **record})
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def _plot(self, group: str, done: int, numbers: dict[str, float]) -> None:
        if self._events:
            for name, number in numbers.items():
                self._events.add_scalar(f"{group}/{name}", number, done)


def _note(numbers: dict[str, float]) -> str:
    return " ".join(f"{name} {number:.3f}" for name, number in numbers.items())


def _events(folder: Path, step: int) -> SummaryWriter | None:
    try:
        from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415  # seconds, for some
    except ImportError:
        return None
    return SummaryWriter(str(folder), purge_step=step + 1)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
        disable=not console.is_terminal,
    )
