"""Arrays on disk that are whole or absent, and how the processes of a run share them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from torch import Tensor

from captioner.model.preprocess import Preprocess
from training.data.decoding import open_rgb
from training.data.reader_base import CaptionedPhoto, DataError
from training.distributed.processes import ALONE, Processes


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
        raise _unwritable(path, array.nbytes, error) from error
    finally:
        half.unlink(missing_ok=True)


def load_whole(path: Path, processes: Processes) -> Tensor:
    """The array of a file that `save_whole` wrote; several processes hold it in memory once."""
    shared = processes.count > 1
    return torch.from_numpy(np.load(path, mmap_mode="c" if shared else None))


def scratch(folder: Path, shape: tuple[int, ...], processes: Processes) -> Tensor:
    """Room for a float16 array that all processes write to, and all see, after a `wait`.

    Several processes share a file in `folder` for it, which has no name and goes with the last of
    them. Raises DataError where there is no room for it.
    """
    if processes.count == 1:
        return torch.empty(shape, dtype=torch.float16)
    path = folder / "annotations.scratch"
    size = int(np.prod(shape)) * 2  # bytes
    if processes.is_main:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as made:
                os.posix_fallocate(made.fileno(), 0, size)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _unwritable(path, size, error) from error
    processes.wait()
    array = np.memmap(path, dtype=np.float16, mode="r+", shape=shape)
    processes.wait()
    if processes.is_main:
        path.unlink()
    return torch.from_numpy(array)


def _unwritable(path: Path, size: int, error: OSError) -> DataError:
    return DataError(f"{path}: cannot be written ({size / 1e6:.0f} MB): {error}")


def packed_pixels(
    photos: Sequence[CaptionedPhoto],
    preprocess: Preprocess,
    *,
    cache: Path,
    processes: Processes = ALONE,
) -> Tensor:
    """All photos squashed to squares, uint8 (N, 3, size, size), from `cache` where it is there.

    They are what `preprocess` makes of photos in serving, of its size, before it normalises them.

    Of several processes, the main one decodes.

    Raises DataError naming the first photo that does not decode, and where the cache is full.
    """
    stamp = "|".join(f"{p.path.name}:{p.path.stat().st_size}" for p in photos)
    key = hashlib.sha256(stamp.encode()).hexdigest()[:12]
    size, detail = preprocess.size, preprocess.detail
    path = cache / f"photos-{key}-{size}{f'-of-{detail}' if detail else ''}.npy"
    if processes.is_main and not path.is_file():
        pixels = np.empty((len(photos), 3, size, size), dtype=np.uint8)
        for row, photo in enumerate(track(photos, f"decoding {len(photos)} photos")):
            rgb = open_rgb(photo.path, str(photo.path))
            pixels[row] = preprocess.to_pixels(rgb).numpy()
        save_whole(path, pixels)
    processes.wait()
    return load_whole(path, processes)
