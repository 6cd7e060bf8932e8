"""Photos that are there twice: by bytes, by pixels, by looks; within a split and across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data.check.photos import THUMB, Look
from training.data.check.report import Finding, Kind
from training.data.reader_base import Listed

HASH_BITS = 4  # of 56 that may differ
GREY_LEVELS = 6.0  # of 255 by which the thumbnails may differ on average
_AT_ONCE = 1 << 22  # hashes compared in one go: 32 MB


def duplicate_findings(photos: Sequence[Listed], looks: dict[Path, Look]) -> Iterator[Finding]:
    """Each photo that was there before, named with the one that it is the same as.

    A photo that two splits share is told as that, whatever else it is: it makes scores too good.
    """
    named: dict[Path, Listed] = {}
    files: dict[bytes, Listed] = {}
    pixels: dict[bytes, Listed] = {}
    single: list[Listed] = []
    for photo in photos:
        look = looks[photo.path]
        if photo.path in named:
            yield _finding(photo, named[photo.path], Kind.SAME_FILE, "is named before in")
            continue
        named[photo.path] = photo
        if look.missing or not look.file:
            continue
        if look.file in files:
            yield _finding(photo, files[look.file], Kind.SAME_FILE, "is the same file as")
            continue
        files[look.file] = photo
        if look.pixels in pixels:
            yield _finding(photo, pixels[look.pixels], Kind.SAME_PIXELS, "has the same pixels as")
        elif look.pixels:
            pixels[look.pixels] = photo
            single.append(photo)
    yield from _alike(single, looks)


def _alike(photos: Sequence[Listed], looks: dict[Path, Look]) -> Iterator[Finding]:
    thumbs = np.frombuffer(b"".join(looks[p.path].thumb for p in photos), np.uint8)
    for later, earlier in near_pairs(thumbs.reshape(-1, THUMB, THUMB)):
        how = "looks the same (by a perceptual hash, which may be wrong) as"
        yield _finding(photos[later], photos[earlier], Kind.ALIKE, how)


def near_pairs(thumbs: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """Of grey thumbnails (N, THUMB, THUMB), each that looks like an earlier one, and that one.

    Where a hash of brightness steps differs in few bits, the thumbnails themselves are compared.
    """
    hashes = _hashes(thumbs)
    block = max(1, _AT_ONCE // max(1, len(hashes)))
    for start in range(0, len(hashes), block):
        own = hashes[start : start + block, None]
        bits = np.bitwise_count(own ^ hashes[None, : start + block])  # (block, N)
        for row, column in np.argwhere(bits <= HASH_BITS):
            later, earlier = start + int(row), int(column)
            if earlier >= later:
                continue
            difference = np.abs(thumbs[later].astype(int) - thumbs[earlier]).mean()
            if difference <= GREY_LEVELS:
                yield later, earlier


def _hashes(thumbs: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Of each thumbnail 8 x 7 bits: is the right neighbour brighter?"""
    half = THUMB // 2
    small = thumbs.reshape(-1, half, 2, half, 2).mean(axis=(2, 4))
    brighter = (np.diff(small, axis=2) > 0).reshape(len(thumbs), half * (half - 1))  # (N, 56)
    weights = np.uint64(1) << np.arange(brighter.shape[1], dtype=np.uint64)
    hashes: NDArray[np.uint64] = (brighter * weights).sum(axis=1, dtype=np.uint64)
    return hashes


def _finding(photo: Listed, earlier: Listed, kind: Kind, how: str) -> Finding:
    same_path = photo.path == earlier.path
    other = earlier.where if same_path else f"{earlier.name} ({earlier.where})"
    if photo.split != earlier.split:
        text = f"is in {photo.split} and {earlier.split}: {how} {other}"
        return Finding(Kind.OVERLAP, photo.where, photo.name, text)
    return Finding(kind, photo.where, photo.name, f"{how} {other}")
