"""Labelled photos in zip files (`train/WNID/NAME`, `val/WNID/NAME`, `words.txt`), packed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from rich.progress import track
from torch import Tensor


@dataclass(frozen=True)
class LabelledPhotos:
    """Photos as uint8 (N, 3, S, S), the class of each (N,), and the classes' WordNet ids."""

    pixels: Tensor
    labels: Tensor
    classes: tuple[str, ...]


def read_labelled(archives: Sequence[Path], *, part: str, size: int, cache: Path) -> LabelledPhotos:
    """The photos of one part ("train" or "val") of several archives, decoded once into `cache`.

    Classes are numbered over the training parts of all archives, so that both parts agree.
    Raises FileNotFoundError for a missing archive, ValueError for one that holds no photo.
    """
    for archive in archives:
        if not archive.is_file():
            raise FileNotFoundError(f"{archive}: no such archive of labelled photos")
    key = hashlib.sha256(
        "|".join(f"{a.name}:{a.stat().st_size}" for a in archives).encode()
    ).hexdigest()[:12]
    stem = cache / f"labelled-{key}-{part}-{size}"
    pixel_file, label_file = stem.with_suffix(".pixels.npy"), stem.with_suffix(".labels.npy")
    classes = tuple(sorted({wnid for _, _, wnid in _members(archives, "train")}))
    if not (pixel_file.is_file() and label_file.is_file()):
        _pack(archives, part, size, classes, pixel_file, label_file)
    return LabelledPhotos(
        pixels=torch.from_numpy(np.load(pixel_file)),
        labels=torch.from_numpy(np.load(label_file)),
        classes=classes,
    )


def _members(archives: Sequence[Path], part: str) -> Iterator[tuple[Path, str, str]]:
    for archive in archives:
        with zipfile.ZipFile(archive) as opened:
            names = sorted(opened.namelist())
        for name in names:
            pieces = name.split("/")
            if len(pieces) == 3 and pieces[0] == part and pieces[2]:
                yield archive, name, pieces[1]


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
        raise ValueError(f"{', '.join(map(str, archives))}: no photo under {part}/")
    number = {wnid: index for index, wnid in enumerate(classes)}
    pixels = np.empty((len(members), 3, size, size), dtype=np.uint8)
    labels = np.empty(len(members), dtype=np.int64)
    opened: dict[Path, zipfile.ZipFile] = {a: zipfile.ZipFile(a) for a in archives}
    try:
        for row, (archive, name, wnid) in enumerate(track(members, f"packing {part} photos")):
            with Image.open(io.BytesIO(opened[archive].read(name))) as photo:
                rgb = photo.convert("RGB").resize((size, size), Image.Resampling.BICUBIC)
            pixels[row] = np.asarray(rgb).transpose(2, 0, 1)
            labels[row] = number[wnid]
    finally:
        for archive_file in opened.values():
            archive_file.close()
    pixel_file.parent.mkdir(parents=True, exist_ok=True)
    for array, target in ((pixels, pixel_file), (labels, label_file)):
        half = target.with_suffix(".part.npy")
        np.save(half, array)
        half.replace(target)  # a cache file is whole or absent
