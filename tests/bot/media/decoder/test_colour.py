"""Pictures of a high dynamic range, of linear light and of other colours: seen as on a screen."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from bot.media.decoder.colour import (
    BT709,
    BT2020,
    DISPLAY_P3,
    SDR,
    Encoding,
    by_codes,
    colour_codes,
    to_sdr,
)
from bot.media.sanitizer import Intake
from tests.bot.media.decoder.looks import REFERENCE, difference
from tests.support import photos

pytestmark = pytest.mark.asyncio(loop_scope="module")
Light = NDArray[np.float64]
# From sRGB's primaries to others, by ITU-R BT.2087 and Apple's definition of Display P3.
TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
TO_P3 = np.array([[0.8225, 0.1774, 0.0], [0.0332, 0.9669, 0.0], [0.0171, 0.0724, 0.9108]])
ALIKE = 10.0


def light() -> Light:
    """The reference as light, 1 being white."""
    value = np.asarray(REFERENCE, np.float64) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def pq(value: Light) -> Light:
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = np.clip(value * 203 / 10_000, 0, 1) ** m1
    return np.asarray(((c1 + c2 * power) / (1 + c3 * power)) ** m2, np.float64)


def hlg(value: Light) -> Light:
    """With the inverse of the system gamma of 1.2, white at 203 of 1,000 cd/m²."""
    display = np.clip(value * 0.203, 0, 1)
    luma = display @ np.array([0.2627, 0.6780, 0.0593])
    scene = display * np.maximum(luma, 1e-6)[..., None] ** (-1 / 6)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    bright = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.asarray(np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright), np.float64)


def srgb(value: Light) -> Light:
    value = np.clip(value, 0, 1)
    return np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055)


def png_of(values: Light, *chunks: bytes, bits: int = 16, grey: bool = False) -> bytes:
    """A PNG of numbers 0…1, with chunks about them."""
    form = ">u2" if bits == 16 else "u1"
    numbers = np.round(np.clip(values, 0, 1) * (2**bits - 1)).astype(form)
    if grey:
        numbers = numbers[..., :1]
    rows = b"".join(b"\0" + row.tobytes() for row in numbers)
    data = photos.png(480, 320, rows, bits=bits, colour_type=0 if grey else 2)
    at = data.index(b"IDAT") - 4
    return data[:at] + b"".join(chunks) + data[at:]


def chunk(name: bytes, body: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + crc


def cicp(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, 0, 1]))


def gama(exponent: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(exponent * 100_000)))


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(
    ("primaries", "matrix"), [(9, TO_2020), (12, TO_P3), (1, np.eye(3)), (2, TO_2020)]
)
@pytest.mark.parametrize(("transfer", "curve"), [(16, pq), (18, hlg)])
async def test_high_dynamic_range_in_a_png(
    intake: Intake, bits: int, primaries: int, matrix: Light, transfer: int,
    curve: Callable[[Light], Light],
) -> None:  # fmt: skip
    data = png_of(curve(light() @ matrix.T), cicp(primaries, transfer), bits=bits)
    assert difference(await intake.clean(data)) < ALIKE


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("exponent", [1.0, 0.5556, 0.7, 0.45455, 0.25])
async def test_exponents_of_a_png(intake: Intake, bits: int, exponent: float, grey: bool) -> None:
    wanted = REFERENCE.convert("L").convert("RGB") if grey else REFERENCE
    value = np.asarray(wanted, np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    data = png_of(linear**exponent, gama(exponent), bits=bits, grey=grey)
    assert difference(await intake.clean(data), wanted) < 6


async def test_linear_light_with_transparency_and_palettes(intake: Intake) -> None:
    linear = Image.fromarray((light() * 255 + 0.5).astype(np.uint8))
    for mode in ("RGBA", "P"):
        data = photos.encoded(linear.convert(mode), "PNG")
        at = data.index(b"IHDR") + 21
        wanted = linear.convert(mode).convert("RGB")
        clean = await intake.clean(data[:at] + gama(1.0) + data[at:])
        assert difference(clean) < 20
        assert difference(clean, wanted) > 25  # what it was without


async def test_what_ranks_before_an_exponent(intake: Intake) -> None:
    """sRGB and a colour profile say more; then the exponent says nothing."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    value = np.asarray(REFERENCE, np.float64) / 255
    for says in (
        chunk(b"sRGB", b"\0"),
        chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile)),
        cicp(1, 13),
    ):
        assert difference(await intake.clean(png_of(value, says, gama(1.0), bits=8))) < 4
    for nonsense in (0.0, 1e-5, 40_000.0):
        assert difference(await intake.clean(png_of(value, gama(nonsense), bits=8))) < 4


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
@pytest.mark.parametrize(
    ("primaries", "transfer", "values"),
    [
        (9, 16, lambda: pq(light() @ TO_2020.T)),
        (9, 18, lambda: hlg(light() @ TO_2020.T)),
        (12, 16, lambda: pq(light() @ TO_P3.T)),
        (12, 13, lambda: srgb(light() @ TO_P3.T)),
        (1, 13, lambda: srgb(light())),
        (1, 8, light),
    ],
)
async def test_heif_and_avif(
    intake: Intake, kind: str, primaries: int, transfer: int, values: Callable[[], Light]
) -> None:
    image = Image.fromarray((np.clip(values(), 0, 1) * 255 + 0.5).astype(np.uint8))
    if kind == "HEIF":
        buffer = io.BytesIO()
        pillow_heif.from_pillow(image).save(
            buffer, quality=-1, chroma=444, color_primaries=primaries,
            transfer_characteristics=transfer, matrix_coefficients=6, full_range_flag=1,
        )  # fmt: skip
        data = buffer.getvalue()
    else:
        data = photos.encoded(image, "AVIF", quality=95, subsampling="4:4:4", icc_profile=None)
        at = data.index(b"colrnclx") + 8
        data = data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]
    assert colour_codes(data) == (primaries, transfer)
    assert difference(await intake.clean(data)) < ALIKE


