"""A trained model in one safetensors file, as torch modules: weights and what they mean.

What stands in the file is `captioner.checkpoint.metadata`'s and `captioner.checkpoint.file`'s.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.file import CheckpointFile, read_file, write_file
from captioner.checkpoint.metadata import (
    CheckpointError,
    Generation,
    Range,
    document,
    name_of,
)
from captioner.checkpoint.quantization import quantize
from captioner.checkpoint.tensor_reader import TensorReader
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.decoder import Decoder
from captioner.model.encoder import Encoder
from captioner.model.factory import make_decoder, make_encoder
from captioner.model.preprocess import Preprocess

__all__ = [
    "Checkpoint",
    "CheckpointError",
    "Generation",
    "load_checkpoint",
    "to_modules",
]


@dataclass(frozen=True)
class Checkpoint:
    """A model that is ready to run, and everything that was stored beside it."""

    encoder: Encoder
    decoder: Decoder
    vocabulary: Vocabulary
    preprocess: Preprocess
    generation: Generation = field(default_factory=Generation)
    provenance: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    activations: dict[str, Range] = field(default_factory=dict)
    path: Path | None = None  # of the file it was read from
    calibration: Calibration | None = None  # of its confidence

    @property
    def name(self) -> str:
        """For people: what the provenance calls it, else the file's name."""
        return name_of(self.provenance, self.path)

    def save(self, path: Path, *, int8: bool = False) -> None:
        """Write the checkpoint, atomically; `int8` stores large weights in a quarter.

        Raises OSError when it cannot be written, and leaves nothing half-written.
        """
        tensors = {
            **{f"encoder.{n}": t for n, t in self.encoder.state_dict().items()},
            **{f"decoder.{n}": t for n, t in _without_ties(self.decoder).items()},
        }
        plain = {n: t.detach().cpu().contiguous().numpy() for n, t in tensors.items()}
        write_file(path, self.describe(), quantize(plain) if int8 else plain)

    def describe(self) -> dict[str, Any]:
        """Everything but the weights, as it stands in the file."""
        return document(
            encoder=self.encoder.name,
            decoder=self.decoder.config,
            vocabulary=self.vocabulary,
            preprocess=self.preprocess,
            generation=self.generation,
            provenance=self.provenance,
            scores=self.scores,
            activations=self.activations,
            calibration=self.calibration,
        )


def load_checkpoint(path: Path, *, device: torch.device | str = "cpu") -> Checkpoint:
    """The checkpoint in a file, in evaluation mode, on a device.

    Raises CheckpointError, in one sentence for people, for anything that is not a whole and
    sound checkpoint of a format this version reads.
    """
    return to_modules(read_file(path), device=device)


def to_modules(file: CheckpointFile, *, device: torch.device | str = "cpu") -> Checkpoint:
    """What stands in a checkpoint's file, in evaluation mode, on a device.

    Raises CheckpointError where its weights are not those of its model.
    """
    encoder, decoder = make_encoder(file.encoder), make_decoder(file.decoder)
    weights = file.weights
    _fill(encoder, "encoder.", weights)
    _fill(decoder, "decoder.", weights)
    weights.finish()
    parts = {f.name: getattr(file, f.name) for f in dataclasses.fields(file)}
    del parts["tensors"]
    return Checkpoint(
        **parts | {"encoder": encoder.to(device).eval(), "decoder": decoder.to(device).eval()}
    )


def _fill(module: nn.Module, prefix: str, weights: TensorReader) -> None:
    for name, own in _without_ties(module).items():
        given = weights.take(prefix + name, tuple(own.shape))
        with torch.no_grad():
            own.copy_(torch.from_numpy(given))


def _without_ties(module: nn.Module) -> dict[str, Tensor]:
    """A module's tensors, each once: a tied output layer is stored as the embedding alone."""
    state = module.state_dict()
    first = {tensor.data_ptr(): name for name, tensor in reversed(state.items())}
    return {n: t for n, t in state.items() if t.numel() <= 1 or first[t.data_ptr()] == n}
