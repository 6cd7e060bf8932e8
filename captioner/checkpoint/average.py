"""The weights of two checkpoints of one model, averaged (Wortsman et al. 2022, arXiv 2203.05482).

Where both were trained on from the same weights, what lies between them is often better than
either: after self-critical training it keeps some of the variety that was there before.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from captioner.checkpoint.file import CheckpointFile
from captioner.checkpoint.metadata import CheckpointError
from captioner.checkpoint.quantization import Array


def average(one: CheckpointFile, other: CheckpointFile, *, share: float) -> CheckpointFile:
    """A checkpoint whose weights are `share` (0…1) those of the other, and else those of `one`.

    Ranges, calibration and scores are left out: they are of other weights.
    Raises CheckpointError where the two are not of one model, or are stored as int8.
    """
    alike = ("encoder", "decoder", "vocabulary", "preprocess")
    for part in alike:
        if getattr(one, part) != getattr(other, part):
            raise CheckpointError(f"{one.path} and {other.path} differ in their {part}")
    for file in (one, other):
        if any(tensor.dtype == np.int8 for tensor in file.tensors.values()):
            raise CheckpointError(f"{file.path}: is int8; average the checkpoints before `shrink`")
    tensors = {
        name: _between(tensor, other.tensors[name], share) for name, tensor in one.tensors.items()
    }
    provenance = {
        **one.provenance,
        "averaged": [
            {
                "name": file.name,
                "sha256": _digest(file),
                "share": own,
                "provenance": file.provenance,
            }
            for file, own in ((one, 1 - share), (other, share))
        ],
    }
    return replace(
        one, tensors=tensors, provenance=provenance, activations={}, calibration=None, scores={}
    )


def _between(one: Array, other: Array, share: float) -> Array:
    if not np.issubdtype(one.dtype, np.floating):
        return one  # a count of batches
    return np.asarray((1 - share) * one + share * other, one.dtype)


def _digest(file: CheckpointFile) -> str:
    return hashlib.sha256(file.path.read_bytes()).hexdigest()
