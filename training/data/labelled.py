"""Labelled photos in zip files (`train/WNID/NAME`, `val/WNID/NAME`), decoded into arrays."""

from __future__ import annotations

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from rich.progress import track
from torch import Tensor

from training.data.cache import load_array, save_array
from training.data.decoding import open_rgb
from training.data.reader_base import DataError
from training.distributed.processes import SINGLE_PROCESS, ProcessGroup

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
