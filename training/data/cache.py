"""Arrays cached on disk, such as all photos decoded once; the processes of a run share them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from training.distributed.processes import SINGLE_PROCESS, ProcessGroup

_LARGE = 2**30  # bytes


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array to a `.npy` file atomically; the folder is made if it is missing.

    Raises DataError if it cannot be written, for example on a full disk.
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


def load_array(path: Path, processes: ProcessGroup) -> Tensor:
    """The array of a file that `save_array` wrote; several processes share its memory.

    A large one stays in the file, whose pages the system keeps in memory while there is room.
    """
    mapped = processes.count > 1 or path.stat().st_size > _LARGE
    return torch.from_numpy(np.load(path, mmap_mode="c" if mapped else None))


@contextmanager
def new_array(path: Path, shape: tuple[int, ...]) -> Iterator[Tensor]:
    """A float16 array to fill, which then is the file `path`, as `save_array` writes it.

    Raises DataError if the disk is too small.
    """
    half, size = path.with_suffix(".part.npy"), int(np.prod(shape)) * 2  # bytes
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        array = np.lib.format.open_memmap(half, mode="w+", dtype=np.float16, shape=shape)
        with half.open("r+b") as made:
            os.posix_fallocate(made.fileno(), 0, half.stat().st_size)
        yield torch.from_numpy(array)
        array.flush()
        half.replace(path)
    except OSError as error:
        raise _unwritable(path, size, error) from error
    finally:
        half.unlink(missing_ok=True)


def shared_scratch_array(folder: Path, shape: tuple[int, ...], processes: ProcessGroup) -> Tensor:
    """An uninitialised float16 array that all processes can write and, after a `wait`, read.

    Several processes map an unnamed file in `folder`, which vanishes when the last of them ends.
    Raises DataError if the disk is too small.
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
    processes: ProcessGroup = SINGLE_PROCESS,
) -> Tensor:
    """All photos squashed to squares, uint8 (N, 3, size, size), decoded once into `cache`.

    The pixels are those of `preprocess` in serving, before normalisation. With several processes,
    the main one decodes.

    Raises DataError for a photo that does not decode (naming it) and if the disk is full.
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
        save_array(path, pixels)
    processes.wait()
    return load_array(path, processes)
