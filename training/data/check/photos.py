"""A look at every photo file: does it decode, and what identifies it."""

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
_ALONE = 200  # photos; fewer are looked at in this process, for starting others takes longer
_CHUNK = 32
_MOST_WORKERS = 8
_NICENESS = 10
_GREY = range(126, 131)  # what a JPEG decoder leaves where data ends
_GREY_SHARE = 1 / 16  # of the height


@dataclass(frozen=True, slots=True)
class Look:
    """What a photo file is; digests are empty for what was not looked at."""

    missing: bool = False
    error: str = ""  # why it does not decode
    suspicion: str = ""  # why it may be damaged although it decodes
    file: bytes = b""  # digest of the bytes
    pixels: bytes = b""  # digest of the decoded photo
    thumb: bytes = b""  # THUMB x THUMB grey pixels


def look_at(
    paths: Sequence[Path], *, decode: bool, progress: Callable[[int], None]
) -> dict[Path, Look]:
    """A look at each file; `progress` is told how many are done.

    Uses every core, but steps back for whatever else the machine does. Raises DataError if a
    photo ends the process that decodes it.
    """
    looks: dict[Path, Look] = {}
    with _mapping(len(paths)) as map_:
        results = iter(map_(partial(look, decode=decode), paths))
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


_Map = Callable[[Callable[[Path], Look], Sequence[Path]], Iterator[Look]]


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


def look(path: Path, *, decode: bool) -> Look:
    """What a file is; never raises for what the file holds."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Look(missing=True)
    except OSError as error:
        return Look(error=f"{path}: cannot be read: {error.strerror}")
    file = hashlib.blake2b(raw, digest_size=16).digest()
    if not raw or not decode:
        return Look(error="" if raw else f"{path}: the file is empty", file=file)
    try:
        photo = open_rgb(raw, str(path))
    except DataError as error:
        return Look(error=str(error), file=file)
    pixels = hashlib.blake2b(repr(photo.size).encode(), digest_size=16)
    pixels.update(photo.tobytes())
    thumb = photo.convert("L").resize((THUMB, THUMB), Image.Resampling.BOX)
    return Look(
        suspicion=_suspicion(photo), file=file, pixels=pixels.digest(), thumb=thumb.tobytes()
    )


def _suspicion(photo: Image.Image) -> str:
    """Why a photo looks damaged, "" if it does not. Finds what is certain, which is not all."""
    bands = [tuple(band) for band in np.reshape(photo.getextrema(), (3, 2)).tolist()]
    if all(high - low < len(_GREY) for low, high in bands):
        return "is of one colour throughout"
    rows = np.asarray(photo)[::-1]  # (H, W, 3), from the bottom
    grey = ((rows >= _GREY.start) & (rows < _GREY.stop)).all(axis=(1, 2))
    count = int(grey.argmin())  # the first row that is not
    if count >= max(2, photo.height * _GREY_SHARE):
        return f"its last {count} of {photo.height} rows are grey, as where a JPEG was cut off"
    return ""
