"""Inspects photo files: whether each decodes, and which are the same or look it."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.data.check.report import Finding, FindingKind
from training.data.decoding import open_rgb
from training.data.reader_base import DataError, PhotoEntry

THUMB = 16  # pixels a side
_ALONE = 200  # photos; for fewer, starting worker processes takes longer than it saves
_CHUNK = 32
_MOST_WORKERS = 8
_NICENESS = 10
_GREY = range(126, 131)  # what a JPEG decoder leaves where data ends
_GREY_SHARE = 1 / 16  # of the height


@dataclass(frozen=True, slots=True)
class PhotoInspection:
    """What was found out about a photo file; a digest is empty if it was not computed."""

    missing: bool = False
    error: str = ""  # why it does not decode
    suspicion: str = ""  # why it may be damaged although it decodes
    file: bytes = b""  # digest of the bytes
    pixels: bytes = b""  # digest of the decoded photo
    thumb: bytes = b""  # THUMB x THUMB grey pixels


def inspect_photos(
    paths: Sequence[Path], *, decode: bool, progress: Callable[[int], None]
) -> dict[Path, PhotoInspection]:
    """Inspect each file; `progress` is called with the number of files done.

    Uses every core, at a low priority. Raises DataError if a photo makes the process that decodes
    it crash.
    """
    looks: dict[Path, PhotoInspection] = {}
    with _mapping(len(paths)) as map_:
        results = iter(map_(partial(inspect_photo, decode=decode), paths))
        while len(looks) < len(paths):
            ahead = paths[len(looks) : len(looks) + _CHUNK]
            try:
                found = list(islice(results, len(ahead)))
            except BrokenProcessPool as error:
                raise DataError(
                    f"{ahead[0]}: it or one of the photos after it ended the process that decoded "
                    "it; is there enough memory?"
                ) from error
            looks.update(zip(ahead, found, strict=True))
            progress(len(looks))
    return looks


_Map = Callable[[Callable[[Path], PhotoInspection], Sequence[Path]], Iterator[PhotoInspection]]


@contextmanager
def _mapping(photos: int) -> Iterator[_Map]:
    workers = min(len(os.sched_getaffinity(0)), _MOST_WORKERS)
    if photos < _ALONE or workers < 2:
        yield map
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=os.nice, initargs=(_NICENESS,))
    try:
        yield partial(pool.map, chunksize=_CHUNK)
    finally:
        pool.shutdown(cancel_futures=True)  # also when somebody presses Ctrl-C


def inspect_photo(path: Path, *, decode: bool) -> PhotoInspection:
    """Inspect one file; whatever its content is, this does not raise."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return PhotoInspection(missing=True)
    except OSError as error:
        return PhotoInspection(error=f"{path}: cannot be read: {error.strerror}")
    file = hashlib.blake2b(raw, digest_size=16).digest()
    if not raw or not decode:
        return PhotoInspection(error="" if raw else f"{path}: the file is empty", file=file)
    try:
        photo = open_rgb(raw, str(path))
    except DataError as error:
        return PhotoInspection(error=str(error), file=file)
    pixels = hashlib.blake2b(repr(photo.size).encode(), digest_size=16)
    pixels.update(photo.tobytes())
    thumb = photo.convert("L").resize((THUMB, THUMB), Image.Resampling.BOX)
    return PhotoInspection(
        suspicion=_suspicion(photo), file=file, pixels=pixels.digest(), thumb=thumb.tobytes()
    )


def _suspicion(photo: Image.Image) -> str:
    """Why a photo looks damaged, or "". It finds only clear cases."""
    bands = [tuple(band) for band in np.reshape(photo.getextrema(), (3, 2)).tolist()]
    if all(high - low < len(_GREY) for low, high in bands):
        return "is of one colour throughout"
    rows = np.asarray(photo)[::-1]  # (H, W, 3), from the bottom
    grey = ((rows >= _GREY.start) & (rows < _GREY.stop)).all(axis=(1, 2))
    count = int(grey.argmin())  # the first row that is not
    if count >= max(2, photo.height * _GREY_SHARE):
        return f"its last {count} of {photo.height} rows are grey, as where a JPEG was cut off"
    return ""


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
