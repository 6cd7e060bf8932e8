"""`captionbot data`."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from training.data.check import Finding, Kind, Report, check_folder
from training.data.registry import reader_named


def check_data(
    folder: Path, *, reader: str | None, split: str | None, as_json: bool, fast: bool, show: int
) -> bool:
    """Look for what is wrong with a data set and print it; False if something is."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("looking at photos", total=None)
        report = check_folder(
            folder,
            reader=reader_named(reader) if reader else None,
            split=split,
            fast=fast,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )
    if as_json:
        typer.echo(json.dumps(_document(report)))
    else:
        _print_lines(report, show)
        _print_summary(report)
    return not report.findings


def _document(report: Report) -> dict[str, object]:
    return {
        "folder": str(report.folder),
        "reader": report.reader,
        "decoded": report.decoded,
        "splits": {
            split: {"photos": photos, "captions": report.captions[split]}
            for split, photos in report.photos.items()
        },
        "counts": {kind.value: n for kind, n in Counter(f.kind for f in report.findings).items()},
        "notes": list(report.notes),
        "findings": [
            {
                "kind": finding.kind.value,
                "stops_a_run": finding.kind.stops_a_run,
                "where": finding.where,
                "photo": finding.photo,
                "text": finding.text,
            }
            for finding in report.findings
        ],
    }


def _print_lines(report: Report, show: int) -> None:
    by_kind: dict[Kind, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_kind[finding.kind].append(finding)
    for kind, findings in by_kind.items():
        for finding in findings[: show or None]:
            name = f"{finding.photo} " if finding.photo else ""
            typer.echo(_plain(f"{finding.where}: {kind}: {name}{finding.text}"))
        if show and len(findings) > show:
            typer.echo(f"… and {len(findings) - show} more of “{kind}”: --show 0 prints all")
    for note in report.notes:
        typer.echo(_plain(f"note: {note}"))


def _print_summary(report: Report) -> None:
    how = "" if report.decoded else ", photos not decoded"
    table = Table(title=Text(f"{report.folder} as {report.reader}{how}"))
    table.add_column("")
    table.add_column("", justify="right")
    table.add_column("")
    for split, photos in report.photos.items():
        table.add_row(Text(split), f"{photos:,}", f"photos, {report.captions[split]:,} captions")
    table.add_section()
    for kind, count in Counter(finding.kind for finding in report.findings).items():
        table.add_row(kind, f"{count:,}", "stops a run" if kind.stops_a_run else "worth a look")
    if not report.findings:
        table.add_row("nothing to put right", "", "")
    Console().print(table)


def _plain(text: str) -> str:
    """One line without what could steer a terminal: names and captions may hold anything."""
    return "".join(c if c.isprintable() else " " for c in text)
