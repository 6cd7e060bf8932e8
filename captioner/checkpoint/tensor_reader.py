"""A checkpoint's tensors, handed out one by one to the parts of a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from captioner.checkpoint.metadata import CheckpointError
from captioner.checkpoint.quantization import SCALE, Array, restore, to_int8


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
