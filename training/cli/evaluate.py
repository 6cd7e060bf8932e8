"""`captionbot evaluate`."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from captioner.cli.options import BeamSize, Device, Reader, settings_of, why_not_writable
from captioner.errors import UsageError
from captioner.queue.messages import UNSURE_BELOW

_MOST_BEAMS = 20


def evaluate(
    context: typer.Context,
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
    language: Annotated[
        str | None,
        typer.Option(help="The captions' language, such as de; by default the model's first."),
    ] = None,
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
    animals: Annotated[
        Path | None, typer.Option(help="For the card: --json's output on photos with boxes.")
    ] = None,
    further: Annotated[
        list[Path] | None,
        typer.Option(
            "--further-language",
            help="For the card: --json's output with --language, once for each language.",
        ),
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(help="For the card: a folder of photos to show, with credits.json."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="The last line printed is one JSON object.")
    ] = False,
    device: Device = None,
) -> None:
    """Score a checkpoint's captions as the papers do.

    BLEU, ROUGE-L and CIDEr-D of captions that beam search found.
    """
    from captioner.loading import load_captioner
    from training.evaluation.grounding import AnimalEvaluation
    from training.reporting.card_confidence import read_animals
    from training.reporting.card_languages import read_examples, read_language
    from training.reporting.card_training import load_evaluation, read_run
    from training.reporting.evaluation import (
        evaluate_with_progress,
        print_animals,
        print_scores,
        write_captions,
        write_gallery,
    )
    from training.reporting.model_card import (
        ModelCardInputs,
        check_can_have_card,
        write_model_card,
    )

    sizes = _sizes(beam_sizes) if beam_sizes else []
    if (run or compare or float32 or animals or further or examples) and not model_card:
        raise UsageError(
            "--run, --compare, --float32, --animals, --further-language and --examples are for "
            "--model-card; say where it goes"
        )
    # before the long part, so that a wrong path is told at once
    _check_writable(captions, gallery, model_card)
    stages = read_run(run) if run else []
    others = [load_evaluation(text) for text in compare or ()]
    before = load_evaluation(f"float32={float32}") if float32 else None
    named = read_animals(animals) if animals else None
    spoken = [read_language(path) for path in further or ()]
    captioner = load_captioner(settings_of(context), checkpoint, device)
    if model_card is not None:
        check_can_have_card(captioner.model, captioner.describe())
    shown = read_examples(examples, captioner) if examples else []
    result = evaluate_with_progress(
        captioner,
        data,
        split=split,
        language=language,
        reader=reader,
        beam_size=beam_size,
        beam_sizes=sizes,
        limit=limit,
    )
    if captions is not None:
        write_captions(captions, result)
    if isinstance(result, AnimalEvaluation):
        if gallery or model_card:
            raise UsageError("--gallery and --model-card need photos that have captions")
        if json:
            typer.echo(dumps(result.as_json(), ensure_ascii=False))
        else:
            print_animals(result, captioner.model)
        return
    if gallery is not None:
        write_gallery(gallery, result, model=captioner.model, unsure_below=UNSURE_BELOW)
    if model_card is not None:
        facts = ModelCardInputs(
            name=captioner.model,
            size_bytes=captioner.path.stat().st_size if captioner.path else 0,
            document=captioner.describe(),
            evaluation=result,
            run=stages,
            others=others,
            float32=before,
            animals=named,
            examples=shown,
            languages=spoken,
        )
        write_model_card(model_card, facts)
    if json:
        typer.echo(dumps(result.as_json(), ensure_ascii=False))
    else:
        print_scores(result, captioner.model)


def _check_writable(*files: Path | None) -> None:
    """Raises UsageError for a file that could not be written where it is wanted."""
    for file in filter(None, files):
        if why := why_not_writable(file):
            raise UsageError(f"{file}: cannot be written: {why}")


def _sizes(text: str) -> list[int]:
    """`1-10` or `1,3,5`; raises UsageError."""
    first, dash, last = text.partition("-")
    parts = [first, last] if dash else text.split(",")
    if not all(part.strip().isdecimal() and len(part) < 4 for part in parts):
        raise UsageError("--beam-sizes is a range like 1-10, or a list like 1,3,5")
    numbers = [int(part) for part in parts]
    sizes = list(range(numbers[0], numbers[1] + 1)) if dash else numbers
    if not sizes or not all(1 <= size <= _MOST_BEAMS for size in sizes):
        raise UsageError(f"--beam-sizes go from 1 to {_MOST_BEAMS}, the smaller one first")
    return sizes
