"""Decodes photo files, which may be damaged or no photos at all."""

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
