"""PNGs, GIFs and WebPs that break off: captioned where most of the picture is there."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.chat.media import MediaCollector, Video
from bot.chat.refusals import Refusal, RefusalCode
from bot.media.sanitizer import CleanPhoto, Intake, VideoIntake
from tests.bot.media.decoder.looks import REFERENCE, difference, outcome
from tests.support import photos

pytestmark = pytest.mark.asyncio(loop_scope="module")
GRAIN = np.random.default_rng(0).integers(-12, 12, (320, 480, 3))
PICTURE = Image.fromarray(
    np.clip(np.asarray(REFERENCE.resize((480, 320))).astype(int) + GRAIN, 0, 255).astype("uint8")
)
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "PNG": ("RGB", "PNG", {}),
    "PNG with transparency": ("RGBA", "PNG", {}),
    "PNG with a palette": ("P", "PNG", {}),
    "GIF": ("P", "GIF", {"interlace": 0}),
    "interlaced GIF": ("P", "GIF", {"interlace": 1}),
    "WebP": ("RGB", "WEBP", {"quality": 80}),
    "WebP without loss": ("RGB", "WEBP", {"lossless": True}),
}


def encoded(kind: str) -> bytes:
    mode, form, options = KINDS[kind]
    picture = PICTURE.quantize(128) if mode == "P" else PICTURE.convert(mode)
    return photos.encoded(picture, form, **options)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.75, 0.9, 0.99])
async def test_most_of_it_is_captioned(intake: Intake, kind: str, share: float) -> None:
    data = encoded(kind)
    clean = await outcome(intake, data[: int(len(data) * share)])
    assert isinstance(clean, CleanPhoto)
    assert clean.width == 480
    assert 0.6 * 320 <= clean.height <= 320
    # What is left of it is right: nothing was made up but rows of an interlaced one.
    there = PICTURE.crop((0, 0, 480, clean.height))
    assert difference(clean, there) < 8


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.02, 0.2, 0.45])
async def test_less_of_it_is_damaged(intake: Intake, kind: str, share: float) -> None:
    data = encoded(kind)
    assert await outcome(intake, data[: int(len(data) * share)]) == (RefusalCode.DAMAGED, {})


@pytest.mark.parametrize("kind", KINDS)
async def test_whole_ones_are_as_they_were(intake: Intake, kind: str) -> None:
    clean = await outcome(intake, encoded(kind))
    assert isinstance(clean, CleanPhoto)
    assert (clean.width, clean.height) == (480, 320)


async def test_gif_that_says_it_is_enormous_does_no_harm(intake: Intake) -> None:
    data = bytearray(encoded("GIF")[:20_000])
    at = data.index(b",", 13)
    data[6:10] = data[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    found = await outcome(intake, bytes(data))
    assert not isinstance(found, CleanPhoto)
    assert await intake.clean(encoded("GIF"))


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
async def test_animation_that_breaks_off_shows_the_frames_that_are_there(
    intake: Intake, form: str
) -> None:
    rng = np.random.default_rng(1)
    frames = [
        Image.fromarray(
            np.clip(np.array(colour) + rng.integers(-20, 20, (120, 160, 3)), 0, 255).astype("uint8")
        )
        for colour in ((200, 30, 30), (30, 160, 60), (30, 60, 220), (240, 220, 40))
    ]
    drawn = io.BytesIO()
    frames[0].save(drawn, form, save_all=True, append_images=frames[1:], duration=900, loop=0)
    data = drawn.getvalue()
    async with VideoIntake() as video:
        collector = MediaCollector(intake, video)
        found = await collector.collect([data[: int(len(data) * 0.7)]])
        (part,) = found.manifest
        assert isinstance(part, Video)
        assert 2 <= len(part.moments) <= 3
        with pytest.raises(Refusal):
            await collector.collect([data[:200]])
