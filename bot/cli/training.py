"""Commands that train a model and score it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import BeamSize, Device, Reader


def train(
    config: Annotated[Path, typer.Argument(help="A run's TOML file, see training/configs/.")],
    data: Annotated[
        Path | None, typer.Option(help="The folder of data sets; the file's `data` otherwise.")
    ] = None,
    runs: Annotated[Path, typer.Option(help="Where run folders are made.")] = Path("runs"),
    cache: Annotated[
        Path | None, typer.Option(help="Where decoded photos are kept; in the run otherwise.")
    ] = None,
    device: Device = None,
    save_every: Annotated[
        float, typer.Option(min=0, help="Seconds between two saves of where it stands.")
    ] = 60.0,
    accept_changed_data: Annotated[
        bool,
        typer.Option("--accept-changed-data", help="Go on though data sets are not as they were."),
    ] = False,
) -> None:
    """Train a checkpoint, or go on with a run that was stopped.

    Stopping (Ctrl-C, SIGTERM, even a kill) loses a minute at most: give the same command again.

    On several GPUs: torchrun --standalone --nproc-per-node=gpu -m bot.cli train CONFIG.
    """
    from bot.commands.train import TrainOptions, train_run

    options = TrainOptions(
        data=data,
        runs=runs,
        cache=cache,
        device=device,
        save_every=save_every,
        accept_changed_data=accept_changed_data,
    )
    train_run(config, options)


def evaluate(
    checkpoint: Annotated[
        Path | None, typer.Argument(help="A checkpoint; the bundled one otherwise.")
    ] = None,
    data: Annotated[
        Path, typer.Option(help="A data set in its own layout; see docs/training.md.")
    ] = Path("../shared/flickr8k"),
    split: Annotated[
        str, typer.Option(help="train, dev or test, or as the data set says.")
    ] = "dev",
    reader: Reader = None,
    beam_size: BeamSize = 5,
    beam_sizes: Annotated[
        str | None, typer.Option(help="A table of these beside it, like 1-10 or 1,3,5.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first photos.")] = None,
    captions: Annotated[
        Path | None, typer.Option(help="Write each photo's caption here, as JSON lines.")
    ] = None,
    gallery: Annotated[
        Path | None, typer.Option(help="Write a page of the best, median and worst captions.")
    ] = None,
    model_card: Annotated[
        Path | None, typer.Option(help="Write a model card from the scores, as Markdown.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help="For the card: the run's folder, for how its stages went.")
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(help="For the card: NAME=FILE, another model's evaluation with --json."),
    ] = None,
    float32: Annotated[
        Path | None, typer.Option(help="For the card: that of the weights before `shrink`.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="The last line printed is one JSON object.")
    ] = False,
    device: Device = None,
) -> None:
    """Score a checkpoint as the papers do: BLEU, ROUGE-L, CIDEr-D over beam-search captions."""
    from bot.commands.evaluate import EvaluateOptions, evaluate_checkpoint

    options = EvaluateOptions(
        data=data,
        split=split,
        reader=reader,
        beam_size=beam_size,
        beam_sizes=beam_sizes,
        limit=limit,
        captions_file=captions,
        gallery=gallery,
        model_card=model_card,
        run=run,
        compare=compare or (),
        float32=float32,
        as_json=json,
        device=device,
    )
    evaluate_checkpoint(checkpoint, options)
