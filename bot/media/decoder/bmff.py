"""Boxes of files in the ISO base format (HEIF, AVIF, Canon's CR3), without decoding anything."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

Box = tuple[bytes, memoryview]
_MOST_BOXES = 10_000
_HEVC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"))
_AV1 = frozenset((b"avif", b"avis"))


def boxes(view: memoryview) -> Iterator[Box]:
    """Name and body of each box, until one makes no sense."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(view):
            return
        size, name = struct.unpack_from(">I4s", view, at)
        head = 8
        if size == 1 and at + 16 <= len(view):
            (size,) = struct.unpack_from(">Q", view, at + 8)
            head = 16
        elif size == 0:
            size = len(view) - at
        if size < head:
            return
        yield name, view[at + head : at + size]
        at += size


def inside(view: memoryview, *path: bytes) -> memoryview | None:
    """The body of the first box along a path of names."""
    for name in path:
        found = next((body for box, body in boxes(view) if box == name), None)
        if found is None:
            return None
        view = found[4:] if name == b"meta" else found  # a version and flags
    return view


def by_its_codec(data: bytes) -> bytes:
    """The file with a first brand that says how it is coded, where only a later one does.

    Pillow's plugins look at the first alone, which may be `mif1`, `miaf` or another of many.
    """
    first = data[8:12]
    if data[4:8] != b"ftyp" or first in _HEVC | _AV1:
        return data
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[at : at + 4] for at in range(16, end - 3, 4)}
    for coded, name in ((_HEVC, b"heic"), (_AV1, b"avif")):
        if brands & coded:
            return data[:8] + name + data[12:]
    return data


def colour_codes(data: bytes) -> tuple[int, int] | None:
    """Primaries and transfer (H.273) of the primary picture of a HEIF or AVIF; None if unsaid."""
    try:
        return _colour_codes(memoryview(data))
    except (struct.error, IndexError):  # it breaks off
        return None


def _colour_codes(file: memoryview) -> tuple[int, int] | None:
    meta = inside(file, b"meta")
    if meta is None:
        return None
    properties, whose = inside(meta, b"iprp", b"ipco"), inside(meta, b"iprp", b"ipma")
    primary = inside(meta, b"pitm")
    if properties is None or whose is None or primary is None:
        return None
    item = int.from_bytes(primary[4 : 8 if primary[0] else 6], "big")
    listed = list(boxes(properties))
    for number in _properties_of(item, whose):
        if 0 < number <= len(listed):
            name, body = listed[number - 1]
            if name == b"colr" and bytes(body[:4]) == b"nclx":
                primaries, transfer = struct.unpack_from(">HH", body, 4)
                return primaries, transfer
    return None


def _properties_of(item: int, whose: memoryview) -> Sequence[int]:
    """The numbers of an item's properties, from 1, by an `ipma` box."""
    wide_ids, wide_numbers = bool(whose[0]), bool(whose[3] & 1)
    (entries,) = struct.unpack_from(">I", whose, 4)
    at = 8
    for _ in range(min(entries, _MOST_BOXES)):
        (own,) = struct.unpack_from(">I" if wide_ids else ">H", whose, at)
        at += 4 if wide_ids else 2
        count = whose[at]
        at += 1
        form, most = (f">{count}H", 0x7FFF) if wide_numbers else (f">{count}B", 0x7F)
        if own == item:
            return [number & most for number in struct.unpack_from(form, whose, at)]
        at += count * (2 if wide_numbers else 1)
    return ()
