"""`captionbot weights calibrate`, `engine` and `average`: what is done to trained checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from captioner.cli.options import Device, Reader, settings_of
from captioner.errors import UsageError


def add_to_weights(weights: typer.Typer) -> None:
    """Give the `weights` group the commands of this module."""
    for command in (calibrate, engine, average):
        weights.command()(command)


def calibrate(
    context: typer.Context,
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint; it is changed in place.")],
    data: Annotated[Path, typer.Option(help="A data set in its own layout.")],
    split: Annotated[str, typer.Option(help="One that it was not trained on.")] = "dev",
    reader: Reader = None,
    language: Annotated[
        str | None,
        typer.Option(help="The captions' language, such as de; by default the checkpoint's first."),
    ] = None,
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
        language=language,
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
    from training.cli.calibrate import prepare_engine

    prepare_engine(checkpoint, data=data, split=split, reader=reader, photos=photos)


def average(
    one: Annotated[Path, typer.Argument(help="A checkpoint.")],
    other: Annotated[Path, typer.Argument(help="Another of the same model.")],
    target: Annotated[Path, typer.Argument(help="Where to write what lies between them.")],
    share: Annotated[float, typer.Option(min=0, max=1, help="How much of the other.")] = 0.5,
) -> None:
    """Average the weights of two checkpoints that were trained on from the same weights."""
    from training.average import average as averaged

    try:
        averaged(one, other, share=share).save(target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error
    typer.echo(f"{target}: {1 - share:.0%} of {one}, {share:.0%} of {other}")
