"""Photos from files that may be anything."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from training.data.reader_base import DataError

# What Pillow's plugins have been seen to raise on broken files.
_ERRORS = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_SCAN = re.compile(rb"\xff\xda\x00[\x06-\x0c]")
_FINEST = 63  # the last coefficient of a block
_PADDING = 64  # zeros in a row that no coded picture ends with
_MOST = 0.6  # of its rows: with less of a photo, its captions are about something else


def open_rgb(data: bytes | Path, name: str) -> Image.Image:
    """The photo as RGB, all of it or, of a JPEG that was cut off, most of it, the rest grey.

    Raises DataError that begins with `name`.
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
            rest = _cut_off(raw)
            if rest is None:
                raise DataError(f"{name}: does not decode: {_reason(error)}") from error
            return rest


def _reason(error: BaseException) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "no picture in a format known here"
    return str(error) or type(error).__name__


def _cut_off(raw: bytes) -> Image.Image | None:
    """The photo of a JPEG that lacks its end; None where that is more than a little."""
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


def _has_fine_detail(raw: bytes) -> bool:
    """Whether a progressive JPEG has all coefficients of its brightness, however coarse."""
    *complete, _ = (found.start() for found in _SCAN.finditer(raw))
    return any(raw[at + 4 : at + 6] == b"\1\1" and raw[at + 8] == _FINEST for at in complete)
