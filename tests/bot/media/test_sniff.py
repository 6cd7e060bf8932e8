"""Kinds of files by their first bytes."""

from __future__ import annotations

import pytest

from bot.media.sniff import container_of, is_moving, kind_of
from tests.support import photos, videos


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
        (b"\0\0\x20\0moov\0\0\0\x6cmvhd", "video"),
        (b"\0\0\0\x08wide\0\x01\0\0mdat", "video"),
        (b"buy free milk", None),
    ],
)
def test_kinds(start: bytes, kind: str | None) -> None:
    assert kind_of(start) == kind
    assert kind_of(start + bytes(100)) == kind


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_pictures_that_move_and_stills(kind: str) -> None:
    moving = videos.animation(kind, videos.scenes(2))
    still = photos.photo(format=kind)
    assert (is_moving(moving), is_moving(still)) == (True, False)
    assert (kind_of(moving), kind_of(still)) == ("", "")
    for length in range(0, len(moving), 7):
        is_moving(moving[:length])  # never raises


def test_an_animation_of_one_frame_is_a_still() -> None:
    assert not is_moving(photos.photo(format="GIF", save_all=True, loop=0, comment=b"hello"))
    webp = videos.animation("WEBP", videos.scenes(2))
    first = webp.index(b"ANMF")
    only = first + 8 + int.from_bytes(webp[first + 4 : first + 8], "little")
    assert not is_moving(webp[:only])


@pytest.mark.parametrize(
    ("data", "container"),
    [
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "mov"),
        (b"\0\0\x20\0moov\0\0\0\x6cmvhd", "mov"),
        (b"\x1aE\xdf\xa3", "matroska"),
        (b"RIFF\0\0\0\0AVI LIST", "avi"),
        (b"FLV\x01", None),
        (b"\0\0\x01\xba", None),
        (b"OggS\0\2", None),
        (b"#EXTM3U\nhttp://127.0.0.1/", None),
        (b"ffconcat version 1.0\n", None),
    ],
)
def test_containers(data: bytes, container: str | None) -> None:
    assert container_of(data) == container
    if container:
        assert is_moving(data)


@pytest.mark.parametrize("data", [b"", b"GIF89a", photos.photo(), b"OggS", b"text", b"%PDF-1"])
def test_what_does_not_move(data: bytes) -> None:
    assert not is_moving(data)
