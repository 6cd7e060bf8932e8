"""`captionbot data`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from captioner.cli.options import Reader

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
    from training.data.check.printing import check_data

    clean = check_data(folder, reader=reader, split=split, as_json=json, fast=fast, show=show)
    raise typer.Exit(0 if clean else 1)
