"""Arrays cached on disk: photos decoded once, from files or archives, and their annotations.

The processes of a run share them. Labelled photos come in zip files (`train/WNID/NAME`,
`val/WNID/NAME`).
"""

from __future__ import annotations

import hashlib
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.progress import track
from torch import Tensor

from captioner.model.preprocess import Preprocess
from training.data.decoding import open_rgb
from training.data.reader_base import CaptionedPhoto, DataError
from training.distributed import SINGLE_PROCESS, ProcessGroup

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


# RuntimeError: the file has a password; NotImplementedError, a subclass: a newer zip version.
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError)


@dataclass(frozen=True)
class LabelledPhotos:
    """Photos as uint8 (N, 3, S, S), the class of each (N,), and the classes' WordNet ids."""

    pixels: Tensor
    labels: Tensor
    classes: tuple[str, ...]


def read_labelled(
    archives: Sequence[Path],
    *,
    part: str,
    size: int,
    cache: Path,
    processes: ProcessGroup = SINGLE_PROCESS,
) -> LabelledPhotos:
    """The photos of one part ("train" or "val") of several archives, decoded once into `cache`.

    The classes are those of the training parts of all archives, so both parts have the same
    numbers. With several processes, the main one decodes.
    Raises DataError for a missing, damaged or empty archive, a photo that does not decode (naming
    it and its archive) and a cache that cannot be written.
    """
    for archive in archives:
        if not archive.is_file():
            raise DataError(f"{archive}: no such archive of labelled photos")
    key = hashlib.sha256(
        "|".join(f"{a.name}:{a.stat().st_size}" for a in archives).encode()
    ).hexdigest()[:12]
    stem = cache / f"labelled-{key}-{part}-{size}"
    pixel_file, label_file = stem.with_suffix(".pixels.npy"), stem.with_suffix(".labels.npy")
    classes = tuple(sorted({wnid for _, _, wnid in _members(archives, "train")}))
    if processes.is_main and not (pixel_file.is_file() and label_file.is_file()):
        _pack(archives, part, size, classes, pixel_file, label_file)
    processes.wait()
    return LabelledPhotos(
        pixels=load_array(pixel_file, processes),
        labels=load_array(label_file, processes),
        classes=classes,
    )


def _members(archives: Sequence[Path], part: str) -> Iterator[tuple[Path, str, str]]:
    for archive in archives:
        with open_archive(archive) as opened:
            names = sorted(opened.namelist())
        for name in names:
            pieces = name.split("/")
            if len(pieces) != 3 or pieces[2].startswith("._"):  # what a Mac keeps beside a file
                continue
            if pieces[0] == part and pieces[2]:
                yield archive, name, pieces[1]


def open_archive(archive: Path) -> zipfile.ZipFile:
    """The opened archive; raises DataError if it is missing or damaged."""
    try:
        return zipfile.ZipFile(archive)
    except (OSError, ValueError, *_ZIP_ERRORS) as error:
        raise DataError(f"{archive}: no readable zip file: {error}") from error


def _photo(archive: zipfile.ZipFile, member: str) -> Image.Image:
    name = f"{archive.filename}, {member}"
    try:
        raw = archive.read(member)
    except (OSError, EOFError, ValueError, *_ZIP_ERRORS) as error:
        raise DataError(f"{name}: cannot be taken out: {error}") from error
    return open_rgb(raw, name)


def _pack(
    archives: Sequence[Path],
    part: str,
    size: int,
    classes: tuple[str, ...],
    pixel_file: Path,
    label_file: Path,
) -> None:
    members = list(_members(archives, part))
    if not members:
        raise DataError(f"{', '.join(map(str, archives))}: no photo under {part}/")
    number = {wnid: index for index, wnid in enumerate(classes)}
    strangers = {wnid for _, _, wnid in members} - number.keys()
    if strangers:
        raise DataError(f"{part}/{min(strangers)}/ is a class that has no photo under train/")
    pixels = np.empty((len(members), 3, size, size), dtype=np.uint8)
    labels = np.empty(len(members), dtype=np.int64)
    with ExitStack() as stack:
        opened = {archive: stack.enter_context(open_archive(archive)) for archive in archives}
        for row, (archive, name, wnid) in enumerate(track(members, f"packing {part} photos")):
            photo = _photo(opened[archive], name)
            rgb = photo.resize((size, size), Image.Resampling.BICUBIC)
            pixels[row] = np.asarray(rgb).transpose(2, 0, 1)
            labels[row] = number[wnid]
    save_array(pixel_file, pixels)
    save_array(label_file, labels)
