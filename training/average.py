"""Averages the weights of two checkpoints ("model soups", Wortsman et al. 2022, arXiv 2203.05482).

If both were trained from the same weights, their average is often better than either of them.
After self-critical training it keeps some of the earlier variety of captions.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from captioner.checkpoint.metadata import CheckpointError
from captioner.checkpoint.torch_checkpoint import Checkpoint, load_checkpoint
from training.stages.end_to_end import unfold


def average(one: Path, other: Path, *, share: float) -> Checkpoint:
    """A checkpoint with the weights (1 - share) * one + share * other; `share` is 0…1.

    Batch norm is folded into the convolutions first, because a convolution's weights only have a
    meaning together with its batch norm. Quantization ranges, calibrations and scores are dropped
    where the weights that they were measured with change.
    Raises CheckpointError if a file cannot be read, or if the two have different models.
    """
    first, second = load_checkpoint(one), load_checkpoint(other)
    for part in ("vocabulary", "preprocess"):
        if getattr(first, part) != getattr(second, part):
            raise CheckpointError(f"{one} and {other} differ in their {part}")
    if _model(first) != _model(second):
        raise CheckpointError(f"{one} and {other} are not of one model")
    for code in first.languages:
        if first.languages[code].vocabulary != second.languages[code].vocabulary:
            raise CheckpointError(f"{one} and {other} differ in their vocabulary of {code}")
    # What was measured on weights that are the same in both still holds.
    same_encoder = _are_equal(first.encoder, second.encoder)
    same_first = same_encoder and _are_equal(first.decoder, second.decoder)
    for checkpoint in (first, second):
        unfold(checkpoint.encoder.folded(), checkpoint.encoder)
    _mix(first.encoder, second.encoder, share)
    _mix(_decoders(first), _decoders(second), share)
    provenance = {
        **first.provenance,
        "averaged": [
            {"sha256": _digest(path), "share": own, "provenance": checkpoint.provenance}
            for path, checkpoint, own in ((one, first, 1 - share), (other, second, share))
        ],
    }
    languages = {
        code: replace(own, calibration=None, scores={}) for code, own in first.languages.items()
    }
    return replace(
        first,
        provenance=provenance,
        activations=first.activations if same_encoder else {},
        calibration=first.calibration if same_first else None,
        scores=first.scores if same_first else {},
        languages=languages,
    )


def _are_equal(module: nn.Module, other: nn.Module) -> bool:
    mine, theirs = module.state_dict(), other.state_dict()
    return mine.keys() == theirs.keys() and all(
        torch.equal(tensor, theirs[name]) for name, tensor in mine.items()
    )


def _model(checkpoint: Checkpoint) -> tuple[object, ...]:
    """What must be the same of both."""
    languages = {
        code: (own.group, own.decoder.config) for code, own in checkpoint.languages.items()
    }
    return checkpoint.encoder.name, checkpoint.decoder.config, languages


def _decoders(checkpoint: Checkpoint) -> nn.Module:
    """All decoders as one module: what they share is in it once."""
    further = {code: own.decoder for code, own in checkpoint.languages.items()}
    return nn.ModuleDict({"first": checkpoint.decoder, **further})


def _mix(module: nn.Module, other: nn.Module, share: float) -> None:
    given, mixed = other.state_dict(), set()
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            # A tied layer has its weights from another one.
            if tensor.is_floating_point() and tensor.data_ptr() not in mixed:
                mixed.add(tensor.data_ptr())
                tensor.lerp_(given[name], share)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
