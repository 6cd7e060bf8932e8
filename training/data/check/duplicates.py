"""Duplicate photos: same bytes, same pixels, or similar; within a split and across splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data.check.photos import THUMB, PhotoInspection
from training.data.check.report import Finding, FindingKind
from training.data.reader_base import PhotoEntry

HASH_BITS = 4  # of 56 that may differ
GREY_LEVELS = 6.0  # of 255 by which the thumbnails may differ on average
_PAIRS_AT_ONCE = 1 << 22  # hashes compared in one operation: 32 MB


def duplicate_findings(
    photos: Sequence[PhotoEntry], looks: dict[Path, PhotoInspection]
) -> Iterator[Finding]:
    """A finding for each photo that equals an earlier one; it names both.

    A photo in two splits is reported as an overlap, because it makes scores too good.
    """
    named: dict[Path, PhotoEntry] = {}
    files: dict[bytes, PhotoEntry] = {}
    pixels: dict[bytes, PhotoEntry] = {}
    single: list[PhotoEntry] = []
    for photo in photos:
        look = looks[photo.path]
        if photo.path in named:
            yield _finding(photo, named[photo.path], FindingKind.SAME_FILE, "is named before in")
            continue
        named[photo.path] = photo
        if look.missing or not look.file:
            continue
        if look.file in files:
            yield _finding(photo, files[look.file], FindingKind.SAME_FILE, "is the same file as")
            continue
        files[look.file] = photo
        if look.pixels in pixels:
            yield _finding(
                photo, pixels[look.pixels], FindingKind.SAME_PIXELS, "has the same pixels as"
            )
        elif look.pixels:
            pixels[look.pixels] = photo
            single.append(photo)
    yield from _alike(single, looks)


def _alike(photos: Sequence[PhotoEntry], looks: dict[Path, PhotoInspection]) -> Iterator[Finding]:
    thumbs = np.frombuffer(b"".join(looks[p.path].thumb for p in photos), np.uint8)
    for later, earlier in near_pairs(thumbs.reshape(-1, THUMB, THUMB)):
        how = "looks the same (by a perceptual hash, which may be wrong) as"
        yield _finding(photos[later], photos[earlier], FindingKind.ALIKE, how)


def near_pairs(thumbs: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """The index pairs (later, earlier) of similar grey thumbnails (N, THUMB, THUMB).

    If the difference hashes of two thumbnails differ in few bits, the thumbnails are compared.
    """
    hashes = _hashes(thumbs)
    block = max(1, _PAIRS_AT_ONCE // max(1, len(hashes)))
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
    """The difference hash of each thumbnail, 8 x 7 bits: is the right neighbour brighter?"""
    half = THUMB // 2
    small = thumbs.reshape(-1, half, 2, half, 2).mean(axis=(2, 4))
    brighter = (np.diff(small, axis=2) > 0).reshape(len(thumbs), half * (half - 1))  # (N, 56)
    weights = np.uint64(1) << np.arange(brighter.shape[1], dtype=np.uint64)
    hashes: NDArray[np.uint64] = (brighter * weights).sum(axis=1, dtype=np.uint64)
    return hashes


def _finding(photo: PhotoEntry, earlier: PhotoEntry, kind: FindingKind, how: str) -> Finding:
    same_path = photo.path == earlier.path
    other = earlier.where if same_path else f"{earlier.name} ({earlier.where})"
    if photo.split != earlier.split:
        text = f"is in {photo.split} and {earlier.split}: {how} {other}"
        return Finding(FindingKind.OVERLAP, photo.where, photo.name, text)
    return Finding(kind, photo.where, photo.name, f"{how} {other}")
