"""Kinds of files that users of other programs reported as refused, turned or wrong in colour."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image, PngImagePlugin

from bot.media.sanitizer import CleanPhoto, Intake
from bot.media.sniff import is_moving, kind_of
from tests.bot.media.decoder.looks import REFERENCE, difference, outcome
from tests.support import photos

pytestmark = pytest.mark.asyncio(loop_scope="module")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
    b'tiff:Orientation="%d"/></rdf:RDF></x:xmpmeta>'
)
ICC_PART = b"\xff\xe2\0\x20ICC_PROFILE\0\2\3" + b"\xaa" * 16
MPF = b"MPF\0MM\0*\0\0\0\x08\0\3\xb0\0\0\7\0\0\0\x040100\xb0\1\0\4\0\0\0\1\0\0\0\2\xb0\2\0\7"


def segment(name: int, body: bytes) -> bytes:
    return b"\xff" + bytes([name]) + struct.pack(">H", len(body) + 2) + body


def _files() -> dict[str, bytes]:
    whole = photos.encoded(REFERENCE)
    tables, codes = whole.index(b"\xff\xdb"), whole.index(b"\xff\xc4")
    gain_map = REFERENCE.convert("L").resize((120, 80))
    return {
        "a byte too many before a segment": whole[:tables] + b"\0" + whole[tables:],
        "bytes too many before a segment": whole[:codes] + b"\x11\x22\x33" + whole[codes:],
        "an index of pictures that is none": whole[:2] + segment(0xE2, b"MPF\0" + b"\xaa" * 26)
        + whole[2:],
        "an index that breaks off": whole[:2] + segment(0xE2, MPF) + whole[2:],
        "a part of a colour profile": whole[:2] + ICC_PART + whole[2:],
        "a segment that says it is longer": whole[:2] + b"\xff\xe1\0\x08Exif\0\0" + whole[2:],
        "a gain map behind it, as phones have it": photos.encoded(
            REFERENCE, "MPO", save_all=True, append_images=[gain_map.convert("RGB")]
        ),
        "a film behind it, as phones have it": whole + b"\0\0\0\x18ftypmp42" + bytes(9999),
        "a PNG without its end": photos.encoded(REFERENCE, "PNG")[:-12],
        "a GIF without its end": photos.encoded(REFERENCE, "GIF")[:-1],
        "a BMP with transparency that is not meant": bmp_with_zero_alpha(),
        "a HEIC of two pictures": heic_of_two(),
        "a BigTIFF": photos.encoded(REFERENCE, "TIFF", big_tiff=True),
    }  # fmt: skip


def bmp_with_zero_alpha() -> bytes:
    """32 bits a pixel, the last eight unused and zero, as Windows writes screenshots."""
    pixels = np.dstack([np.asarray(REFERENCE)[..., ::-1], np.zeros((320, 480), np.uint8)])[::-1]
    size = pixels.nbytes
    head = b"BM" + struct.pack("<IHHI", 54 + size, 0, 0, 54)
    head += struct.pack("<IiiHHIIiiII", 40, 480, 320, 1, 32, 0, size, 0, 0, 0, 0)
    return head + pixels.tobytes()


def heic_of_two() -> bytes:
    """A burst whose second picture is the one that counts."""
    pillow_heif.register_heif_opener()
    burst = pillow_heif.from_pillow(photos.drawing(480, 320, seed=3))
    burst.add_from_pillow(REFERENCE)
    buffer = io.BytesIO()
    burst.save(buffer, primary_index=1)
    return buffer.getvalue()


@pytest.mark.parametrize("what", _files())
async def test_it_is_seen_as_it_is(intake: Intake, what: str) -> None:
    data = _files()[what]
    assert kind_of(data) == ""
    assert not is_moving(data)
    clean = await outcome(intake, data)
    assert isinstance(clean, CleanPhoto)
    assert difference(clean) < 6


@pytest.mark.parametrize("brand", [b"mif1", b"msf1", b"mif3", b"MiHE", b"miaf", b"1pic"])
@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
async def test_a_first_brand_that_is_not_the_codecs(
    intake: Intake, kind: str, brand: bytes
) -> None:
    data = photos.encoded(REFERENCE, kind)
    data = data[:8] + brand + data[12:]
    assert kind_of(data) == ""
    assert difference(await intake.clean(data)) < 6


@pytest.mark.parametrize(
    ("kind", "save"),
    [
        ("JPEG", {"xmp": XMP % 6}),
        ("WEBP", {"xmp": XMP % 6}),
        ("AVIF", {"xmp": XMP % 6}),
        ("TIFF", {"tiffinfo": {700: XMP % 6}}),
        ("TIFF", {"tiffinfo": {700: XMP % 6}, "compression": "tiff_lzw"}),
    ],
)
async def test_xmp_does_not_say_which_way_is_up(
    intake: Intake, kind: str, save: dict[str, Any]
) -> None:
    assert difference(await intake.clean(photos.encoded(REFERENCE, kind, **save))) < 6


async def test_xmp_of_a_png_neither(intake: Intake) -> None:
    said = PngImagePlugin.PngInfo()
    said.add_itxt("XML:com.adobe.xmp", (XMP % 6).decode())
    assert difference(await intake.clean(photos.encoded(REFERENCE, "PNG", pnginfo=said))) < 6


@pytest.mark.parametrize(("exif", "xmp"), [(6, 1), (6, 8), (1, 6)])
async def test_exif_says_it_whatever_xmp_says(intake: Intake, exif: int, xmp: int) -> None:
    tags = Image.Exif()
    tags[0x0112] = exif
    turned = REFERENCE.transpose(Image.Transpose.ROTATE_90) if exif == 6 else REFERENCE
    clean = await intake.clean(photos.encoded(turned, exif=tags, xmp=XMP % xmp))
    assert difference(clean) < 6


@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
@pytest.mark.parametrize(("orientation", "turn"), [(3, 3), (6, 2), (8, 4)])
async def test_a_large_tiff_that_is_turned(
    intake: Intake, orientation: int, turn: int, compression: str | None
) -> None:
    tags = Image.Exif()
    tags[0x0112] = orientation
    stored = REFERENCE.resize((1500, 1000)).transpose(Image.Transpose(turn))
    clean = await intake.clean(photos.encoded(stored, "TIFF", exif=tags, compression=compression))
    assert (clean.width, clean.height) == (512, 341)
    assert difference(clean) < 6


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF"])
async def test_pictures_of_one_bit(intake: Intake, kind: str) -> None:
    """A scanned page; large, so that it is scaled."""
    page = REFERENCE.resize((1500, 1000)).convert("1")
    assert difference(await intake.clean(photos.encoded(page, kind)), page) < 8


async def test_panoramas(intake: Intake) -> None:
    clean = await intake.clean(photos.encoded(REFERENCE.resize((6000, 1000))))
    assert (clean.width, clean.height) == (512, 85)
    around = await intake.clean(photos.encoded(REFERENCE.resize((4000, 2000))))
    assert (around.width, around.height) == (500, 250)
