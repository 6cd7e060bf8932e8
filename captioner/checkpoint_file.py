"""A checkpoint's file, read without torch: what it says of itself, and its weights as arrays.

The file's metadata hold one JSON document: format version, model configuration, vocabulary,
preprocessing, generation defaults, provenance and scores. There is no pickle and no code in it,
and nothing in it is believed before it has been checked.
"""

from __future__ import annotations

import dataclasses
import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, FiniteFloat, Tag, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from captioner.confidence import Calibration
from captioner.model.configs import (
    ANNOTATION_DIMS,
    DecoderConfig,
    EncoderName,
    LSTMConfig,
    TransformerConfig,
)
from captioner.model.preprocess import IMAGENET_MEAN, IMAGENET_STD, Preprocess
from captioner.quantisation import SCALE, fitting_scale, is_scale, restore, to_int8
from captioner.vocabulary import Vocabulary

FORMAT_VERSION = 1
MAX_HEADER_BYTES = 16 * 1024 * 1024
_METADATA_KEY = "captionbot"

Array = NDArray[Any]

_LONGEST_REASON = 600  # characters: a file must not fill a screen with what it holds


class CheckpointError(Exception):
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
    activations: dict[str, Range] = dataclasses.field(default_factory=dict)
    calibration: Calibration | None = None


class Weights:
    """A checkpoint's tensors, each to be taken once, by its name and in the shape it must have.

    Everything raises CheckpointError for what is missing, of another shape or not finite.
    """

    def __init__(self, path: Path, tensors: dict[str, Array]) -> None:
        self._path, self._left = path, dict(tensors)

    def take(self, name: str, shape: tuple[int, ...]) -> Array:
        """A tensor; float32 where it was stored as int8."""
        found, scale = self._take(name, shape)
        if scale is None:
            return found
        return restore({name: found, name + SCALE: scale})[name]

    def take_int8(self, name: str, shape: tuple[int, ...]) -> tuple[Array, Array]:
        """A matrix as int8 and its scales, one for each output channel; as stored, if it was."""
        found, scale = self.take_stored(name, shape)
        return to_int8(found) if scale is None else (found, scale)

    def take_stored(self, name: str, shape: tuple[int, ...]) -> tuple[Array, Array | None]:
        """A matrix as it is stored: int8 and its scales, or numbers that need none."""
        found, scale = self._take(name, shape)
        return found, None if scale is None else scale.astype(np.float32)

    def finish(self) -> None:
        """Raises CheckpointError if something has not been taken."""
        if self._left:
            raise CheckpointError(
                f"{self._path}: weights of no part of the model: {sorted(self._left)[:3]}"
            )

    def _take(self, name: str, shape: tuple[int, ...]) -> tuple[Array, Array | None]:
        found = self._left.pop(name, None)
        if found is None:
            raise CheckpointError(f"{self._path}: {name} is missing")
        if found.shape != shape:
            raise CheckpointError(f"{self._path}: {name} is {found.shape}, not {shape}")
        scale = self._left.pop(name + SCALE) if found.dtype == np.int8 else None
        numbers = found if scale is None else scale
        if np.issubdtype(numbers.dtype, np.floating) and not np.isfinite(numbers).all():
            raise CheckpointError(f"{self._path}: {name} holds numbers that are not finite")
        return found, scale


