"""Pictures that break off: what is there of them, as a file that can be opened.

Cameras, downloads and chats lose the end of files: of JPEGs often only the marker that says "this
is the end". Decoders fill what is missing, a JPEG's with grey. A picture of which most is there is
worth a caption.

GIFs and WebPs do not say how much of the picture their decoders got. A GIF is tried with fewer
rows; a WebP is ended in two ways, and where both look the same, the end has not mattered.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.media.decoder import png

_MOST_MISSING = 0.4  # of the rows: with more, a caption would be about something else


@dataclass(frozen=True, slots=True)
class Mended:
    """A picture that was broken, as a file that can be opened."""

    data: bytes
    rows: Callable[[Image.Image], int] | None = None  # that are right; None for all


def mended(data: bytes) -> Mended | None:
    """What is there of a picture that breaks off or has a wrong sum; None where that is little."""
    if data.startswith(png.SIGNATURE):
        whole = png.with_true_sum(data) or png.cut_short(data, _MOST_MISSING)
    elif data.startswith(b"\xff\xd8"):
        whole = _ended_jpeg(data)
        return Mended(whole, partial(_rows_there, whole)) if whole else None
    elif data.startswith(b"GIF8"):
        whole = _gif(data)
    elif data.startswith(b"RIFF") and (found := _webp(data)):
        return Mended(found[0], lambda _: found[1])
    else:
        whole = None
    return Mended(whole) if whole else None


# --- JPEG

_END = b"\xff\xd9"
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # in what is coded, all but restart markers
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), 0xCD, 0xCE,
                     0xCF})  # fmt: skip
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_DECODED = frozenset({_BASELINE, _EXTENDED, _PROGRESSIVE, 0xC9, 0xCA})  # the last two: arithmetic
_SCAN = 0xDA
_MOST_SEGMENTS = 10_000
_PADDING = 64  # zeros in a row that no coded picture ends with
_ROUGH = 8  # pixels a side that one coarse number of a progressive JPEG stands for
_ENOUGH = 224  # pixels of the shorter side: with so many coarse numbers models need no more
_FINEST = 63  # the last coefficient of a block
_STRIP = 64  # rows looked at together


@dataclass(frozen=True, slots=True)
class JpegScan:
    """One pass over the picture."""

    components: bytes  # their ids
    first: int  # the coefficients that it brings, of 0…63
    last: int
    start: int  # where its marker is in the file
    end: int  # where what it codes ends


@dataclass(frozen=True, slots=True)
class JpegLayout:
    """What the segments of a JPEG say."""

    coding: int  # the marker of its frame: baseline, progressive, …
    bits: int  # of a sample
    size: tuple[int, int]
    components: bytes  # their ids; the first is brightness
    scans: tuple[JpegScan, ...]
    whole: bool  # whether the end is marked

    @property
    def decodable(self) -> bool:
        """Whether libjpeg knows this kind: not lossless, not of 12 bits."""
        return self.coding in _DECODED and self.bits == 8


def jpeg_layout(data: bytes, at: int = 0) -> JpegLayout | None:
    """The layout of the JPEG that begins at a place; None without a frame or without a scan."""
    frame: tuple[int, int, tuple[int, int], bytes] | None = None
    scans: list[JpegScan] = []
    whole = False
    for marker, start, body in _segments(data, at):
        if marker == _END[1]:
            whole = True
            break
        if marker in _FRAMES and len(body) > 6 and frame is None:
            size = int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big")
            frame = marker, body[0], size, bytes(body[6::3])[: body[5]]
        elif marker == _SCAN and body:
            count = min(body[0], 4)
            if len(body) < 4 + 2 * count:
                break
            first, last = body[1 + 2 * count : 3 + 2 * count]
            found = _MARKER.search(data, start + 4 + len(body))
            end = found.start() if found else len(data)
            scans.append(JpegScan(bytes(body[1 : 1 + 2 * count : 2]), first, last, start, end))
    if frame is None or not scans:
        return None
    return JpegLayout(*frame, tuple(scans), whole)


def _segments(data: bytes, at: int) -> Iterator[tuple[int, int, memoryview]]:
    """Marker, place and body of each segment that is all there, until the end is marked."""
    view = memoryview(data)
    at += 2
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return
        start, marker = found.end() - 2, data[found.end() - 1]
        length = int.from_bytes(data[start + 2 : start + 4], "big")
        if marker == _END[1]:
            yield marker, start, view[:0]
            return
        if marker in {0x01, 0xD8}:  # these stand alone
            at = start + 2
            continue
        at = start + 2 + length
        if length < 2 or at > len(data):
            return
        yield marker, start, view[start + 4 : at]


def trimmed_jpeg(data: bytes) -> bytes:
    """The file without the zeros that a download which broke off left at its end."""
    short = data.rstrip(b"\0")
    padded = len(data) - len(short) >= _PADDING and not short.endswith(_END)
    return short if padded else data


def _ended_jpeg(data: bytes) -> bytes | None:
    """A JPEG that breaks off, ended properly; None where nothing of the picture is there."""
    found = jpeg_layout(data)
    if found is None or found.whole or not found.decodable:
        return None
    return data[: found.scans[-1].end].rstrip(b"\xff") + _END


def _rows_there(data: bytes, image: Image.Image) -> int:
    """How many rows of a mended JPEG were decoded; 0 where that is not most of the picture."""
    found = jpeg_layout(data)
    if found is None or not _shows_something(found):
        return 0
    rows = image.height - _filled_rows(image)
    return rows if rows >= (1 - _MOST_MISSING) * image.height else 0


def _shows_something(found: JpegLayout) -> bool:
    """Whether a progressive JPEG got as far as fine detail, or is so large that it needs none."""
    if found.coding != _PROGRESSIVE or min(found.size) >= _ROUGH * _ENOUGH:
        return True
    brightness, complete = found.components[:1], found.scans[:-1]
    return any(scan.last == _FINEST and brightness in scan.components for scan in complete)


def _filled_rows(image: Image.Image) -> int:
    """The rows at the bottom that a decoder filled in: middle grey, or black after an error."""
    count = 0
    for top in range(image.height - _STRIP, -_STRIP, -_STRIP):
        box = (0, max(0, top), image.width, top + _STRIP)
        strip = np.asarray(image.crop(box)).reshape(box[3] - box[1], -1)
        grey = ((strip == 127) | (strip == 128)).all(axis=1)
        kept = np.flatnonzero(~(grey | ~strip.any(axis=1)))
        if len(kept):
            return count + len(strip) - 1 - int(kept[-1])
        count += len(strip)
    return count


# --- GIF and WebP

_GIF_TRIES = (0.98, 0.95, 0.9, 0.8, 0.7, 1 - _MOST_MISSING)  # of the rows
_INTERLACED = 0x40
_PASSES = ((0, 8), (4, 8), (2, 4), (1, 2))  # the first row of each, and the step
_FILLING, _OTHERS = b"\0", (b"\x33", b"\xa5", b"\x5a", b"\x11")
_FILTERED = 8  # rows above the first that differs: a filter smooths the edges between blocks
_GRAPHICS, _EXTENSION, _PICTURE = 0xF9, b"!", b","
_CODED = {b"VP8 ", b"VP8L"}


def _gif(data: bytes) -> bytes | None:
    """The first frame of a GIF with the rows that are there; None where too many are missing."""
    at = _first_gif_frame(data)
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
        if rows and _gif_loads(bytes(lower)):
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


def _webp(data: bytes) -> tuple[bytes, int] | None:
    """A still WebP that is ended, and how many of its rows are right; None where too few are."""
    whole = _ended_webp(data, _FILLING)
    if whole is None or (first := _webp_pixels(whole)) is None:
        return None
    for filling in _OTHERS:  # not every one can be decoded
        other = _ended_webp(data, filling)
        second = _webp_pixels(other) if other is not None else None
        if second is not None:
            differs = np.flatnonzero((first != second).reshape(len(first), -1).any(axis=1))
            rows = max(0, int(differs[0]) - _FILTERED) if len(differs) else len(first)
            return (whole, rows) if rows >= (1 - _MOST_MISSING) * len(first) else None
    return None


def _webp_pixels(data: bytes) -> NDArray[np.uint8] | None:
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


def _first_gif_frame(data: bytes) -> int | None:
    """Where the first picture of a GIF is described."""
    at = 13 + (3 << ((data[10] & 7) + 1) if len(data) > 10 and data[10] & 0x80 else 0)
    while (sign := data[at : at + 1]) == _EXTENSION:
        at += 2
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return at if sign == _PICTURE else None


def _gif_loads(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=["GIF"]) as image:
            image.load()
    except (OSError, ValueError, EOFError, SyntaxError):
        return False
    return True


def _ended_webp(data: bytes, filling: bytes) -> bytes | None:
    """A still WebP whose picture goes on with `filling` to the length that it announces."""
    at = 12
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if name in _CODED:
            missing = end - len(data)
            if not 0 < missing < _MOST_MISSING * 2 * length:
                return None
            whole = data + filling * missing
            return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]
        at = end
    return None
