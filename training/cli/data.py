"""`captionbot data`: what a check of a data set finds, and captions by a model for its photos."""

from __future__ import annotations

from collections import Counter, defaultdict
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from captioner.cli.options import Device, Reader, settings_of

if TYPE_CHECKING:
    from training.data.check import DatasetReport, Finding, FindingKind

data = typer.Typer(help="Look into data sets.", no_args_is_help=True)


@data.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A data set in its own layout.")],
    reader: Reader = None,
    split: Annotated[str | None, typer.Option(help="One split; all otherwise.")] = None,
    json: Annotated[
        bool, typer.Option("--json", help="The last line printed is one JSON object.")
    ] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Do not decode the photos.")] = False,
    show: Annotated[int, typer.Option(min=0, help="Lines of each kind at most; 0: all.")] = 50,
) -> None:
    """Say what is wrong with a data set before a long run does.

    Missing, damaged and duplicated photos and captions, photos that two splits share.
    Exit status 0 if there is nothing to say, 1 if there is, 2 if it cannot be read.
    """
    from rich.console import Console
    from rich.progress import Progress

    from training.data.check import check_folder
    from training.data.registry import get_reader

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("looking at photos", total=None)
        report = check_folder(
            folder,
            reader=get_reader(reader) if reader else None,
            split=split,
            fast=fast,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )
    if json:
        _print_json(report)
    else:
        _print_lines(report, show)
        _print_summary(report)
    raise typer.Exit(1 if report.findings else 0)


def _print_json(report: DatasetReport) -> None:
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
    typer.echo(dumps(document))


def _print_lines(report: DatasetReport, show: int) -> None:
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


def _print_summary(report: DatasetReport) -> None:
    """Print a table of what was looked at and how many findings of each kind there are."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    how = "" if report.decoded else ", photos not decoded"
    table = Table(title=Text(f"{report.folder} as {report.reader}{how}"), show_header=False)
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


@data.command()
def describe(
    context: typer.Context,
    checkpoint: Annotated[Path, typer.Argument(help="The checkpoint that writes the captions.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A data set in its own layout.")],
    out: Annotated[
        Path,
        typer.Option(help="The folder to write to: `described:OUT` in a configuration."),
    ],
    reader: Reader = None,
    split: Annotated[str, typer.Option(help="A split of the data set.")] = "train",
    each: Annotated[int, typer.Option(min=1, help="Captions of each photo at most.")] = 5,
    beam_size: Annotated[int, typer.Option(min=1, max=20, help="Beams of the search.")] = 10,
    device: Device = None,
) -> None:
    """Let a model caption photos, to train another one on them.

    Where the data set says which animals a photo shows, they are named right.
    """
    from rich.console import Console
    from rich.progress import track

    from captioner.loading import load_captioner
    from training.data.registry import read_photos_only
    from training.data.uncaptioned import write_described
    from training.pseudo_captions import pseudo_captions

    photos = read_photos_only(folder, split, reader=reader)
    captioner = load_captioner(settings_of(context), checkpoint, device)
    found = track(
        pseudo_captions(captioner, photos, each=each, beam_size=beam_size),
        "captioning photos",
        total=len(photos),
        console=Console(stderr=True),
    )
    captions = {photo.name: said for photo, said in found}
    path = write_described(out, photos, captions)
    typer.echo(f"{path}: captions of {sum(map(bool, captions.values()))} of {len(photos)} photos")
