"""Arrays on disk that are whole or absent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.data.photos import DataError


def save_whole(path: Path, array: NDArray[Any]) -> None:
    """Write an array to a `.npy` file, its folder made; nothing stays of a write that fails.

    Raises DataError where it cannot be written, such as on a full disk.
    """
    half = path.with_suffix(".part.npy")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(half, array)
        half.replace(path)
    except OSError as error:
        size = f"{array.nbytes / 1e6:.0f} MB"
        raise DataError(f"{path}: cannot be written ({size}): {error}") from error
    finally:
        half.unlink(missing_ok=True)
