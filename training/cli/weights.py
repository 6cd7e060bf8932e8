"""`captionbot weights calibrate`, `engine` and `average`: what is done to trained checkpoints.

What the first two measure on photos is kept in the checkpoint, beside its weights.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from captioner.cli.options import Device, Reader, settings_of
from captioner.errors import UsageError

if TYPE_CHECKING:
    from captioner.base import PhotoCaptioner
    from captioner.checkpoint.file import CheckpointFile
    from training.evaluation.calibration import CalibrationResult
    from training.evaluation.evaluate import Evaluation

_CHECKED = 5  # every fifth photo is held out, to measure the error of int8
# Error relative to the norm of the annotations. ResNets have 0.02 to 0.08. EfficientNet-Lite has
# 0.2, which costs no CIDEr-D (docs/decisions.md). Wrong ranges give more.
_MAX_ERROR = 0.3


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
    """Calibrate a checkpoint's confidence in its captions.

    It becomes a probability that people can rely on.
    The weights stay as they are; what is found is kept beside them in the file.
    """
    from captioner.captioner import Captioner
    from captioner.loading import load_captioner
    from training.evaluation.calibration import calibrate as fitted
    from training.evaluation.evaluate import Evaluation
    from training.reporting.evaluation import evaluate_with_progress

    captioner = load_captioner(settings_of(context), checkpoint, device)
    if not captioner.log_probs:
        raise UsageError(
            f"{captioner.model} does not say how likely its words are, so that nothing can be "
            "calibrated; its captions are said without a warning"
        )
    result = evaluate_with_progress(
        captioner,
        data,
        split=split,
        language=language,
        reader=reader,
        beam_size=beam_size,
        meteor=False,
    )
    if not isinstance(result, Evaluation):
        raise UsageError(f"{data}: these photos have no captions; calibrate on ones that do")
    found = fitted(
        [one.captioned.captions[0] for one in result.photos],
        [one.cider_d for one in result.photos],
        result.certainty_examples,
    )
    if isinstance(captioner, Captioner):
        keep_calibration(checkpoint, found, result)
    else:
        _keep_beside(captioner, found, result)
    _print_result(found, result)


def engine(
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint; it is changed in place.")],
    data: Annotated[Path, typer.Option(help="A data set in its own layout.")],
    split: Annotated[str, typer.Option(help="Which photos of it to look at.")] = "dev",
    reader: Reader = None,
    photos: Annotated[int, typer.Option(min=10, max=5000, help="How many to look at.")] = 200,
) -> None:
    """Prepare a checkpoint for int8 on CPUs, with OpenVINO.

    That is twice as fast as float32.
    The weights stay as they are; how to make the encoder int8 is kept beside them in the file.
    """
    from captioner.checkpoint.file import read_file
    from captioner.distribution import how_to_install
    from captioner.engines.base import openvino_refuses
    from training.data.decoding import open_rgb
    from training.data.registry import get_reader, read_folder

    if find_spec("openvino") is None:
        raise UsageError(f"this needs OpenVINO: {how_to_install('openvino')}")
    from captioner.engines.encoder_graph import int8_error, measured_ranges

    file = read_file(checkpoint)
    if reason := openvino_refuses(file):
        raise UsageError(f"{checkpoint}: {reason}")
    found = read_folder(data, split, reader=get_reader(reader) if reader else None)
    step = max(1, len(found) // photos)  # from all over the split
    chosen = found[::step][:photos]
    pixels = [file.preprocess.to_array(open_rgb(one.path, one.name)) for one in chosen]
    checked = pixels[::_CHECKED]
    ranges = measured_ranges(file, [one for n, one in enumerate(pixels) if n % _CHECKED] or pixels)
    off = int8_error(file, ranges, checked)
    if not off <= _MAX_ERROR:
        raise UsageError(
            f"{checkpoint}: in int8 its encoder is {off:.0%} off, which is too far; it stays in "
            "float32"
        )
    _write(replace(file, activations=ranges))
    typer.echo(
        f"{checkpoint}: runs in int8 on OpenVINO from now on; from {len(pixels) - len(checked)} "
        f"photos, and on {len(checked)} others its encoder is {off:.1%} off"
    )


def average(
    one: Annotated[Path, typer.Argument(help="A checkpoint.")],
    other: Annotated[Path, typer.Argument(help="Another of the same model.")],
    target: Annotated[Path, typer.Argument(help="Where to write what lies between them.")],
    share: Annotated[float, typer.Option(min=0, max=1, help="How much of the other.")] = 0.5,
) -> None:
    """Average the weights of two checkpoints.

    Both must have been trained on from the same weights.
    """
    from training.average import average as averaged

    try:
        averaged(one, other, share=share).save(target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error
    typer.echo(f"{target}: {1 - share:.0%} of {one}, {share:.0%} of {other}")


def keep_calibration(checkpoint: Path, found: CalibrationResult, result: Evaluation) -> None:
    """Write a calibration, and what it was measured on, into a checkpoint; weights stay as stored.

    It belongs to the language of the captions that were evaluated.
    Raises UsageError if the file cannot be written; the old file is then unchanged.
    """
    from captioner.checkpoint.file import read_file, write_file

    file = read_file(checkpoint)
    own = file.languages.get(result.language)
    scores = {**(own or file).scores, "calibration": _record(found, result)}
    if own:
        own = replace(own, calibration=found.calibration, scores=scores)
        changed = replace(file, languages={**file.languages, result.language: own})
    else:
        changed = replace(file, calibration=found.calibration, scores=scores)
    try:
        write_file(checkpoint, changed.describe(), file.tensors)
    except OSError as error:
        raise UsageError(f"{checkpoint} cannot be written: {error.strerror}") from error


def _keep_beside(captioner: PhotoCaptioner, found: CalibrationResult, result: Evaluation) -> None:
    """Write a calibration beside the files of a model that transformers runs."""
    from captioner.engines.transformers.captioner import write_calibration

    assert captioner.path is not None
    try:
        file = write_calibration(captioner.path, found.calibration, _record(found, result))
    except OSError as error:
        raise UsageError(f"{captioner.path} cannot be written to: {error.strerror}") from error
    typer.echo(f"kept in {file}")


def _record(found: CalibrationResult, result: Evaluation) -> dict[str, object]:
    from captioner.checkpoint.confidence import FITS

    return {
        "reader": result.reader,
        "split": result.split,
        "beam_size": result.beam_size,
        "photos": len(result.photos),
        "fits": FITS,
        "before": asdict(found.before),
        "after": asdict(found.after),
        **({"words": asdict(found.words)} if found.words else {}),
    }


def _print_result(found: CalibrationResult, result: Evaluation) -> None:
    from captioner.queue.messages import UNSURE_BELOW

    sure = [
        found.calibration.confidence_of(one.captioned.captions[0].log_prob, one.captioned.said)
        for one in result.photos
    ]
    for name, one in (("before", found.before), ("after, held out", found.after)):
        auc = "-" if one.auc is None else f"{one.auc:.3f}"
        typer.echo(
            f"{name}: calibration error {one.ece:.3f}, Brier score {one.brier:.3f}, AUC {auc}"
        )
    typer.echo(
        f"{found.after.fitting:.0%} of captions fit; the bot will warn of "
        f"{sum(c < UNSURE_BELOW for c in sure) / len(sure):.0%} of them"
    )
    if found.words:
        words = found.words
        right = "-" if words.sure_right is None else f"{words.sure_right:.0%}"
        typer.echo(
            f"words of content: {words.right:.0%} of them people used too; {words.sure:.0%} are "
            f"called sure, and of those {right} are right, held out"
        )


def _write(file: CheckpointFile) -> None:
    from captioner.checkpoint.file import write_file

    try:
        write_file(file.path, file.describe(), file.tensors)
    except OSError as failure:
        raise UsageError(f"{file.path} cannot be written: {failure.strerror}") from failure
