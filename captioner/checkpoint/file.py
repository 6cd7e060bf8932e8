"""A checkpoint's file, read without torch: what it says of itself, and its weights as arrays.

There is no pickle and no code in it. Its tensors are taken once, by name and in the shape that they
must have; as int8 with a scale for each output channel, they take a quarter of the bytes.
"""

from __future__ import annotations

import dataclasses
import json
import os
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.metadata import (
    CheckpointError,
    Document,
    Generation,
    Language,
    Range,
    document,
    name_of,
    parsed,
)
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.distribution import checkpoint_path, shipped_names
from captioner.model.configs import DecoderConfig, EncoderName
from captioner.model.preprocess import Preprocess

Array = NDArray[Any]
SMALLEST = 4096  # tensors with fewer numbers stay as they are: they weigh nothing
SCALE = ".scale"
MAX_HEADER_BYTES = 16 * 1024 * 1024
_METADATA_KEY = "captionbot"


class LanguageFile(Language[DecoderConfig]):
    """A further language as the file describes it."""


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
    languages: dict[str, LanguageFile] = field(default_factory=dict)  # further ones, by code

    @property
    def name(self) -> str:
        """For people."""
        return name_of(self.provenance, self.path)

    @property
    def weights(self) -> TensorReader:
        """The tensors, all of them to be taken."""
        return TensorReader(self.path, self.tensors)

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
            languages=self.languages,
        )

    def keeping(self, codes: Collection[str]) -> CheckpointFile:
        """The same without the further languages that are not among the codes."""
        kept = {code: one for code, one in self.languages.items() if code in codes}
        groups = {one.group for one in kept.values()}
        tensors = {
            name: tensor
            for name, tensor in self.tensors.items()
            if _belongs(name, "decoders.", groups) and _belongs(name, "languages.", kept)
        }
        return dataclasses.replace(self, languages=kept, tensors=tensors)


def read_file(path: Path) -> CheckpointFile:
    """A checkpoint's file, all of it but the fit of its weights checked.

    `path` may be the name of one that comes with CaptionBot, see `captioner.distribution`.
    Raises CheckpointError, in one sentence for people, for anything that is not a whole and
    sound checkpoint of a format this version reads.
    """
    path = checkpoint_path(path)
    found, tensors = _read(path)
    try:
        vocabulary = Vocabulary(
            found.vocabulary, found.language, found.function_words, found.repeatable
        )
        decoder, languages = found.config(), _languages(found)
    except ValueError as error:
        raise CheckpointError(f"{path}: {error}") from error
    return CheckpointFile(
        path=path,
        encoder=found.encoder,
        decoder=decoder,
        vocabulary=vocabulary,
        preprocess=Preprocess(**dataclasses.asdict(found.preprocess)),
        generation=found.generation,
        provenance=found.provenance,
        scores=found.scores,
        activations=found.activations,
        tensors=tensors,
        calibration=found.calibration,
        languages=languages,
    )


def _languages(found: Document) -> dict[str, LanguageFile]:
    """The further languages; raises ValueError where something does not fit."""
    languages: dict[str, LanguageFile] = {}
    for code, config in found.configs().items():
        one = found.languages[code]
        try:
            vocabulary = Vocabulary(one.vocabulary, code, one.function_words, one.repeatable)
        except ValueError as error:
            raise ValueError(f"language {code}: {error}") from error
        languages[code] = LanguageFile(
            decoder=config,
            vocabulary=vocabulary,
            group=one.decoder,
            length_power=one.length_power,
            calibration=one.calibration,
            scores=one.scores,
            sources=one.sources,
        )
    return languages


def _belongs(name: str, prefix: str, owners: Collection[str]) -> bool:
    """Whether a tensor whose name begins with a prefix and an owner is one of the owners'."""
    if not name.startswith(prefix):
        return True
    return name.removeprefix(prefix).partition(".")[0] in owners


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


def _read(path: Path) -> tuple[Document, dict[str, Array]]:
    if str(path).startswith("hf:") or (path / "config.json").is_file():
        raise CheckpointError(
            f"{path}: a model that others made, which is no file of ours to read or change; "
            "`captionbot caption`, `evaluate` and `weights calibrate` take it"
        )
    if not path.is_file():
        raise CheckpointError(
            f"{path}: no such checkpoint; set CAPTIONBOT_CHECKPOINT to a file or to one of these "
            f"names: {shipped_names()}"
        )
    _check_header(path)
    try:
        with safe_open(path, framework="np") as opened:
            metadata = opened.metadata() or {}
            if _METADATA_KEY not in metadata:
                raise CheckpointError(f"{path}: a safetensors file, but no CaptionBot checkpoint")
            found = parsed(metadata[_METADATA_KEY], path)
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


class TensorReader:
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


def quantize(tensors: dict[str, Array]) -> dict[str, Array]:
    """The same tensors, with each large float matrix as int8 `NAME` and float32 `NAME.scale`."""
    small: dict[str, Array] = {}
    for name, tensor in tensors.items():
        large = tensor.ndim >= 2 and tensor.size >= SMALLEST
        if large and np.issubdtype(tensor.dtype, np.floating):
            small[name], small[name + SCALE] = to_int8(tensor)
        else:
            small[name] = tensor
    return small


def to_int8(tensor: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as int8 and its scales, one for each output channel (the first dimension).

    Symmetric: the error of a weight is at most half of its channel's largest weight / 127.
    """
    rows = np.asarray(tensor, np.float32).reshape(len(tensor), -1)
    scale = np.maximum(np.abs(rows).max(axis=1) / np.float32(127), np.float32(1e-12))
    whole = np.rint(rows / scale[:, None]).astype(np.int8)
    return whole.reshape(tensor.shape), scale


def restore(tensors: dict[str, Array]) -> dict[str, Array]:
    """Float32 tensors again; raises ValueError where an int8 tensor and its scale do not fit."""
    whole: dict[str, Array] = {}
    for name, tensor in tensors.items():
        if is_scale(name, tensors):
            continue
        if tensor.dtype != np.int8:
            whole[name] = tensor
            continue
        scale = fitting_scale(name, tensors)
        rows = tensor.reshape(len(tensor), -1).astype(np.float32) * scale[:, None]
        whole[name] = rows.reshape(tensor.shape)
    return whole


def is_scale(name: str, tensors: dict[str, Array]) -> bool:
    """Whether a tensor is another one's scale."""
    return name.endswith(SCALE) and name.removesuffix(SCALE) in tensors


def fitting_scale(name: str, tensors: dict[str, Array]) -> NDArray[np.float32]:
    """The scale of an int8 tensor; raises ValueError where there is none that fits."""
    scale, tensor = tensors.get(name + SCALE), tensors[name]
    if scale is None or tensor.ndim < 2 or scale.shape != tensor.shape[:1]:
        raise ValueError(f"{name} is int8 without a fitting scale")
    return np.asarray(scale, np.float32)
