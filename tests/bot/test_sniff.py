"""Kinds of files by their first bytes."""

from __future__ import annotations

import pytest

from bot.sniff import kind_of


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"II+\0\x08\0", ""),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", ""),
        (b"\0\0\0\x20ftypavif\0\0\0\0avif", ""),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "video"),
        (b"\0\0\0\x1cftypM4A \0\0\0\0", "audio"),
        (b"RIFF\0\0\0\0AVI LIST", "video"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio"),
        (b"OggS\0\2", "audio"),
        (b"\0\0\0\x0cJXL \r\n", "picture"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><!-- a --><SVG>", "svg"),
        (b"a text about <svg>", None),
        (b"RIFF", None),
        (b"BM", None),
        (b"\x1f\x8b\x08", None),
        (b"\xff", None),
        (b"\0\0\0\0ftyp", "video"),
    ],
)
def test_kinds(start: bytes, kind: str | None) -> None:
    assert kind_of(start) == kind
    assert kind_of(start + bytes(100)) == kind
