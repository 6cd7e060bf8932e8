"""GIFs and WebPs that break off: as much of them as is there, as a file that is whole.

Neither says how much of the picture its decoder got. A GIF is tried with fewer rows; a WebP is
ended in two ways, and where both look the same, the end has not mattered.
"""

from __future__ import annotations

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MOST_MISSING = 0.4  # of the rows: with more, a caption would be about something else
_GIF_TRIES = (0.98, 0.95, 0.9, 0.8, 0.7, 1 - MOST_MISSING)  # of the rows
_INTERLACED = 0x40
_PASSES = ((0, 8), (4, 8), (2, 4), (1, 2))  # the first row of each, and the step
_FILLING, _OTHERS = b"\0", (b"\x33", b"\xa5", b"\x5a", b"\x11")
_FILTERED = 8  # rows above the first that differs: a filter smooths the edges between blocks
_GRAPHICS, _EXTENSION, _PICTURE = 0xF9, b"!", b","
_CODED = {b"VP8 ", b"VP8L"}


def gif(data: bytes) -> bytes | None:
    """The first frame of a GIF with the rows that are there; None where too many are missing."""
    at = _first_frame(data)
    if at is None or len(data) < at + 10:
        return None
    top, height = (int.from_bytes(data[at + n : at + n + 2], "little") for n in (3, 7))
    interlaced = data[at + 9] & _INTERLACED
    for share in _GIF_TRIES:
        rows = int(share * height)
        lower = bytearray(data)
        lower[8:10] = struct.pack("<H", top + rows)
        lower[at + 7 : at + 9] = struct.pack("<H", rows)
        lower[at + 9] &= ~_INTERLACED
        if rows and _loads(bytes(lower)):
            return _in_order(bytes(lower), top, height) if interlaced else bytes(lower)
    return None


def _in_order(data: bytes, top: int, height: int) -> bytes | None:
    """A PNG of a GIF whose rows come in four passes; each that is missing is as the one above."""
    with Image.open(io.BytesIO(data), formats=["GIF"]) as image:
        pixels = np.asarray(image.convert("RGBA"))[top:]
    order = [row for first, step in _PASSES for row in range(first, height, step)]
    there = {row: at for at, row in enumerate(order[: len(pixels)])}
    above = [next(row for row in range(at, -1, -1) if row in there) for at in range(height)]
    drawn = io.BytesIO()
    Image.fromarray(pixels[[there[row] for row in above]]).save(drawn, "PNG", compress_level=1)
    return drawn.getvalue()


def webp(data: bytes) -> tuple[bytes, int] | None:
    """A still WebP that is ended, and how many of its rows are right; None where too few are."""
    whole = _ended(data, _FILLING)
    if whole is None or (first := _pixels(whole)) is None:
        return None
    for filling in _OTHERS:  # not every one can be decoded
        other = _ended(data, filling)
        second = _pixels(other) if other is not None else None
        if second is not None:
            differs = np.flatnonzero((first != second).reshape(len(first), -1).any(axis=1))
            rows = max(0, int(differs[0]) - _FILTERED) if len(differs) else len(first)
            return (whole, rows) if rows >= (1 - MOST_MISSING) * len(first) else None
    return None


def _pixels(data: bytes) -> NDArray[np.uint8] | None:
    try:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
            return np.asarray(image.convert("RGBA"))
    except (OSError, ValueError):
        return None


def whole_frames(data: bytes) -> bytes:
    """A WebP animation that breaks off without the frame at its end that is not all there."""
    at = end = 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
        if at > len(data):
            break
        end = at
    if len(data) >= 8 + int.from_bytes(data[4:8], "little"):
        return data
    return data[:4] + struct.pack("<I", end - 8) + data[8:end]


def _first_frame(data: bytes) -> int | None:
    """Where the first picture of a GIF is described."""
    at = 13 + (3 << ((data[10] & 7) + 1) if len(data) > 10 and data[10] & 0x80 else 0)
    while (sign := data[at : at + 1]) == _EXTENSION:
        at += 2
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return at if sign == _PICTURE else None


def _loads(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=["GIF"]) as image:
            image.load()
    except (OSError, ValueError, EOFError, SyntaxError):
        return False
    return True


def _ended(data: bytes, filling: bytes) -> bytes | None:
    """A still WebP whose picture goes on with `filling` to the length that it announces."""
    at = 12
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if name in _CODED:
            missing = end - len(data)
            if not 0 < missing < MOST_MISSING * 2 * length:
                return None
            whole = data + filling * missing
            return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]
        at = end
    return None
