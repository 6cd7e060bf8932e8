"""Art on transparency is put on what it can be seen on."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.media.sanitizer import Intake
from tests.bot.media.decoder.looks import REFERENCE, opened
from tests.support import photos

pytestmark = pytest.mark.asyncio(loop_scope="module")


def logo(*colours: str, ground: tuple[int, int, int, int] = (0, 0, 0, 0)) -> Image.Image:
    """Bars of colours, side by side, on nothing."""
    image = Image.new("RGBA", (300, 200), ground)
    draw = ImageDraw.Draw(image)
    width = 200 // len(colours)
    for number, colour in enumerate(colours):
        left = 50 + width * number
        draw.rectangle((left, 50, left + width - 1, 149), fill=colour)
    return image


async def corner(intake: Intake, data: bytes) -> int:
    return int(np.asarray(opened(await intake.clean(data)).convert("L"))[5, 5])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize(
    ("colours", "light"),
    [
        (("white",), False),
        (("#f4f4f4",), False),
        (("white", "white", "white", "red"), False),
        (("black",), True),
        (("black", "white"), True),
        (("#202020",), True),
        (("red", "green", "blue"), True),
        (("yellow",), True),
        (("#808080",), True),
    ],
)
async def test_what_makes_the_art_visible(
    intake: Intake, kind: str, colours: tuple[str, ...], light: bool
) -> None:
    data = photos.encoded(logo(*colours), kind)
    assert (await corner(intake, data) > 200) is light
    seen = np.asarray(opened(await intake.clean(data)).convert("L"), np.int16)
    assert np.abs(seen[60:140, 60:240].mean() - seen[5, 5]) > 15


async def test_what_is_white_all_over_stays_so(intake: Intake) -> None:
    for image in (
        Image.new("RGBA", (300, 200), (255, 255, 255, 255)),
        Image.new("RGBA", (300, 200), (255, 255, 255, 0)),
        Image.new("RGBA", (300, 200), (0, 0, 0, 0)),
    ):
        assert await corner(intake, photos.encoded(image, "PNG")) == 255


async def test_grey_and_palettes(intake: Intake) -> None:
    for mode in ("LA", "P"):
        image = logo("white").convert(mode)
        assert await corner(intake, photos.encoded(image, "PNG")) < 64


async def test_a_photo_with_rounded_corners_is_on_white(intake: Intake) -> None:
    mask = Image.new("L", REFERENCE.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 479, 319), 60, fill=255)
    image = REFERENCE.copy()
    image.putalpha(mask)
    assert await corner(intake, photos.encoded(image, "PNG")) > 240
