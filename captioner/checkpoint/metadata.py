"""What a checkpoint says of itself: the JSON document in its file's metadata.

Format version, model configuration, vocabulary, preprocessing, generation defaults, provenance and
scores. Nothing in it is believed before it has been checked.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, FiniteFloat, Tag, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.errors import OperatorError
from captioner.language.writing import ENGLISH
from captioner.model.configs import (
    ANNOTATION_DIMS,
    DecoderConfig,
    EncoderName,
    LSTMConfig,
    TransformerConfig,
)
from captioner.model.preprocess import IMAGENET_MEAN, IMAGENET_STD, Preprocess

FORMAT_VERSION = 1

_LONGEST_REASON = 600  # characters: a file must not fill a screen with what it holds


class CheckpointError(OperatorError):
    """A checkpoint cannot be used; the text says why and what to do."""

    def __init__(self, text: str) -> None:
        shown = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
        super().__init__(shown.encode(errors="backslashreplace").decode())


Dim = Annotated[int, Field(ge=1, le=4096)]
Dropout = Annotated[float, Field(ge=0, lt=1)]
Side = Annotated[int, Field(ge=32, le=1024)]  # pixels
Channels = tuple[float, float, float]
End = Annotated[FiniteFloat, Field(ge=-1e6, le=1e6)]
Range = tuple[End, End]  # lowest and highest


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
    size: Side
    detail: Side | None = None
    mean: Channels = IMAGENET_MEAN
    std: Channels = IMAGENET_STD


@checked(frozen=True)
class Generation:
    """How captions are searched for where nobody says otherwise."""

    max_length: Annotated[int, Field(ge=1, le=100)] = 20
    length_power: Annotated[float, Field(ge=0, le=2)] = 0.7


@checked(frozen=True)
class Document:
    """The metadata's JSON, each part of it of the kind and size that it must have."""

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
    activations: dict[str, Range] = dataclasses.field(default_factory=dict)
    calibration: Calibration | None = None
    language: str = ENGLISH  # of the captions


def name_of(provenance: Mapping[str, Any], path: Path | None) -> str:
    """What people call a checkpoint: as its provenance says, else as its file is called."""
    configuration = provenance.get("configuration")
    run = configuration.get("name") if isinstance(configuration, dict) else None
    return str(run)[:100] if run else path.stem if path else "unnamed"


def document(
    *,
    encoder: EncoderName,
    decoder: DecoderConfig,
    vocabulary: Vocabulary,
    preprocess: Preprocess,
    generation: Generation,
    provenance: dict[str, Any],
    scores: dict[str, Any],
    activations: Mapping[str, Range],
    calibration: Calibration | None,
) -> dict[str, Any]:
    """The JSON document of a checkpoint's metadata."""
    sizes = dataclasses.asdict(decoder)
    del sizes["vocabulary_size"], sizes["annotation_dim"]  # they follow from the rest
    return {
        "format_version": FORMAT_VERSION,
        "encoder": encoder,
        "decoder": sizes,
        "vocabulary": vocabulary.words,
        "preprocess": _without_none(dataclasses.asdict(preprocess)),
        "generation": dataclasses.asdict(generation),
        "provenance": provenance,
        "scores": scores,
        **({"language": vocabulary.language} if vocabulary.language != ENGLISH else {}),
        **({"activations": dict(activations)} if activations else {}),
        **({"calibration": _without_none(dataclasses.asdict(calibration))} if calibration else {}),
    }


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    """What came later is left out where it says nothing, so that older versions can read it."""
    return {name: value for name, value in fields.items() if value is not None}


def parsed(text: str, path: Path) -> Document:
    """The document in a file's metadata; raises CheckpointError."""
    try:
        raw = json.loads(text)
        version = raw.get("format_version") if isinstance(raw, dict) else None
        if version != FORMAT_VERSION:
            raise CheckpointError(
                f"{path}: checkpoint format {version!r}, this version reads {FORMAT_VERSION}; "
                "update CaptionBot or use another checkpoint"
            )
        return TypeAdapter(Document).validate_python(raw, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CheckpointError(f"{path}: {place}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path}: its description is not JSON") from error


def decoder_of(found: Document, path: Path) -> DecoderConfig:
    """The decoder's configuration; raises CheckpointError where its sizes do not fit."""
    config = LSTMConfig if isinstance(found.decoder, _LSTMDocument) else TransformerConfig
    sizes = dataclasses.asdict(found.decoder)
    dim = ANNOTATION_DIMS[found.encoder]
    try:
        return config(vocabulary_size=len(found.vocabulary), annotation_dim=dim, **sizes)
    except ValueError as error:
        raise CheckpointError(f"{path}: decoder: {error}") from error
