"""`captionbot weights engine`."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import typer

from captioner.checkpoint.file import CheckpointFile, read_file, write_file
from captioner.distribution import how_to_install
from captioner.engines.base import openvino_refuses
from captioner.errors import UsageError
from training.data.decoding import open_rgb
from training.data.registry import get_reader, read_folder

_CHECKED = 5  # every fifth photo is held out, to measure the error of int8
# Error relative to the norm of the annotations. ResNets have 0.02 to 0.08. EfficientNet-Lite has
# 0.2, which costs no CIDEr-D (docs/decisions.md). Wrong ranges give more.
_MAX_ERROR = 0.3


def prepare_engine(
    checkpoint: Path, *, data: Path, split: str, reader: str | None, photos: int
) -> None:
    """Write into a checkpoint what OpenVINO needs to run its encoder in int8.

    Raises CheckpointError, DataError and UsageError, each with a message for the user.
    """
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


def _write(file: CheckpointFile) -> None:
    try:
        write_file(file.path, file.describe(), file.tensors)
    except OSError as failure:
        raise UsageError(f"{file.path} cannot be written: {failure.strerror}") from failure
