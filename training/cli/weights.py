"""`captionbot weights calibrate` and `engine`: what is done to a checkpoint with a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from captioner.cli.options import Device, Reader, settings_of


def add_to_weights(weights: typer.Typer) -> None:
    """Give the `weights` group the commands of this module."""
    for command in (calibrate, engine):
        weights.command()(command)


def calibrate(
    context: typer.Context,
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint; it is changed in place.")],
    data: Annotated[Path, typer.Option(help="A data set in its own layout.")],
    split: Annotated[str, typer.Option(help="One that it was not trained on.")] = "dev",
    reader: Reader = None,
    beam_size: Annotated[int, typer.Option(min=1, max=20, help="As the bot will use.")] = 5,
    device: Device = None,
) -> None:
    """Make the confidence in captions a probability that people can rely on.

    The weights stay as they are; what is found is kept beside them in the file.
    """
    from training.cli.calibrate import calibrate_checkpoint

    calibrate_checkpoint(
        settings_of(context),
        checkpoint,
        data=data,
        split=split,
        reader=reader,
        beam_size=beam_size,
        device=device,
    )


def engine(
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint; it is changed in place.")],
    data: Annotated[Path, typer.Option(help="A data set in its own layout.")],
    split: Annotated[str, typer.Option(help="Which photos of it to look at.")] = "dev",
    reader: Reader = None,
    photos: Annotated[int, typer.Option(min=10, max=5000, help="How many to look at.")] = 200,
) -> None:
    """Make a checkpoint run in int8 on CPUs with OpenVINO, twice as fast as in float32.

    The weights stay as they are; how to make the encoder int8 is kept beside them in the file.
    """
    from training.cli.quantize import prepare_engine

    prepare_engine(checkpoint, data=data, split=split, reader=reader, photos=photos)