async def test_a_profile_that_says_it_is_hdr(intake: Intake) -> None:
    srgb_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.fromarray((pq(light() @ TO_2020.T) * 255 + 0.5).astype(np.uint8))
    profile = _with_tag(srgb_profile, b"cicp", b"cicp\0\0\0\0" + bytes([9, 16, 0, 1]))
    for kind, save in (("JPEG", {"quality": 95, "subsampling": 0}), ("PNG", {}), ("WEBP", {})):
        data = photos.encoded(image, kind, icc_profile=profile, **save)
        assert difference(await intake.clean(data)) < ALIKE, kind
    plain = photos.encoded(REFERENCE, icc_profile=srgb_profile)
    assert difference(await intake.clean(plain)) < 4


def _with_tag(profile: bytes, name: bytes, body: bytes) -> bytes:
    """A colour profile with one more tag; places in the file move by the length of its entry."""
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = [struct.unpack_from(">4sII", profile, 132 + 12 * n) for n in range(count)]
    rest = profile[132 + 12 * count :]
    entries = [struct.pack(">4sII", tag, at + 12, length) for tag, at, length in tags]
    entries.append(struct.pack(">4sII", name, len(profile) + 12, len(body)))
    whole = profile[:128] + struct.pack(">I", count + 1) + b"".join(entries) + rest + body
    return struct.pack(">I", len(whole)) + whole[4:]


async def test_white_and_black_stay_so_and_bright_lights_are_not_cut_off() -> None:
    for transfer in ("pq", "hlg"):
        encoding = by_codes(9, 16 if transfer == "pq" else 18)
        assert encoding.transfer == transfer
        curve = pq if transfer == "pq" else hlg
        levels = np.array([0.0, 0.25, 1.0, 2.0, 4.9])
        numbers = np.round(curve(np.repeat(levels[:, None, None], 3, axis=-1)) * 255)
        seen = to_sdr(numbers.astype(np.uint8), encoding)[:, 0, 1]
        assert seen[0] == 0
        assert 130 < seen[1] < 145  # as an ordinary screen shows a quarter of white: 137
        assert 205 < seen[2] < 235 < seen[3] < seen[4]
        assert seen[4] > 250


async def test_codes_that_are_not_known() -> None:
    assert by_codes(1, 13) == by_codes(2, 2) == by_codes(200, 99) == SDR
    assert by_codes(12, 1) == Encoding(primaries=DISPLAY_P3)
    assert by_codes(2, 16) == Encoding("pq", primaries=BT2020)
    assert by_codes(1, 8) == Encoding("power", 1.0, BT709)
    data = photos.photo(format="AVIF")
    for at in range(0, len(data), 3):
        colour_codes(data[:at])
