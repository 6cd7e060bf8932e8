"""PNGs without what is not the picture: text, times, and whatever is broken beside the pixels.

Programs that make pictures write megabytes of text into them, others write sums that are wrong.
Browsers pass over that, and so does this.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PROFILE = 4 << 20  # bytes of a colour profile, unpacked

_PIXELS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"fcTL", b"fdAT"))
_ABOUT_PIXELS = frozenset((b"tRNS", b"gAMA", b"cICP", b"sRGB", b"iCCP", b"eXIf", b"acTL"))
_STILL = frozenset((b"PLTE", b"IDAT", *(_ABOUT_PIXELS - {b"acTL"})))
_HEADER = 13  # bytes of IHDR
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by the kind of colours
_LENGTHS = {b"gAMA": 4, b"sRGB": 1, b"cICP": 4, b"acTL": 8}
_APPLES = b"CgBI"  # the first chunk of what Xcode makes of PNGs
_ZLIB = b"\x78\x01"
_MOST_CHUNKS = 1_000_000
_PIECE = 1 << 16


def tidied(data: bytes) -> bytes:
    """The same picture in chunks that are right; what only accompanies the pixels is left out.

    A chunk about the pixels (their colours, which way is up) is left out where it is broken. Of
    Apple's kind, the pixels get the head of a zlib stream, but not its sum.
    """
    parts: list[bytes | memoryview] = [SIGNATURE]
    headless = is_apples(data)
    for name, body, right in _chunks(data):
        if headless and name == b"IDAT":
            parts += _chunk(name, memoryview(_ZLIB + body))
            headless = False
        elif name in _PIXELS or (name in _ABOUT_PIXELS and right and _is_sound(name, body)):
            parts += _chunk(name, body)
        if name == b"IEND":
            break
    return b"".join(parts)


def is_apples(data: bytes) -> bool:
    """Whether its colours stand as blue, green, red, and have the transparency in them."""
    return data[12:16] == _APPLES


def said(data: bytes, wanted: bytes) -> bytes | None:
    """What a chunk before the pixels holds; None where there is none."""
    for name, body, right in _chunks(data):
        if name == wanted and right:
            return bytes(body)
        if name == b"IDAT":
            return None
    return None


def with_true_sum(data: bytes) -> bytes | None:
    """A tidied PNG with the sum that its pixels have; None where they are not all there.

    The sum stands at the end of the pixels: Pillow gives a picture up over it, browsers do not.
    """
    chunks = [(name, body) for name, body, _ in _chunks(data)]
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    header = next((body for name, body in chunks if name == b"IHDR"), None)
    if header is None or len(header) < 8 or len(packed) < 2:
        return None
    end = _sum_of(packed, most=_most_bytes(header))
    if end is None:
        return None
    length, total = end
    parts: list[bytes | memoryview] = [SIGNATURE]
    for name, body in chunks:
        if name == b"IDAT" and packed:
            body = memoryview(packed[:length] + struct.pack(">I", total))  # noqa: PLW2901 - whole, with its right sum
            packed = b""
        elif name == b"IDAT":
            continue
        parts += _chunk(name, body)
    return b"".join(parts)


def cut_short(data: bytes, most_missing: float) -> bytes | None:
    """A tidied PNG as one of so many rows as are all there; None where too many are missing.

    Of one that is interlaced no row is there before nearly all of it is.
    """
    chunks = [(name, body) for name, body, _ in _chunks(data)]
    header = next((bytes(body) for name, body in chunks if name == b"IHDR"), b"")
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    if len(header) < _HEADER or header[12] or header[9] not in _CHANNELS or not header[8]:
        return None
    width, height = struct.unpack_from(">II", header)
    row = 1 + (width * header[8] * _CHANNELS[header[9]] + 7) // 8
    rows = min(_length_of(packed, most=row * height) // row, height)
    if rows < (1 - most_missing) * height or not rows:
        return None
    parts: list[bytes | memoryview] = [SIGNATURE]
    for name, body in chunks:
        if name == b"IHDR":
            parts += _chunk(name, memoryview(header[:4] + struct.pack(">I", rows) + header[8:]))
        elif name in _STILL:
            parts += _chunk(name, body)
    return b"".join([*parts, *_chunk(b"IEND", memoryview(b""))])


def _length_of(packed: bytes, *, most: int) -> int:
    """How many bytes a zlib stream holds before it breaks off or makes no sense, up to so many."""
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    length = 0
    try:
        for at in range(2, len(packed), _PIECE):
            rest = packed[at : at + _PIECE]
            while rest and not unpacking.eof and length < most:
                length += len(unpacking.decompress(rest, 16 * _PIECE))
                rest = unpacking.unconsumed_tail
    except zlib.error:
        pass
    return length


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, bool]]:
    """Name and body of each chunk, and whether its sum is right; the last may break off."""
    view = memoryview(data)
    at = len(SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(data):
            return
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = view[at + 8 : at + 8 + length]
        kept = name in _PIXELS or (name in _ABOUT_PIXELS and len(body) == length)
        crc = zlib.crc32(body, zlib.crc32(name)) if kept and name not in _PIXELS else 0
        right = int.from_bytes(data[at + 8 + length : at + 12 + length], "big") == crc
        yield name, body, right
        at += 12 + length


def _chunk(name: bytes, body: memoryview) -> list[bytes | memoryview]:
    crc = zlib.crc32(body, zlib.crc32(name))
    return [struct.pack(">I", len(body)) + name, body, struct.pack(">I", crc)]


def _is_sound(name: bytes, body: memoryview) -> bool:
    """Whether it is as long as it must be; of a colour profile, whether it can be unpacked."""
    if name != b"iCCP":
        return len(body) == _LENGTHS.get(name, len(body))
    packed = bytes(body)[len(bytes(body).partition(b"\0")[0]) + 2 :]
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(packed, MOST_PROFILE)
    except zlib.error:
        return False
    return unpacking.eof


def _most_bytes(header: memoryview) -> int:
    """More than the pixels of such a picture have, unpacked: 16 bits of four channels."""
    width, height = struct.unpack_from(">II", header)
    return int(height * (width * 8 + 1) + 16 * (width + height + 64))


def _sum_of(packed: bytes, *, most: int) -> tuple[int, int] | None:
    """Where the pixels of a zlib stream end, and their Adler sum."""
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    total, length = 1, 0
    try:
        for at in range(2, len(packed), _PIECE):
            rest = packed[at : at + _PIECE]
            while rest and not unpacking.eof:
                piece = unpacking.decompress(rest, 16 * _PIECE)
                rest = unpacking.unconsumed_tail
                total, length = zlib.adler32(piece, total), length + len(piece)
                if length > most:
                    return None
            if unpacking.eof:
                return min(at + _PIECE, len(packed)) - len(unpacking.unused_data), total
    except zlib.error:
        pass
    return None
