"""A trained model in one safetensors file: weights, batch-norm statistics, and what they mean.

The file's metadata hold one JSON document: format version, model configuration, vocabulary,
preprocessing, generation defaults, provenance and scores. There is no pickle and no code in it,
and nothing in it is believed before it has been checked.
"""

from __future__ import annotations

import dataclasses
import json
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
from pydantic import Discriminator, Field, Tag, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from captioner.model.decoder import Decoder
from captioner.model.decoders import make_decoder
from captioner.model.encoder import Encoder, EncoderName
from captioner.model.lstm import LSTMConfig
from captioner.model.preprocess import IMAGENET_MEAN, IMAGENET_STD, Preprocess
from captioner.model.transformer import TransformerConfig
from captioner.quantisation import quantise, restore
from captioner.vocabulary import Vocabulary

FORMAT_VERSION = 1
MAX_HEADER_BYTES = 16 * 1024 * 1024
_METADATA_KEY = "captionbot"


class CheckpointError(Exception):
    """A checkpoint cannot be used; the text says why and what to do."""


Dim = Annotated[int, Field(ge=1, le=4096)]
Dropout = Annotated[float, Field(ge=0, lt=1)]
Channels = tuple[float, float, float]


@checked(frozen=True)
class _LSTMDocument:
    hidden_dim: Dim
    embedding_dim: Dim
    attention_dim: Dim
    dropout: Dropout
    tied: bool
    attention: Literal["soft", "hard"] = "soft"
    kind: Literal["lstm"] = "lstm"


@checked(frozen=True)
class _TransformerDocument:
    width: Annotated[int, Field(ge=2, le=1024)]
    layers: Annotated[int, Field(ge=1, le=12)]
    heads: Annotated[int, Field(ge=1, le=64)]
    feed_forward: Dim
    dropout: Dropout
    tied: bool
    kind: Literal["transformer"]


def decoder_kind(raw: object) -> object:
    """Which decoder a description means: without a `kind`, as in the first files, an LSTM."""
    return raw.get("kind", "lstm") if isinstance(raw, dict) else getattr(raw, "kind", None)


@checked(frozen=True)
class _PreprocessDocument:
    size: Annotated[int, Field(ge=32, le=1024)]
    mean: Channels = IMAGENET_MEAN
    std: Channels = IMAGENET_STD


@checked(frozen=True)
class Generation:
    """How captions are searched for where nobody says otherwise."""

    max_length: Annotated[int, Field(ge=1, le=100)] = 20
    length_power: Annotated[float, Field(ge=0, le=2)] = 0.7


@checked(frozen=True)
class _Document:
    format_version: int
    encoder: EncoderName
    decoder: Annotated[
        Annotated[_LSTMDocument, Tag("lstm")] | Annotated[_TransformerDocument, Tag("transformer")],
        Discriminator(decoder_kind),
    ]
    vocabulary: tuple[str, ...]
    preprocess: _PreprocessDocument
    generation: Generation
    provenance: dict[str, Any]
    scores: dict[str, Any]


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
    path: Path | None = None  # of the file it was read from

    @property
    def name(self) -> str:
        """For people: what the provenance calls it, else the file's name."""
        configuration = self.provenance.get("configuration")
        run = configuration.get("name") if isinstance(configuration, dict) else None
        return str(run)[:100] if run else self.path.stem if self.path else "unnamed"

    def save(self, path: Path, *, int8: bool = False) -> None:
        """Write the checkpoint, atomically; `int8` stores large weights in a quarter.

        Raises OSError when it cannot be written, and leaves nothing half-written.
        """
        tensors = {
            **{f"encoder.{n}": t for n, t in self.encoder.state_dict().items()},
            **{f"decoder.{n}": t for n, t in _without_ties(self.decoder).items()},
        }
        plain = {n: t.detach().cpu().contiguous() for n, t in tensors.items()}
        metadata = {_METADATA_KEY: json.dumps(self.describe(), ensure_ascii=False)}
        half = path.with_name(path.name + ".part")
        try:
            save_file(quantise(plain) if int8 else plain, half, metadata=metadata)
            with half.open("rb") as written:
                os.fsync(written.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)

    def describe(self) -> dict[str, Any]:
        """Everything but the weights, as it stands in the file."""
        decoder = dataclasses.asdict(self.decoder.config)
        del decoder["vocabulary_size"], decoder["annotation_dim"]  # they follow from the rest
        return {
            "format_version": FORMAT_VERSION,
            "encoder": self.encoder.name,
            "decoder": decoder,
            "vocabulary": self.vocabulary.words,
            "preprocess": dataclasses.asdict(self.preprocess),
            "generation": dataclasses.asdict(self.generation),
            "provenance": self.provenance,
            "scores": self.scores,
        }


