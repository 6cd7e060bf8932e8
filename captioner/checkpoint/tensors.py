"""A checkpoint's tensors: taken once, by name and shape; stored as int8 with a scale per channel.

As int8 with a scale for each output channel, weights take a quarter of the bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from captioner.checkpoint.metadata import CheckpointError


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


Array = NDArray[Any]
SMALLEST = 4096  # tensors with fewer numbers stay as they are: they weigh nothing
SCALE = ".scale"


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
