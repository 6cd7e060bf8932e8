"""The long form: `python -m tests.fuzz`, or `make fuzz`.

Prints its seed, progress, and what became of the inputs of each format. With the seed, the same
inputs are made again; what was found is kept in files.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.fuzz.campaign import Doors, Figures, Finding, fuzz, save, shares
from tests.fuzz.targets import every

_FINDINGS = Path("build/fuzz")


async def campaign(options: argparse.Namespace) -> dict[str, Figures]:
    """Put all inputs through all doors, one door after the other."""
    targets = every()
    chosen = [targets[name] for name in options.only or targets]
    all_figures = {}
    with Progress(console=Console(stderr=True)) as progress:
        async with Doors(processes=options.processes) as doors:
            for target, inputs in shares(chosen, options.inputs):
                bar = progress.add_task(target.name, total=inputs)
                figures = await fuzz(
                    doors, target, range(inputs), seed=options.seed, at_once=options.processes,
                    done=partial(progress.advance, bar),
                )  # fmt: skip
                all_figures[target.name] = figures
                if not progress.console.is_terminal:  # there, no bar is to be seen
                    progress.console.print(f"{target.name}: {dict(figures.verdicts)}")
                for finding in figures.findings[:20]:
                    progress.console.print(_told(finding, save(finding, options.findings)))
    return all_figures


def _told(finding: Finding, path: Path) -> str:
    return f"[red]{finding.target} {finding.number}[/red] {path}: {finding.said}"


def table(figures: dict[str, Figures]) -> Table:
    """The figures of a run, a line a format."""
    shown = Table("format", "inputs", "accepted", "refused", "findings", "CPU s", "why")
    total = Figures()
    for name, own in figures.items():
        shown.add_row(name, *_cells(own), _reasons(own))
        total.inputs += own.inputs
        total.verdicts += own.verdicts
        total.slowest = max(total.slowest, own.slowest)
    shown.add_row("all", *_cells(total), "", style="bold")
    return shown


def _cells(own: Figures) -> Sequence[str]:
    counts = (own.inputs, *(own.verdicts[v] for v in ("accepted", "refused", "finding")))
    return (*(f"{count:,}" for count in counts), f"{own.slowest:.2f}")


def _reasons(own: Figures) -> str:
    return "\n".join(f"{count:,} {reason}" for reason, count in own.refusals.most_common(8))


def main() -> int:
    """Run; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=25_000, help="in all")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", nargs="*", choices=sorted(every()), metavar="FORMAT")
    parser.add_argument("--processes", type=int, default=2, help="at a time")
    parser.add_argument("--findings", type=Path, default=_FINDINGS, help="where they are kept")
    options = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)  # a file has no width
    console.print(f"seed {options.seed}; again with --seed {options.seed}")
    os.environ.setdefault("SVT_LOG", "1")  # an encoder that says what it does, in our progress
    begun = time.monotonic()
    figures = asyncio.run(campaign(options))
    console.print(table(figures))
    console.print(f"{time.monotonic() - begun:.0f} s; seed {options.seed}")
    return 1 if any(own.findings for own in figures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
