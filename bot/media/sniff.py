"""What kind of file some bytes are, by their first few, without decoding anything.

Whether a picture moves takes a walk over its blocks, but still no decoding.
"""

from __future__ import annotations

from typing import Literal

# A kind: "" for a picture we take; "svg", "pdf", "video", "audio" or "picture" for what we do
# not; None for what is no picture at all.
Kind = str | None
Container = Literal["mov", "matroska", "avi"]  # also a name that FFmpeg knows each by

_TAKEN = ""
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", _TAKEN),  # JPEG
    (b"\x89PNG\r\n\x1a\n", _TAKEN),
    (b"GIF87a", _TAKEN),
    (b"GIF89a", _TAKEN),
    (b"II*\x00", _TAKEN),  # TIFF, little-endian
    (b"MM\x00*", _TAKEN),
    (b"II+\x00", _TAKEN),  # BigTIFF
    (b"MM\x00+", _TAKEN),
    (b"IIRO", _TAKEN),  # raw files of cameras, which may hold a preview: Olympus
    (b"IIRS", _TAKEN),
    (b"MMOR", _TAKEN),
    (b"IIU\x00", _TAKEN),  # Panasonic
    (b"FUJIFILMCCD-RAW", _TAKEN),
    (b"\x00MRM", _TAKEN),  # Minolta
    (b"FOVb", _TAKEN),  # Sigma
    (b"II\x1a\x00\x00\x00HEAPCCDR", _TAKEN),  # Canon's first
    (b"%PDF-", "pdf"),
    (b"\x1aE\xdf\xa3", "video"),  # Matroska, WebM
    (b"\x00\x00\x01\xba", "video"),  # MPEG
    (b"\x00\x00\x01\xb3", "video"),
    (b"FLV\x01", "video"),
    (b"OggS", "audio"),
    (b"ID3", "audio"),
    (b"fLaC", "audio"),
    (b"8BPS", "picture"),  # Photoshop
    (b"\xff\x0a", "picture"),  # JPEG XL
    (b"\x00\x00\x00\x0cJXL ", "picture"),
    (b"\x00\x00\x00\x0cjP  ", "picture"),  # JPEG 2000
    (b"\xff\x4f\xff\x51", "picture"),
    (b"\x00\x00\x01\x00", "picture"),  # Windows icon
    (b"qoif", "picture"),
    (b"gimp xcf", "picture"),
)
_RIFF = {b"WEBP": _TAKEN, b"AVI ": "video", b"WAVE": "audio"}
_PICTURE_BRANDS = frozenset(
    (
        b"heic",
        b"heix",
        b"heim",
        b"heis",
        b"hevc",
        b"hevx",
        b"mif1",
        b"msf1",
        b"avif",
        b"avis",
        b"crx ",
    )  # the last one: raw files of Canon cameras
)
_BMP_HEADER_SIZES = frozenset((12, 40, 52, 56, 64, 108, 124))
_QUICKTIME_ATOMS = frozenset((b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"))
_SVG_WITHIN = 2048  # bytes; before it there may be a declaration, a comment and a document type


def kind_of(data: bytes) -> Kind:
    """The kind of a file: "" is a picture that we take, None is no picture."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _boxed(data)
    if _is_old_quicktime(data):
        return "video"
    # Two letters are not enough to tell a BMP from a text, so its header is looked at too.
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return _TAKEN
    text = data[:_SVG_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "svg" if text.startswith(b"<") and b"<svg" in text else None


def _boxed(data: bytes) -> Kind:
    """The kind of a file in the ISO base format: HEIF and AVIF, but MP4 and QuickTime as well."""
    end = min(int.from_bytes(data[:4], "big"), 64)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & _PICTURE_BRANDS:
        return _TAKEN
    return "audio" if data[8:11] == b"M4A" else "video"


def _is_old_quicktime(data: bytes) -> bool:
    """Whether a film begins as QuickTime wrote them before files said what they are."""
    return data[:1] in {b"\0", b"\1"} and data[4:8] in _QUICKTIME_ATOMS


def container_of(data: bytes) -> Container | None:
    """How a video that we can open is packed; None for everything else."""
    if kind_of(data) not in {"video", "audio"}:
        return None
    if data[4:8] == b"ftyp" or _is_old_quicktime(data):
        return "mov"
    if data.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    return "avi" if data.startswith(b"RIFF") and data[8:12] == b"AVI " else None


def is_moving(data: bytes) -> bool:
    """Whether it is a video, or a picture with more than one frame: for `VideoIntake`."""
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _gif_has_frames(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png_has_frames(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp_has_frames(data)
    if data[4:12] == b"ftypavis":
        return True
    return kind_of(data) == "video"


def _gif_has_frames(data: bytes) -> bool:
    """Whether there is a second frame; a file that breaks off or makes no sense has none."""
    frames = 0
    at = 13 + _gif_colours(data[10:11])
    while frames < 2:
        match data[at : at + 1]:
            case b",":
                frames += 1
                at += 10 + _gif_colours(data[at + 9 : at + 10]) + 1
            case b"!":
                at += 2
            case _:
                return False
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return True


def _gif_colours(flags: bytes) -> int:
    """The length in bytes of the table of colours that these flags announce."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _png_has_frames(data: bytes) -> bool:
    at = 8
    while (name := data[at + 4 : at + 8]) not in {b"IDAT", b"IEND", b""}:
        if name == b"acTL":
            return int.from_bytes(data[at + 8 : at + 12], "big") > 1
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return False


def _webp_has_frames(data: bytes) -> bool:
    if data[12:16] != b"VP8X" or not data[20:21] or not data[20] & 2:
        return False
    frames, at = 0, 12
    while frames < 2 and at + 8 <= len(data):
        frames += data[at : at + 4] == b"ANMF"
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return frames > 1
