"""Decodes and inspects photo files, which may be damaged or no photos at all."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
import re
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from training.data.reader_base import DataError

# What Pillow's plugins have been seen to raise on broken files.
_ERRORS = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a PNG's pixels, by the kind of colours
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_SCAN = re.compile(rb"\xff\xda\x00[\x06-\x0c]")
_FINEST = 63  # the last coefficient of a block
_PADDING = 64  # zeros in a row that no coded picture ends with
_MOST = 0.6  # of its rows: with less of a photo, its captions are about something else


def open_rgb(data: bytes | Path, name: str) -> Image.Image:
    """The photo as RGB; a truncated one gives most of the photo (of a JPEG, in full size).

    Raises DataError; its message begins with `name`.
    """
    try:
        raw = data if isinstance(data, bytes) else data.read_bytes()
    except OSError as error:
        raise DataError(f"{name}: cannot be read: {error.strerror}") from error
    if not raw:
        raise DataError(f"{name}: the file is empty")
    short = raw.rstrip(b"\0")
    if (
        raw.startswith(_JPEG)
        and len(raw) - len(short) >= _PADDING
        and not short.endswith(_JPEG_END)
    ):
        raw = short  # a download that broke off
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about metadata that nobody looks at
        try:
            with Image.open(io.BytesIO(raw)) as photo:
                return photo.convert("RGB")
        except _ERRORS as error:
            rest = _of_png(raw) if raw.startswith(_PNG) else _cut_off(raw)
            if rest is None:
                raise DataError(f"{name}: does not decode: {_reason(error)}") from error
            return rest


def _reason(error: BaseException) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "no picture in a format known here"
    return str(error) or type(error).__name__


def _cut_off(raw: bytes) -> Image.Image | None:
    """The photo of a truncated JPEG; None if too much of it is missing."""
    if not raw.startswith(_JPEG):
        return None
    try:
        with Image.open(io.BytesIO(raw.rstrip(b"\xff") + _JPEG_END), formats=["JPEG"]) as photo:
            rgb = photo.convert("RGB")
            fine = not photo.info.get("progressive") or _has_fine_detail(raw)
    except _ERRORS:
        return None
    rows = np.asarray(rgb).reshape(rgb.height, -1)
    filled = (rows == rows[-1, -1]).all(axis=1) & np.isin(rows[:, 0], (0, 128))
    there = np.flatnonzero(~filled)
    return rgb if fine and len(there) and there[-1] >= _MOST * rgb.height - 1 else None


def _of_png(raw: bytes) -> Image.Image | None:
    """The photo of a PNG that is broken beside its pixels or after most of them; else None.

    Text and colour profiles that are too large or have wrong sums are no reason to lose a photo,
    nor is a wrong sum of the pixels, as the bot sees it too.
    """
    parts = {b"PLTE": b"", b"tRNS": b"", b"IDAT": b"", b"IHDR": b""}
    at = len(_PNG)
    while at + 8 <= len(raw):
        length, name = int.from_bytes(raw[at : at + 4], "big"), raw[at + 4 : at + 8]
        if name in parts:
            parts[name] += raw[at + 8 : at + 8 + length]
        at += 12 + length
    header = parts[b"IHDR"]
    if len(header) != 13 or header[9] not in _CHANNELS or header[12]:  # interlaced
        return None
    width, height = struct.unpack_from(">II", header)
    row = 1 + (width * header[8] * _CHANNELS[header[9]] + 7) // 8
    if width * height > (Image.MAX_IMAGE_PIXELS or width * height):
        return None
    pixels = _unpacked(parts[b"IDAT"], row * height)
    rows = len(pixels) // row
    if rows < _MOST * height or not rows:
        return None
    parts[b"IHDR"] = header[:4] + struct.pack(">I", rows) + header[8:]
    parts[b"IDAT"] = zlib.compress(pixels[: rows * row], 1)
    parts[b"IEND"] = b""
    whole = _PNG
    for name in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
        if parts[name] or name == b"IEND":
            body = name + parts[name]
            whole += struct.pack(">I", len(parts[name])) + body
            whole += struct.pack(">I", zlib.crc32(body))
    try:
        with Image.open(io.BytesIO(whole), formats=["PNG"]) as photo:
            return photo.convert("RGB")
    except _ERRORS:
        return None


def _unpacked(packed: bytes, most: int) -> bytes:
    """What a zlib stream holds before it breaks off or makes no sense, up to so many bytes."""
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    found = bytearray()
    try:
        for at in range(2, len(packed), 65_536):
            found += unpacking.decompress(packed[at : at + 65_536], max(1, most - len(found)))
            while unpacking.unconsumed_tail and len(found) < most:
                rest = unpacking.unconsumed_tail
                found += unpacking.decompress(rest, most - len(found))
    except zlib.error:
        pass
    return bytes(found)


def _has_fine_detail(raw: bytes) -> bool:
    """Whether a progressive JPEG has all luma coefficients, at any precision."""
    *complete, _ = (found.start() for found in _SCAN.finditer(raw))
    return any(raw[at + 4 : at + 6] == b"\1\1" and raw[at + 8] == _FINEST for at in complete)


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
