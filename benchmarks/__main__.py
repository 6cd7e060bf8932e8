"""`python -m benchmarks`: measure, judge, and write the pages."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.bars import BARS, Bar, CheckedBar, Verdict, judge, missed
from benchmarks.measurement import Measurement
from benchmarks.measurements import MEASUREMENTS, find
from benchmarks.results import COMMITTED, Results
from benchmarks.running import Task, measure, number, spoken, tasks_of

app = typer.Typer(
    name="python -m benchmarks",
    help=(
        "What CaptionBot costs, measured beside what it could cost at least.\n\n"
        "Every number is the median of rounds in which the contenders took turns, so that a busy "
        "machine slows all of them; beside it stand the quartiles. Each measurement consists of "
        "pieces, and each piece is kept in benchmarks/results/ as soon as it is there."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Folder = Annotated[Path, typer.Option(help="Where results are kept.")]
Effort = Annotated[
    float, typer.Option(min=0.05, max=10, help="Scales rounds and seconds; 0.2 for a look.")
]


@app.command("list")
def list_measurements() -> None:
    """What there is to measure, and its pieces."""
    for one in MEASUREMENTS:
        print(f"{one.name:18}{one.title}")
        print(f"{'':18}  {', '.join(one.pieces)}")


@app.command()
def run(
    only: Annotated[
        list[str] | None, typer.Argument(help="Measurements, by name; all otherwise.")
    ] = None,
    piece: Annotated[str | None, typer.Option(help="One piece of the measurement alone.")] = None,
    effort: Effort = 1.0,
    results: Folder = COMMITTED,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew, although a run was interrupted.")
    ] = False,
) -> None:
    """Measure. A run of everything that was interrupted goes on where it stopped."""
    chosen = _chosen(only or [], piece)
    kept = Results(results)
    for one in MEASUREMENTS:
        kept.forget_others(one.name, list(one.pieces))
    if fresh:
        kept.finish()
    raise typer.Exit(0 if measure(chosen, kept, effort=effort, resumable=not only) else 1)


@app.command()
def check(
    saved: Annotated[
        bool, typer.Option("--saved", help="Judge the results that are kept; measure nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Times count too, which a busy machine spoils.")
    ] = False,
    effort: Effort = 0.3,
    results: Folder = COMMITTED,
) -> None:
    """Measure what there is a bar for, and say which bars are met.

    Exit status 1 if one is missed that does not depend on the machine's mood (ratios, memory and
    counts), or if a measurement fails. What is measured here is not kept.
    """

    def counts(bar: Bar) -> bool:
        return bar.steady or strict

    well = True
    if saved:
        judged = judge(Results(results))
    else:
        with tempfile.TemporaryDirectory(prefix="captionbot-check-") as folder:
            well = measure(_with_bars(counts), Results(Path(folder)), effort=effort)
            judged = judge(Results(Path(folder)))
    _show([one for one in judged if counts(one.bar) or one.figure])
    failed = missed(judged, among=counts)
    raise typer.Exit(1 if failed or not well else 0)


@app.command()
def render(
    results: Folder = COMMITTED,
    docs: Annotated[Path, typer.Option(help="Where the pages are written.")] = Path("docs"),
) -> None:
    """Write docs/benchmarks.md and docs/capacity.md, with their plots, from the results."""
    from benchmarks.pages import write_pages  # noqa: PLC0415 - matplotlib takes its time

    for page in write_pages(Results(results), docs):
        print(page)


def _chosen(only: list[str], piece: str | None) -> list[Task]:
    found: list[Measurement] = []
    for name in only:
        one = find(name)
        if one is None:
            raise typer.BadParameter(
                f"{name}: no such measurement; see `python -m benchmarks list`"
            )
        found.append(one)
    tasks = tasks_of(found or MEASUREMENTS)
    if piece is None:
        return tasks
    chosen = [task for task in tasks if task.piece == piece]
    if not chosen or not only:
        raise typer.BadParameter(f"{piece}: name the measurement that has this piece")
    return chosen


def _with_bars(counts: Callable[[Bar], bool]) -> list[Task]:
    wanted = {(bar.measurement, bar.piece) for bar in BARS if counts(bar)}
    return [t for t in tasks_of(MEASUREMENTS) if (t.measurement.name, t.piece) in wanted]


_STYLES = {
    Verdict.AIM: "green",
    Verdict.BAR: "green",
    Verdict.MISSED: "bold red",
    Verdict.UNKNOWN: "yellow",
}


def _show(judged: list[CheckedBar]) -> None:
    table = Table("", "measured", "bar", "aim", "")
    for one in judged:
        sign = "≤" if one.bar.at_most else "≥"
        table.add_row(
            one.bar.what,
            spoken(one.figure) if one.figure else one.why_not,
            f"{sign} {number(one.bar.bar)} {one.bar.unit}",
            f"{sign} {number(one.bar.aim)} {one.bar.unit}",
            one.verdict.value,
            style=_STYLES[one.verdict],
        )
    Console(width=None if sys.stdout.isatty() else 140).print(table)


if __name__ == "__main__":
    app()
