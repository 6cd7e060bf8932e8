"""The report of `captionbot data check`: its findings, and how it is printed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from training.data.reader_base import shortened


class FindingKind(StrEnum):
    """The kinds of findings, in the order of a report."""

    BROKEN = "broken entry"
    MISSING = "missing photo"
    DAMAGED = "damaged photo"
    NO_CAPTION = "photo without caption"
    OVERLAP = "photo in two splits"
    SUSPECT = "photo looks damaged"
    SAME_FILE = "same file twice"
    SAME_PIXELS = "same pixels twice"
    ALIKE = "near duplicate"
    FEW = "fewer captions than others"
    REPEATED = "caption repeated"
    SHORT = "caption too short"
    LONG = "caption too long"
    CHARACTERS = "caption with odd characters"
    MARKUP = "caption with HTML"

    @property
    def stops_a_run(self) -> bool:
        """Whether training refuses to start; the other kinds are only worth a look."""
        return self in {
            FindingKind.BROKEN,
            FindingKind.MISSING,
            FindingKind.DAMAGED,
            FindingKind.NO_CAPTION,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a data set, and its place."""

    kind: FindingKind
    where: str  # `FILE:LINE` or `FILE, KEY[INDEX]`
    photo: str  # its name, "" where an entry names none
    text: str

    def __post_init__(self) -> None:
        for name in ("where", "photo", "text"):
            object.__setattr__(self, name, shortened(getattr(self, name)))


@dataclass(frozen=True)
class DatasetReport:
    """The result of checking a folder."""

    folder: Path
    reader: str
    decoded: bool  # whether photos were decoded; else only their bytes were compared
    photos: dict[str, int]  # of each split
    captions: dict[str, int]
    findings: tuple[Finding, ...]  # by kind
    notes: tuple[str, ...]  # worth knowing, nothing to correct


def print_json(report: DatasetReport) -> None:
    """Print the report as one line of JSON."""
    document = {
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
    typer.echo(json.dumps(document))


def print_lines(report: DatasetReport, show: int) -> None:
    """Print the findings, at most `show` of each kind (0: all), and the notes."""
    by_kind: dict[FindingKind, list[Finding]] = defaultdict(list)
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


def print_summary(report: DatasetReport) -> None:
    """Print a table of what was looked at and how many findings of each kind there are."""
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
    """The text without control characters, as names and captions may hold anything."""
    return "".join(c if c.isprintable() else " " for c in text)
