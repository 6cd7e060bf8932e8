"""Inspects photo files: whether each decodes, and the digests that identify it."""

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
from PIL import Image

from training.data.decoding import open_rgb
from training.data.reader_base import DataError

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