def load_checkpoint(path: Path, *, device: torch.device | str = "cpu") -> Checkpoint:
    """The checkpoint in a file, in evaluation mode, on a device.

    Raises CheckpointError, in one sentence for people, for anything that is not a whole and
    sound checkpoint of a format this version reads.
    """
    document, tensors = _read(path)
    try:
        vocabulary = Vocabulary(document.vocabulary)
    except ValueError as error:
        raise CheckpointError(f"{path}: {error}") from error
    encoder = Encoder(document.encoder)
    decoder = _decoder(document.decoder, len(vocabulary), encoder.dim, path)
    _fill(encoder, "encoder.", tensors, path)
    _fill(decoder, "decoder.", tensors, path)
    if tensors:
        raise CheckpointError(f"{path}: weights of no part of the model: {sorted(tensors)[:3]}")
    return Checkpoint(
        encoder=encoder.to(device).eval(),
        decoder=decoder.to(device).eval(),
        vocabulary=vocabulary,
        preprocess=Preprocess(**dataclasses.asdict(document.preprocess)),
        generation=document.generation,
        provenance=document.provenance,
        scores=document.scores,
        path=path,
    )


def _decoder(
    document: _LSTMDocument | _TransformerDocument, words: int, dim: int, path: Path
) -> Decoder:
    config = LSTMConfig if isinstance(document, _LSTMDocument) else TransformerConfig
    sizes = dataclasses.asdict(document)
    try:
        return make_decoder(config(vocabulary_size=words, annotation_dim=dim, **sizes))
    except ValueError as error:
        raise CheckpointError(f"{path}: decoder: {error}") from error


def _read(path: Path) -> tuple[_Document, dict[str, Tensor]]:
    if not path.is_file():
        raise CheckpointError(f"{path}: no such checkpoint; set CAPTIONBOT_CHECKPOINT to one")
    _check_header(path)
    try:
        with safe_open(path, framework="pt") as opened:
            metadata = opened.metadata() or {}
            if _METADATA_KEY not in metadata:
                raise CheckpointError(f"{path}: a safetensors file, but no CaptionBot checkpoint")
            document = _parse(metadata[_METADATA_KEY], path)
            tensors = {n: opened.get_tensor(n) for n in opened.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path}: damaged or incomplete; fetch it again ({error})") from error
    try:
        return document, restore(tensors)
    except ValueError as error:
        raise CheckpointError(f"{path}: {error}") from error


def _check_header(path: Path) -> None:
    """Refuse a file whose header would be read into memory whatever its size."""
    with path.open("rb") as opened:
        start = opened.read(8)
    size = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
    if not 2 <= size <= min(MAX_HEADER_BYTES, path.stat().st_size):
        raise CheckpointError(f"{path}: not a safetensors file, or damaged; fetch it again")


def _parse(text: str, path: Path) -> _Document:
    try:
        raw = json.loads(text)
        version = raw.get("format_version") if isinstance(raw, dict) else None
        if version != FORMAT_VERSION:
            raise CheckpointError(
                f"{path}: checkpoint format {version!r}, this version reads {FORMAT_VERSION}; "
                "update CaptionBot or use another checkpoint"
            )
        return TypeAdapter(_Document).validate_python(raw, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CheckpointError(f"{path}: {place}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path}: its description is not JSON") from error


def _fill(module: nn.Module, prefix: str, tensors: dict[str, Tensor], path: Path) -> None:
    wanted = _without_ties(module)
    for name, own in wanted.items():
        given = tensors.pop(prefix + name, None)
        if given is None:
            raise CheckpointError(f"{path}: {prefix}{name} is missing")
        if given.shape != own.shape:
            raise CheckpointError(
                f"{path}: {prefix}{name} is {tuple(given.shape)}, not {tuple(own.shape)}"
            )
        if given.is_floating_point() and not bool(torch.isfinite(given).all()):
            raise CheckpointError(f"{path}: {prefix}{name} holds numbers that are not finite")
        with torch.no_grad():
            own.copy_(given)


def _without_ties(module: nn.Module) -> dict[str, Tensor]:
    """A module's tensors, each once: a tied output layer is stored as the embedding alone."""
    state = module.state_dict()
    first = {tensor.data_ptr(): name for name, tensor in reversed(state.items())}
    return {n: t for n, t in state.items() if t.numel() <= 1 or first[t.data_ptr()] == n}
