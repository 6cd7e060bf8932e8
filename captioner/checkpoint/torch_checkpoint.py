"""A trained model in one safetensors file, as torch modules: weights and what they mean.

What stands in the file is `captioner.checkpoint.metadata`'s and `captioner.checkpoint.file`'s.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.file import (
    CheckpointFile,
    LanguageFile,
    TensorReader,
    quantize,
    read_file,
    write_file,
)
from captioner.checkpoint.metadata import (
    CheckpointError,
    Generation,
    Language,
    Range,
    Source,
    document,
    name_of,
    tensor_name,
)
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.configs import is_of_the_words
from captioner.model.decoder import Decoder
from captioner.model.encoder import Encoder
from captioner.model.factory import make_decoder, make_encoder, with_vocabulary
from captioner.model.preprocess import Preprocess

__all__ = [
    "Checkpoint",
    "CheckpointError",
    "Generation",
    "LanguageDecoder",
    "Source",
    "load_checkpoint",
    "to_modules",
]


class LanguageDecoder(Language[Decoder]):
    """A further language. The decoders of a group share the modules of their core.

    `captioner.model.factory.with_vocabulary` makes such decoders.
    """


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
    languages: dict[str, LanguageDecoder] = field(default_factory=dict)  # further ones, by code

    @property
    def name(self) -> str:
        """For people: what the provenance calls it, else the file's name."""
        return name_of(self.provenance, self.path)

    def save(self, path: Path, *, int8: bool = False) -> None:
        """Write the checkpoint, atomically; `int8` stores large weights in a quarter.

        Raises OSError when it cannot be written, and leaves nothing half-written; ValueError where
        languages of one group do not share their decoder's core.
        """
        tensors = {
            **{f"encoder.{n}": t for n, t in self.encoder.state_dict().items()},
            **{f"decoder.{n}": t for n, t in _without_ties(self.decoder).items()},
            **_language_tensors(self.languages),
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
            languages={
                code: LanguageFile(**vars(one) | {"decoder": one.decoder.config})
                for code, one in self.languages.items()
            },
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
    for module, prefix in ((encoder, "encoder."), (decoder, "decoder.")):
        _fill(module, {name: prefix + name for name in _without_ties(module)}, weights)
    languages = _languages(file, weights)
    weights.finish()
    for one in languages.values():
        one.decoder.to(device).eval()
    parts = {f.name: getattr(file, f.name) for f in dataclasses.fields(file)}
    del parts["tensors"]
    return Checkpoint(
        **parts
        | {
            "encoder": encoder.to(device).eval(),
            "decoder": decoder.to(device).eval(),
            "languages": languages,
        }
    )


def _languages(file: CheckpointFile, weights: TensorReader) -> dict[str, LanguageDecoder]:
    cores: dict[str, Decoder] = {}  # by group
    languages: dict[str, LanguageDecoder] = {}
    for code, one in file.languages.items():
        core = cores.get(one.group)
        size = one.decoder.vocabulary_size
        decoder = make_decoder(one.decoder) if core is None else with_vocabulary(core, size)
        cores.setdefault(one.group, decoder)
        names = [n for n in _without_ties(decoder) if core is None or is_of_the_words(n)]
        _fill(decoder, {n: tensor_name(code, one.group, n) for n in names}, weights)
        languages[code] = LanguageDecoder(**vars(one) | {"decoder": decoder})
    return languages


def _language_tensors(languages: Mapping[str, LanguageDecoder]) -> dict[str, Tensor]:
    """The tensors of all languages by their names in the file, those of a core once."""
    tensors: dict[str, Tensor] = {}
    for code, one in languages.items():
        for name, tensor in _without_ties(one.decoder).items():
            known = tensors.setdefault(tensor_name(code, one.group, name), tensor)
            if known.data_ptr() != tensor.data_ptr():
                raise ValueError(f"{code} does not share {name} with its group {one.group}")
    return tensors


def _fill(module: nn.Module, names: Mapping[str, str], weights: TensorReader) -> None:
    """Fill some of a module's tensors; `names` says how the file calls each."""
    state = module.state_dict()
    for name, stored in names.items():
        own = state[name]
        given = weights.take(stored, tuple(own.shape))
        with torch.no_grad():
            own.copy_(torch.from_numpy(given))


def _without_ties(module: nn.Module) -> dict[str, Tensor]:
    """A module's tensors, each once: a tied output layer is stored as the embedding alone."""
    state = module.state_dict()
    first = {tensor.data_ptr(): name for name, tensor in reversed(state.items())}
    return {n: t for n, t in state.items() if t.numel() <= 1 or first[t.data_ptr()] == n}
