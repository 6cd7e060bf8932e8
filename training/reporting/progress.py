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
        """Show and log the numbers of every twentieth step."""
        if done % 20 != 0 and done != self._total:
            return
        note = " ".join(f"{k} {v:.3f}" for k, v in numbers.items())
        self._progress.update(self._bar, completed=done, note=note)
        self._write({"step": done, **numbers})
        self._plot("train", done, numbers)
        if not self._console.is_terminal and done % 200 == 0:
            self._console.log(f"{self._name} {done}/{self._total} {note}")

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
