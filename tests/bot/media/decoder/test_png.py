"""PNGs: what accompanies the pixels does not decide, and does no harm."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from bot.chat.refusals import RefusalCode
from bot.media.decoder import png
from bot.media.sanitizer import CleanPhoto, Intake
from tests.bot.media.decoder.looks import REFERENCE, difference, opened, outcome
from tests.support import photos

pytestmark = pytest.mark.asyncio(loop_scope="module")
MODES = ("RGB", "RGBA", "L", "LA", "P", "1")
BAD = b"\xde\xad\xbe\xef"
MANY = zlib.compress(bytes(60_000_000), 9)  # a small chunk that would fill memory


def chunk(name: bytes, body: bytes, crc: bytes = b"") -> bytes:
    right = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + (crc or right)


def picture(mode: str) -> Image.Image:
    if mode == "P":  # without dithering, which no JPEG keeps
        return REFERENCE.quantize(64, dither=Image.Dither.NONE)
    return REFERENCE.convert(mode)


def plain(mode: str = "RGB") -> bytes:
    return photos.encoded(picture(mode), "PNG")


def with_chunks(*chunks: bytes, data: bytes = b"", before: bytes = b"IDAT") -> bytes:
    """A PNG with chunks before its pixels, or before its end."""
    data = data or plain()
    at = data.index(before) - 4
    return data[:at] + b"".join(chunks) + data[at:]


SIDE_CHUNKS = {
    "much text": chunk(b"zTXt", b"prompt\0\0" + zlib.compress(b"a prompt " * 300_000)),
    "more text than memory": chunk(b"zTXt", b"prompt\0\0" + MANY),
    "international text": chunk(b"iTXt", b"w\0\1\0\0\0" + zlib.compress(b"workflow " * 300_000)),
    "plain text": chunk(b"tEXt", b"parameters\0" + b"steps: 20, " * 200_000),
    "text with a wrong sum": chunk(b"tEXt", b"a\0b", BAD),
    "text that does not unpack": chunk(b"zTXt", b"a\0\0" + b"no zlib stream"),
    "text without an end": chunk(b"tEXt", b"no zero"),
    "EXIF with a wrong sum": chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0", BAD),
    "EXIF that makes no sense": chunk(b"eXIf", b"Exif\0\0junk" * 99),
    "a profile larger than profiles are": chunk(b"iCCP", b"a\0\0" + MANY),
    "a profile that does not unpack": chunk(b"iCCP", b"icc\0\0nothing"),
    "a profile with a wrong sum": chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"junk" * 99), BAD),
    "a profile whose zlib sum is wrong": chunk(
        b"iCCP", b"icc\0\0" + zlib.compress(photos.swapped_profile())[:-4] + BAD
    ),
    "two profiles": 2 * chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"junk" * 99)),
    "a time that is none": chunk(b"tIME", b"\xff" * 3),
    "a size that is none": chunk(b"pHYs", b"\0"),
    "colours with a wrong sum": chunk(b"gAMA", struct.pack(">I", 300_000), BAD),
    "colours that break off": chunk(b"gAMA", b"\0") + chunk(b"cHRM", b"\0") + chunk(b"sRGB", b""),
    "a chunk nobody knows": chunk(b"caBX", bytes(300_000)),
}  # fmt: skip


@pytest.mark.parametrize("what", SIDE_CHUNKS)
@pytest.mark.parametrize("before", [b"IDAT", b"IEND"])
async def test_side_chunks_do_not_decide(intake: Intake, what: str, before: bytes) -> None:
    clean = await outcome(intake, with_chunks(SIDE_CHUNKS[what], before=before))
    assert isinstance(clean, CleanPhoto)
    assert (clean.width, clean.height) == (480, 320)
    assert difference(clean) < 4


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("broken", ["sum of the pixels", "sums of all chunks", "end"])
async def test_wrong_sums_of_every_kind_of_picture(intake: Intake, mode: str, broken: str) -> None:
    data = plain(mode)
    if broken == "end":
        data = data[: data.index(b"IEND") - 4]
    elif broken == "sum of the pixels":
        packed = zlib.compress(zlib.decompress(_pixels(data)))
        data = _with_pixels(data, packed[:-4] + BAD)
    else:
        for name in (b"IHDR", b"PLTE", b"IDAT", b"IEND"):
            at = data.find(name)
            if at >= 0:
                end = at + 4 + int.from_bytes(data[at - 4 : at], "big")
                data = data[:end] + BAD + data[end + 4 :]
    clean = await outcome(intake, data)
    assert isinstance(clean, CleanPhoto)
    assert difference(clean, picture(mode)) < 8


def _pixels(data: bytes) -> bytes:
    at = data.index(b"IDAT")
    return data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]


def _with_pixels(data: bytes, packed: bytes) -> bytes:
    at = data.index(b"IDAT") - 4
    pieces = [packed[n : n + 8192] for n in range(0, len(packed), 8192)]
    return data[:at] + b"".join(chunk(b"IDAT", piece) for piece in pieces) + chunk(b"IEND", b"")


async def test_a_large_profile_is_heeded(intake: Intake) -> None:
    """Of 2 MB, as printers' are: with what else is in it, it is right."""
    profile = photos.swapped_profile()
    profile += bytes(2_000_000)
    profile = struct.pack(">I", len(profile)) + profile[4:]
    red = photos.encoded(Image.new("RGB", (64, 48), (255, 0, 0)), "PNG")
    body = b"icc\0\0" + zlib.compress(profile)
    clean = await intake.clean(with_chunks(chunk(b"iCCP", body), data=red))
    r, g, b = np.asarray(opened(clean)).mean(axis=(0, 1))
    assert g > 200
    assert max(r, b) < 60


