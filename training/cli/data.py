"""`captionbot data`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from captioner.cli.options import Device, Reader, settings_of

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
    from training.data.check.report import print_json, print_lines, print_summary
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
        print_json(report)
    else:
        print_lines(report, show)
        print_summary(report)
    raise typer.Exit(1 if report.findings else 0)


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
