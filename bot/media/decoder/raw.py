"""Raw files of cameras: which files are, and the preview that most of them hold.

What the sensor saw is developed by no library that is here. The JPEG beside it is what the camera
shows on its own screen.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from bot.media.decoder.truncated import jpeg_layout

_TIFF = {b"II*\0": "<", b"MM\0*": ">"}
_LIKE_TIFF = {b"IIRO": "<", b"IIRS": "<", b"MMOR": ">", b"IIU\0": "<"}  # Olympus, Panasonic
_OTHERS = (
    b"FUJIFILMCCD-RAW",
    b"\0MRM",
    b"FOVb",
    b"II\x1a\0\0\0HEAPCCDR",
)  # fmt: skip - Fujifilm, Minolta, Sigma, Canon's first
_CANON = b"CR"  # at the ninth byte of a TIFF: CR2
_CANON_3 = b"ftypcrx "
_DNG_VERSION, _SUB_IFDS, _PHOTOMETRIC, _COMPRESSION = 0xC612, 0x014A, 0x0106, 0x0103
_ORIENTATION = 0x0112
_SENSOR = frozenset((32803, 34892))  # one colour a pixel, and what was made of that
_OF_CAMERAS = frozenset((32767, 32770, 34713, 65000, 65535))  # Sony, Samsung, Nikon, Kodak, Pentax
_MOST_IFDS, _MOST_ENTRIES = 16, 500
_SIZES = {3: "H", 4: "I", 13: "I"}  # of a tag's values: short, long, a place in the file
_JPEG = re.compile(rb"\xff\xd8\xff[\xc0\xc2\xc4\xdb\xdd\xe0-\xef\xfe]")
_MOST_PREVIEWS = 50

Tags = dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Preview:
    """Where in a raw file the largest JPEG begins, and how the raw file says it is to be turned."""

    start: int
    orientation: int  # as in EXIF


def is_raw(data: bytes) -> bool:
    """Whether the bytes are a camera's raw file, of whatever make."""
    if data[:4] in _LIKE_TIFF or data.startswith(_OTHERS) or data[4:12] == _CANON_3:
        return True
    if data[:4] not in _TIFF:
        return False
    return data[8:10] == _CANON or any(_is_of_a_sensor(tags) for tags in _directories(data))


def preview_of(data: bytes) -> Preview | None:
    """The largest JPEG within a raw file that can be decoded."""
    best: tuple[int, int] | None = None
    at = 0
    for _ in range(_MOST_PREVIEWS):
        hit = _JPEG.search(data, at)
        if hit is None:
            break
        at = hit.start() + 3
        found = jpeg_layout(data, hit.start())
        if found is not None:
            at = max(at, found.scans[-1].end)
            area = found.size[0] * found.size[1] if found.decodable else 0
            if area and (best is None or area > best[0]):
                best = area, hit.start()
    return Preview(best[1], _orientation(data)) if best else None


def _is_of_a_sensor(tags: Tags) -> bool:
    return (
        _DNG_VERSION in tags
        or bool(_SENSOR.intersection(tags.get(_PHOTOMETRIC, ())))
        or bool(_OF_CAMERAS.intersection(tags.get(_COMPRESSION, ())))
    )


def _orientation(data: bytes) -> int:
    if data[4:12] == _CANON_3:
        at = data.find(b"CMT1", 0, 1 << 16)
        data = data[at + 4 :] if at >= 0 else b""
    first: Tags = next(_directories(data), {})
    return next(iter(first.get(_ORIENTATION, ())), 1)


def _directories(data: bytes) -> Iterator[Tags]:
    """The tags of a TIFF, directory by directory, those below the first ones included."""
    order = _TIFF.get(data[:4]) or _LIKE_TIFF.get(data[:4])
    if order is None:
        return
    try:
        (first,) = struct.unpack_from(f"{order}I", data, 4)
        places, seen = [first], set[int]()
        while places and len(seen) < _MOST_IFDS:
            place = places.pop(0)
            if place in seen or not 0 < place < len(data):
                continue
            seen.add(place)
            tags, after = _directory(data, place, order)
            yield tags
            places += [*tags.get(_SUB_IFDS, ()), after]
    except struct.error:  # it breaks off
        return


def _directory(data: bytes, place: int, order: str) -> tuple[Tags, int]:
    (count,) = struct.unpack_from(f"{order}H", data, place)
    tags: Tags = {}
    for number in range(min(count, _MOST_ENTRIES)):
        at = place + 2 + 12 * number
        tag, kind, length = struct.unpack_from(f"{order}HHI", data, at)
        if kind == 1:  # bytes: that they are there is enough
            tags[tag] = ()
        elif kind in _SIZES and length <= _MOST_IFDS:
            form = f"{order}{length}{_SIZES[kind]}"
            if struct.calcsize(form) > 4:
                (at_values,) = struct.unpack_from(f"{order}I", data, at + 8)
            else:
                at_values = at + 8
            if at_values + struct.calcsize(form) <= len(data):
                tags[tag] = struct.unpack_from(form, data, at_values)
    (after,) = struct.unpack_from(f"{order}I", data, place + 2 + 12 * count)
    return tags, after
