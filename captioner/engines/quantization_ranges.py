"""Measures between which values an encoder's layers work, which is what makes it int8."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as op

from captioner.checkpoint.file import CheckpointFile
from captioner.checkpoint.metadata import Range
from captioner.engines.base import Pixels
from captioner.engines.encoder_graphs import EncoderGraph, make_encoder_graph


def measured(file: CheckpointFile, photos: Iterable[Pixels]) -> dict[str, Range]:
    """The lowest and the highest value at each place over some photos, at least one.

    Raises CheckpointError for weights that do not fit.
    """
    encoder, pixels = _graph(file, None)
    encoder.annotations(pixels)
    ends = [reduce(x, np.arange(4)) for x in encoder.places.values() for reduce in (
        op.reduce_min, op.reduce_max)]  # fmt: skip
    model = _compiled(openvino.Model(ends, [pixels], "ranges"))
    seen = np.array([[float(v) for v in model(photo[None]).values()] for photo in photos])
    lowest, highest = seen[:, 0::2].min(axis=0), seen[:, 1::2].max(axis=0)
    return dict(
        zip(encoder.places, zip(lowest.tolist(), highest.tolist(), strict=True), strict=True)
    )


def error(file: CheckpointFile, ranges: dict[str, Range], photos: Sequence[Pixels]) -> float:
    """How far int8 annotations are from float32 ones, over their own size; 0 is not at all."""
    exact, close = (_annotations(file, one, photos) for one in (None, ranges))
    return float(np.linalg.norm(close - exact) / np.linalg.norm(exact))


def _annotations(
    file: CheckpointFile, ranges: dict[str, Range] | None, photos: Sequence[Pixels]
) -> NDArray[np.float32]:
    encoder, pixels = _graph(file, ranges)
    model = _compiled(openvino.Model([encoder.annotations(pixels)], [pixels], "encoder"))
    return np.concatenate([np.array(model(photo[None])[0]) for photo in photos])


def _graph(
    file: CheckpointFile, ranges: dict[str, Range] | None
) -> tuple[EncoderGraph[Any], openvino.Node]:
    size = file.preprocess.size
    pixels = op.parameter([1, size, size, 3], np.uint8)
    return make_encoder_graph(file.encoder, file.weights, file.preprocess, ranges), pixels


def _compiled(model: openvino.Model) -> openvino.CompiledModel:
    return openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
