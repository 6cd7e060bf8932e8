"""JPEGs that break off: what is there of them, made whole enough to be decoded.

Cameras, downloads and chats lose the end of files: often only the marker that says "this is the
end". Decoders fill what is missing with grey. A picture of which most is there is worth a caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

_END = b"\xff\xd9"
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # in what is coded, all but restart markers
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), 0xCD, 0xCE,
                     0xCF})  # fmt: skip
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_DECODED = frozenset({_BASELINE, _EXTENDED, _PROGRESSIVE, 0xC9, 0xCA})  # the last two: arithmetic
_SCAN = 0xDA
_MOST_SEGMENTS = 10_000
_PADDING = 64  # zeros in a row that no coded picture ends with
_MOST = 0.6  # of the rows: with less of a picture, a caption would be about something else
_ROUGH = 8  # pixels a side that one coarse number of a progressive JPEG stands for
_ENOUGH = 224  # pixels of the shorter side: with so many coarse numbers models need no more
_FINEST = 63  # the last coefficient of a block
_STRIP = 64  # rows looked at together


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over the picture."""

    components: bytes  # their ids
    first: int  # the coefficients that it brings, of 0…63
    last: int
    start: int  # where its marker is in the file
    end: int  # where what it codes ends


@dataclass(frozen=True, slots=True)
class Layout:
    """What the segments of a JPEG say."""

    coding: int  # the marker of its frame: baseline, progressive, …
    bits: int  # of a sample
    size: tuple[int, int]
    components: bytes  # their ids; the first is brightness
    scans: tuple[Scan, ...]
    whole: bool  # whether the end is marked

    @property
    def decodable(self) -> bool:
        """Whether libjpeg knows this kind: not lossless, not of 12 bits."""
        return self.coding in _DECODED and self.bits == 8


def layout(data: bytes, at: int = 0) -> Layout | None:
    """The layout of the JPEG that begins at a place; None without a frame or without a scan."""
    frame: tuple[int, int, tuple[int, int], bytes] | None = None
    scans: list[Scan] = []
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
            scans.append(Scan(bytes(body[1 : 1 + 2 * count : 2]), first, last, start, end))
    if frame is None or not scans:
        return None
    return Layout(*frame, tuple(scans), whole)


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


def trimmed(data: bytes) -> bytes:
    """The file without the zeros that a download which broke off left at its end."""
    short = data.rstrip(b"\0")
    padded = len(data) - len(short) >= _PADDING and not short.endswith(_END)
    return short if padded else data


def mended(data: bytes) -> bytes | None:
    """A JPEG that breaks off, ended properly; None where nothing of the picture is there."""
    found = layout(data)
    if found is None or found.whole or not found.decodable:
        return None
    return data[: found.scans[-1].end].rstrip(b"\xff") + _END


def rows_there(data: bytes, image: Image.Image) -> int:
    """How many rows of a mended JPEG were decoded; 0 where that is not most of the picture."""
    found = layout(data)
    if found is None or not _shows_something(found):
        return 0
    rows = image.height - _filled_rows(image)
    return rows if rows >= _MOST * image.height else 0


def _shows_something(found: Layout) -> bool:
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
