"""What is shown and logged of a stage as it goes."""

from __future__ import annotations

import json
import time
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Report:
    """A bar on the console, and `log.jsonl`: one JSON object a line."""

    def __init__(self, console: Console, name: str, total: int, log: Path) -> None:
        self._console, self._name, self._total, self._log = console, name, total, log
        self.progress = _progress(console)

    def begin(self, step: int) -> None:
        """Show how far it is."""
        self._bar = self.progress.add_task(self._name, total=self._total, completed=step, note="")

    def step(self, done: int, numbers: dict[str, float]) -> None:
        """Show and log a step's numbers, now and then."""
        if done % 20 != 0 and done != self._total:
            return
        note = " ".join(f"{k} {v:.3f}" for k, v in numbers.items())
        self.progress.update(self._bar, completed=done, note=note)
        self._write({"step": done, **numbers})
        if not self._console.is_terminal and done % 200 == 0:
            self._console.log(f"{self._name} {done}/{self._total} {note}")

    def validation(self, done: int, epoch: float, scores: dict[str, float]) -> None:
        """Show and log a validation."""
        text = " ".join(f"{k} {v:.4f}" for k, v in scores.items())
        self._console.log(f"{self._name} epoch {epoch:.1f}: {text}")
        self._write({"step": done, "validation": scores})

    def _write(self, record: dict[str, object]) -> None:
        line = json.dumps({"time": round(time.time(), 1), "stage": self._name, **record})
        with self._log.open("a", encoding="utf-8") as log:
            log.write(line + "\n")


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
