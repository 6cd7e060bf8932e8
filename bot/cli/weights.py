"""`captionbot weights`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import Device, Reader

weights = typer.Typer(
    help="Fetch checkpoints, look into them, make them smaller.", no_args_is_help=True
)


@weights.command()
def pull(
    url: Annotated[
        str, typer.Argument(help="An https address; default: CAPTIONBOT_CHECKPOINT_URL.")
    ] = "default",
    to: Annotated[
        Path | None, typer.Option(help="Where to put it; CAPTIONBOT_CHECKPOINT otherwise.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(help="What its SHA-256 must be, as sha256sum prints it.")
    ] = None,
) -> None:
    """Fetch a checkpoint; after a break, the same command goes on where it was.

    The file that was there stays as it is until the new one is whole and checked.
    """
    from bot.commands.pull import pull_checkpoint

    pull_checkpoint(url, target=to, sha256=sha256)


@weights.command()
def shrink(
    source: Annotated[Path, typer.Argument(help="A checkpoint.")],
    target: Annotated[Path, typer.Argument(help="Where to write the small one.")],
) -> None:
    """Store large weights as int8, a quarter of the bytes."""
    from bot.commands.weights import shrink_checkpoint

    shrink_checkpoint(source, target)


@weights.command()
def calibrate(
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
    from bot.commands.calibrate import calibrate_checkpoint
    from bot.commands.evaluate import EvaluateOptions

    options = EvaluateOptions(
        data=data, split=split, reader=reader, beam_size=beam_size, device=device
    )
    calibrate_checkpoint(checkpoint, options)


@weights.command()
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
    from bot.commands.engine import prepare_engine

    prepare_engine(checkpoint, data=data, split=split, reader=reader, photos=photos)


@weights.command()
def show(
    checkpoint: Annotated[
        Path | None, typer.Argument(help="A checkpoint; the bundled one otherwise.")
    ] = None,
) -> None:
    """What a checkpoint is, as JSON.

    Model, vocabulary, preprocessing, provenance and scores.
    """
    from bot.commands.weights import show_checkpoint

    show_checkpoint(checkpoint)
