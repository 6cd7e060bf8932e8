"""What comes out looks as a person sees what went in. All through the real decoding process."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageCms

from bot.chat.refusals import Refusal, RefusalCode
from bot.media.sanitizer import CleanPhoto, Intake
from tests.support import photos

pytestmark = pytest.mark.asyncio(loop_scope="module")
Colour = tuple[int, int, int]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def intake() -> AsyncIterator[Intake]:
    async with Intake(seconds=60.0) as intake:
        yield intake


def opened(photo: CleanPhoto) -> Image.Image:
    image = Image.open(io.BytesIO(photo.jpeg))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert image.size == (photo.width, photo.height)
    return image


def colour_at(photo: CleanPhoto, x: float, y: float) -> Colour:
    """The colour at a place, each coordinate from 0 to 1."""
    image = opened(photo)
    pixel = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(pixel, tuple)
    r, g, b = pixel
    return int(r), int(g), int(b)


def close(got: Colour, wanted: Colour, tolerance: int = 12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(got, wanted, strict=True))


def drawing_colour(x: float, y: float, seed: int = 0) -> Colour:
    image = photos.drawing(seed=seed)
    pixel = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(pixel, tuple)
    r, g, b = pixel
    return int(r), int(g), int(b)


PLACES = ((0.1, 0.1), (0.95, 0.05), (0.75, 0.33), (0.05, 0.9))


@pytest.mark.parametrize("name", list(photos.hostile()))
async def test_hostile_files_are_captioned_or_refused_by_name(intake: Intake, name: str) -> None:
    data, expected = photos.hostile()[name]
    if expected == "ok":
        assert opened(await intake.clean(data)).load()
    else:
        with pytest.raises(Refusal) as refused:
            await intake.clean(data)
        assert refused.value.code is expected
    assert opened(await intake.clean(photos.photo()))  # the next person notices nothing


@pytest.mark.parametrize(
    ("kind", "save"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True, "subsampling": 0}),
        ("PNG", {}),
        ("WEBP", {"quality": 90}),
        ("WEBP", {"lossless": True}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "jpeg"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("HEIF", {"quality": 90}),
        ("AVIF", {"quality": 90}),
    ],
)
async def test_every_format_keeps_its_colours(
    intake: Intake, kind: str, save: dict[str, Any]
) -> None:
    clean = await intake.clean(photos.photo(format=kind, seed=3, **save))
    assert (clean.width, clean.height) == (320, 240)
    for x, y in PLACES:
        assert close(colour_at(clean, x, y), drawing_colour(x, y, seed=3))


@pytest.mark.parametrize(
    ("kind", "size", "becomes"),
    [
        ("JPEG", (320, 240), (320, 240)),  # never larger than it was
        ("JPEG", (512, 512), (256, 256)),
        ("JPEG", (447, 447), (447, 447)),  # half of it would not be fine enough
        ("JPEG", (1280, 960), (320, 240)),
        ("JPEG", (1280, 720), (512, 288)),  # a half, and scaled
        ("JPEG", (4000, 3000), (500, 375)),
        ("JPEG", (3000, 4001), (375, 501)),
        ("JPEG", (6000, 200), (512, 17)),
        ("JPEG", (16, 16), (16, 16)),
        ("PNG", (320, 240), (320, 240)),
        ("PNG", (512, 512), (512, 512)),
        ("PNG", (4000, 3000), (512, 384)),
        ("PNG", (3000, 4001), (384, 512)),
        ("PNG", (6000, 200), (512, 17)),
        ("PNG", (16, 16), (16, 16)),
    ],
)
async def test_sizes(
    intake: Intake, kind: str, size: tuple[int, int], becomes: tuple[int, int]
) -> None:
    clean = await intake.clean(photos.photo(*size, format=kind))
    assert opened(clean).size == becomes
    if min(becomes) > 100:
        assert close(colour_at(clean, 0.1, 0.1), photos.RED)
        assert close(colour_at(clean, 0.05, 0.9), drawing_colour(0.05, 0.9))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
async def test_photos_are_upright(intake: Intake, orientation: int, kind: str) -> None:
    clean = await intake.clean(photos.rotated(orientation, kind))
    assert (clean.width, clean.height) == (320, 240)
    for x, y in PLACES:
        assert close(colour_at(clean, x, y), drawing_colour(x, y))


async def test_large_rotated_photo_is_upright(intake: Intake) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = photos.drawing(2400, 1800).transpose(Image.Transpose.ROTATE_90)
    clean = await intake.clean(photos.encoded(stored, exif=exif))
    assert (clean.width, clean.height) == (300, 225)
    assert close(colour_at(clean, 0.1, 0.1), photos.RED)


async def test_cmyk_as_adobe_writes_it(intake: Intake) -> None:
    clean = await intake.clean(photos.encoded(photos.drawing().convert("CMYK"), quality=95))
    for x, y in PLACES:
        assert close(colour_at(clean, x, y), drawing_colour(x, y))


@pytest.mark.parametrize(("value", "becomes"), [(0, 0), (300, 1), (32_768, 128), (65_535, 255)])
async def test_16_bit_grey_is_scaled_and_not_cut_off(
    intake: Intake, value: int, becomes: int
) -> None:
    clean = await intake.clean(photos.grey_16_bits(value))
    assert close(colour_at(clean, 0.5, 0.5), (becomes, becomes, becomes), 2)


async def test_16_bit_colour_and_tiff(intake: Intake) -> None:
    clean = await intake.clean(photos.colour_16_bits((65_535, 32_768, 0)))
    assert close(colour_at(clean, 0.5, 0.5), (255, 128, 0), 4)
    tiff = photos.encoded(Image.new("I;16B", (64, 48), 32_768), "TIFF")
    assert close(colour_at(await intake.clean(tiff), 0.5, 0.5), (128, 128, 128), 2)


@pytest.mark.parametrize(("mode", "value"), [("F", 0.5), ("F", 128.0), ("I", 32_768), ("I", 128)])
async def test_numbers_as_brightness(intake: Intake, mode: str, value: float) -> None:
    clean = await intake.clean(photos.encoded(Image.new(mode, (64, 48), value), "TIFF"))
    assert close(colour_at(clean, 0.5, 0.5), (128, 128, 128), 2)


async def test_numbers_that_are_no_brightness(intake: Intake) -> None:
    nothing = photos.encoded(Image.new("F", (64, 48), float("nan")), "TIFF")
    with pytest.raises(Refusal) as refused:
        await intake.clean(nothing)
    assert refused.value.code is RefusalCode.DAMAGED


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
async def test_transparent_palette_is_on_white(intake: Intake, kind: str) -> None:
    clean = await intake.clean(photos.palette_with_transparency(kind))
    assert close(colour_at(clean, 0.05, 0.05), WHITE, 3)
    assert close(colour_at(clean, 0.5, 0.5), photos.RED)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "AVIF"), ("RGBA", "TIFF")],
)
async def test_nothing_is_white(intake: Intake, mode: str, kind: str) -> None:
    clean = await intake.clean(photos.see_through(mode, kind))
    assert close(colour_at(clean, 0.2, 0.5), BLACK)
    assert close(colour_at(clean, 0.8, 0.5), WHITE)


async def test_black_and_white(intake: Intake) -> None:
    fax = Image.new("1", (64, 48), 1)
    fax.paste(0, (0, 0, 32, 48))
    clean = await intake.clean(photos.encoded(fax, "TIFF", compression="group4"))
    assert close(colour_at(clean, 0.2, 0.5), BLACK)
    assert close(colour_at(clean, 0.8, 0.5), WHITE)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_the_first_frame_of_an_animation(intake: Intake, kind: str) -> None:
    clean = await intake.clean(photos.animated(kind))
    assert close(colour_at(clean, 0.5, 0.5), photos.RED)


async def test_the_first_page(intake: Intake) -> None:
    pages = [photos.drawing(seed=seed) for seed in (4, 5)]
    tiff = photos.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    clean = await intake.clean(tiff)
    assert close(colour_at(clean, 0.95, 0.05), drawing_colour(0.95, 0.05, seed=4))


async def test_two_pictures_in_one_jpeg(intake: Intake) -> None:
    pair = photos.encoded(photos.drawing(), "MPO", save_all=True,
                          append_images=[photos.drawing(seed=9)])  # fmt: skip
    clean = await intake.clean(pair)
    assert close(colour_at(clean, 0.1, 0.1), photos.RED)


async def test_colour_profiles_are_heeded(intake: Intake) -> None:
    red = Image.new("RGB", (64, 48), (255, 0, 0))
    clean = await intake.clean(photos.encoded(red, icc_profile=photos.swapped_profile()))
    assert close(colour_at(clean, 0.5, 0.5), (0, 255, 0), 30)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clean = await intake.clean(photos.encoded(red, icc_profile=srgb))
    assert close(colour_at(clean, 0.5, 0.5), (255, 0, 0))


async def test_lab(intake: Intake) -> None:
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    lab = ImageCms.profileToProfile(photos.drawing(), *profiles, outputMode="LAB")
    assert lab is not None
    clean = await intake.clean(photos.encoded(lab, "TIFF"))
    for x, y in PLACES:
        assert close(colour_at(clean, x, y), drawing_colour(x, y), 20)


async def test_profile_of_another_kind_is_ignored(intake: Intake) -> None:
    grey = photos.encoded(photos.drawing().convert("L"), icc_profile=photos.swapped_profile())
    shade = colour_at(await intake.clean(grey), 0.1, 0.1)
    assert max(shade) - min(shade) <= 3


@pytest.mark.parametrize("profile", [{}, {"icc_profile": photos.swapped_profile()}])
async def test_nothing_but_pixels_comes_out(intake: Intake, profile: dict[str, Any]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET in EXIF"
    secrets: dict[str, Any] = {"exif": exif, "comment": b"SECRET comment", "xmp": b"SECRET XMP"}
    data = photos.photo(progressive=True, **secrets, **profile)
    assert data.count(b"SECRET") == 3
    jpeg = (await intake.clean(data)).jpeg
    assert b"SECRET" not in jpeg
    # Baseline JPEG with a JFIF header, tables, one frame and one scan; nothing else.
    assert _segments(jpeg) <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


async def test_same_photo_same_bytes(intake: Intake) -> None:
    data = photos.photo(1000, 800)
    assert (await intake.clean(data)).jpeg == (await intake.clean(data)).jpeg


def _segments(jpeg: bytes) -> set[int]:
    found: set[int] = set()
    at = 2
    while not found & {0xDA}:
        assert jpeg[at] == 0xFF
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found