@dataclass(frozen=True)
class CheckpointFile:
    """What stands in a checkpoint's file; only the weights have still to prove that they fit."""

    path: Path
    encoder: EncoderName
    decoder: DecoderConfig
    vocabulary: Vocabulary
    preprocess: Preprocess
    generation: Generation
    provenance: dict[str, Any]
    scores: dict[str, Any]
    activations: dict[str, Range]  # lowest and highest values, by place in the model; or nothing
    tensors: dict[str, Array]  # as they are stored
    calibration: Calibration | None = None  # of its confidence

    @property
    def name(self) -> str:
        """For people."""
        return name_of(self.provenance, self.path)

    @property
    def weights(self) -> Weights:
        """The tensors, all of them to be taken."""
        return Weights(self.path, self.tensors)

    def describe(self) -> dict[str, Any]:
        """Everything but the weights, as it stands in the file."""
        return document(
            encoder=self.encoder,
            decoder=self.decoder,
            vocabulary=self.vocabulary,
            preprocess=self.preprocess,
            generation=self.generation,
            provenance=self.provenance,
            scores=self.scores,
            activations=self.activations,
            calibration=self.calibration,
        )


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
        **({"activations": dict(activations)} if activations else {}),
        **({"calibration": dataclasses.asdict(calibration)} if calibration else {}),
    }


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    """What came later is left out where it says nothing, so that older versions can read it."""
    return {name: value for name, value in fields.items() if value is not None}


def read_file(path: Path) -> CheckpointFile:
    """A checkpoint's file, all of it but the fit of its weights checked.

    Raises CheckpointError, in one sentence for people, for anything that is not a whole and
    sound checkpoint of a format this version reads.
    """
    found, tensors = _read(path)
    try:
        vocabulary = Vocabulary(found.vocabulary)
    except ValueError as error:
        raise CheckpointError(f"{path}: {error}") from error
    return CheckpointFile(
        path=path,
        encoder=found.encoder,
        decoder=_decoder(found, len(vocabulary), path),
        vocabulary=vocabulary,
        preprocess=Preprocess(**dataclasses.asdict(found.preprocess)),
        generation=found.generation,
        provenance=found.provenance,
        scores=found.scores,
        activations=found.activations,
        tensors=tensors,
        calibration=found.calibration,
    )


def write_file(path: Path, description: Mapping[str, Any], tensors: dict[str, Array]) -> None:
    """Write a checkpoint, atomically.

    Raises OSError when it cannot be written, and leaves nothing half-written.
    """
    metadata = {_METADATA_KEY: json.dumps(description, ensure_ascii=False)}
    half = path.with_name(path.name + ".part")
    try:
        half.touch()
        mode = (path if path.exists() else half).stat().st_mode & 0o777
        save_file(tensors, half, metadata=metadata)
        half.chmod(mode)  # safetensors lets nobody else read it, such as the user of a service
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _decoder(found: _Document, words: int, path: Path) -> DecoderConfig:
    config = LSTMConfig if isinstance(found.decoder, _LSTMDocument) else TransformerConfig
    sizes = dataclasses.asdict(found.decoder)
    dim = ANNOTATION_DIMS[found.encoder]
    try:
        return config(vocabulary_size=words, annotation_dim=dim, **sizes)
    except ValueError as error:
        raise CheckpointError(f"{path}: decoder: {error}") from error


def _read(path: Path) -> tuple[_Document, dict[str, Array]]:
    if not path.is_file():
        raise CheckpointError(f"{path}: no such checkpoint; set CAPTIONBOT_CHECKPOINT to one")
    _check_header(path)
    try:
        with safe_open(path, framework="np") as opened:
            metadata = opened.metadata() or {}
            if _METADATA_KEY not in metadata:
                raise CheckpointError(f"{path}: a safetensors file, but no CaptionBot checkpoint")
            found = _parse(metadata[_METADATA_KEY], path)
            tensors = {n: opened.get_tensor(n) for n in opened.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path}: damaged or incomplete; fetch it again ({error})") from error
    except (TypeError, AttributeError) as error:  # bfloat16 and the like, which NumPy lacks
        raise CheckpointError(
            f"{path}: weights of a type that is not read ({error}); save them as float32"
        ) from error
    try:
        for name, tensor in tensors.items():
            if tensor.dtype == np.int8 and not is_scale(name, tensors):
                fitting_scale(name, tensors)
    except ValueError as error:
        raise CheckpointError(f"{path}: {error}") from error
    return found, tensors


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