async def test_transparency_and_orientation_are_kept(intake: Intake) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = photos.encoded(REFERENCE.transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif)
    assert difference(await intake.clean(with_chunks(SIDE_CHUNKS["much text"], data=stored))) < 4
    holes = with_chunks(SIDE_CHUNKS["much text"], data=photos.see_through())
    right = opened(await intake.clean(holes)).getpixel((180, 100))
    assert right == (255, 255, 255)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
async def test_what_xcode_makes_of_a_png(intake: Intake, mode: str) -> None:
    """Apple's CgBI: pixels without head and sum of zlib, blue first, transparency multiplied in."""
    image = picture(mode)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    wanted = Image.new("RGBA", image.size, "white")
    wanted.alpha_composite(image.convert("RGBA"))
    if mode != "L":
        red, green, blue, *alpha = (image.convert("RGBa") if mode == "RGBA" else image).split()
        image = Image.merge(mode, (blue, green, red, *alpha))
    data = photos.encoded(image, "PNG")
    apples = _with_pixels(data, _pixels(data)[2:-4])
    apples = apples[:8] + chunk(b"CgBI", b"\x50\0\x20\2") + apples[8:]
    clean = await outcome(intake, apples)
    assert isinstance(clean, CleanPhoto)
    assert difference(clean, wanted) < 6


async def test_pixels_that_are_not_all_there_are_damaged(intake: Intake) -> None:
    data = plain()
    for packed in (_pixels(data)[:-3000], _pixels(data)[:2], zlib.compress(b"few"), b""):
        assert await outcome(intake, _with_pixels(data, packed)) == (RefusalCode.DAMAGED, {})
    assert await outcome(intake, data[:33]) == (RefusalCode.DAMAGED, {})


async def test_more_pixels_than_the_header_says_do_no_harm(intake: Intake) -> None:
    """300 MB of zeros behind a small picture, packed in 300 kB, with a sum that is wrong."""
    rows = (b"\0" + bytes(3 * 64)) * 48
    packing = zlib.compressobj(9)
    packed = packing.compress(rows) + b"".join(packing.compress(bytes(1 << 20)) for _ in range(300))
    packed += packing.flush()
    small = photos.encoded(Image.new("RGB", (64, 48)), "PNG")
    for data in (_with_pixels(small, packed), _with_pixels(small, packed[:-4] + BAD)):
        found = await outcome(intake, data)
        assert isinstance(found, CleanPhoto) or found == (RefusalCode.DAMAGED, {})
    assert await intake.clean(plain())


async def test_the_limit_on_pixels_stands() -> None:
    async with Intake(max_pixels=100_000) as small:
        found = await outcome(small, with_chunks(SIDE_CHUNKS["much text"]))
        assert found == (RefusalCode.TOO_MANY_PIXELS, {"limit": 1})


async def test_tidying_changes_no_pixel_and_nonsense_is_no_matter() -> None:
    data = plain()
    assert png.tidied(data) == data
    assert png.with_true_sum(data) == data
    for at in range(0, len(data), 101):
        png.with_true_sum(png.tidied(data[:at]))
        png.said(data[:at], b"gAMA")
