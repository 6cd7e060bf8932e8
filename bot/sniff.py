"""What kind of file some bytes are, by their first few, without decoding anything."""

from __future__ import annotations

# A kind: "" for a picture we take; "svg", "pdf", "video", "audio" or "picture" for what we do
# not; None for what is no picture at all.
Kind = str | None

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
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
)
_BMP_HEADER_SIZES = frozenset((12, 40, 52, 56, 64, 108, 124))
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
