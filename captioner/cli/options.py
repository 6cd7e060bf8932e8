"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from captioner.loading import ModelSettings

BeamSize = Annotated[int, typer.Option(min=1, max=20, help="Beams of the search.")]
CheckpointOption = Annotated[
    Path | None,
    typer.Option(
        help="A checkpoint or its name in `weights list`; CAPTIONBOT_CHECKPOINT or the bundled one "
        "otherwise."
    ),
]
Device = Annotated[
    str | None, typer.Option(help="auto, cpu, cuda or cuda:N; CAPTIONBOT_DEVICE otherwise.")
]
Reader = Annotated[
    str | None, typer.Option(help="flickr8k, flickr30k, coco-captions…; guessed otherwise.")
]


def why_not_writable(path: Path) -> str | None:
    """Why no file could be written there; None where one could."""
    if path.is_dir():
        return "it is a folder"
    if not path.parent.is_dir():
        return "there is no such folder"
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return "permission denied"
    return None


def settings_of(context: typer.Context) -> ModelSettings:
    """The settings, loaded by the root command; raises what that raises.

    The captioner does not know where settings come from: the root command puts a function that
    loads them into the context.
    """
    return cast("Callable[[], ModelSettings]", context.find_root().obj)()
