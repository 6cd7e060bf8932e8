"""What is seen of an animation is what it shows for long, whatever its frames are."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence
from itertools import repeat

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from bot.media.sanitizer import Intake, Moment, VideoIntake
from bot.media.sniff import is_moving
from tests.support import videos

pytestmark = pytest.mark.asyncio(loop_scope="module")
SIZE = (160, 120)
KINDS = ("GIF", "WEBP", "PNG", "AVIF")
BLANKS = {
    "white": videos.colour((255, 255, 255)),
    "black": videos.colour((0, 0, 0)),
    "blue": videos.colour((0, 0, 200)),
}
SCENES = videos.scenes(3, SIZE)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def intake() -> AsyncIterator[VideoIntake]:
    async with VideoIntake(seconds=60.0) as intake:
        yield intake


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stills() -> AsyncIterator[Intake]:
    async with Intake(seconds=60.0) as intake:
        yield intake


def animated(kind: str, frames: Sequence[Image.Image], milliseconds: Sequence[int]) -> bytes:
    data = videos.animation(kind, frames, milliseconds)
    assert is_moving(data)
    return data


def shows(moment: Moment, picture: Image.Image) -> bool:
    seen = Image.open(io.BytesIO(moment.photo.jpeg)).convert("RGB")
    wanted = np.asarray(picture.convert("RGB"), np.float32)
    return float(np.abs(np.asarray(seen, np.float32) - wanted).mean()) < 14


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("shown", [20, 30, 40, 60, 100])
async def test_a_short_blank_at_the_beginning(
    intake: VideoIntake, stills: Intake, kind: str, blank: str, shown: int
) -> None:
    data = animated(kind, [BLANKS[blank], SCENES[0]], [shown, 4000])
    (moment,) = await intake.moments(data)
    assert shows(moment, SCENES[0])
    assert shows(Moment(0.0, await stills.clean(data)), SCENES[0])
    assert moment.end == pytest.approx(4 + shown / 1000)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("blank", "picture"), [(20, 3000), (20, 20), (20, 40), (30, 100), (40, 40), (50, 50), (20, 200)]
)
@pytest.mark.parametrize("picture_first", [False, True])
async def test_a_blank_every_other_frame(
    intake: VideoIntake, stills: Intake, kind: str, blank: int, picture: int, picture_first: bool
) -> None:
    pair = [BLANKS["white"], SCENES[0]]
    times = [blank, picture]
    if picture_first:
        pair, times = pair[::-1], times[::-1]
    frames = [one.copy() for one in pair * 8]
    data = animated(kind, frames, times * 8)
    for moment in await intake.moments(data):
        assert shows(moment, SCENES[0])
    assert shows(Moment(0.0, await stills.clean(data)), SCENES[0])


async def test_flashes_among_pictures_are_not_moments(intake: VideoIntake) -> None:
    flash = BLANKS["blue"]
    frames = [SCENES[0], flash, SCENES[1], flash.copy(), SCENES[2]]
    moments = await intake.moments(animated("WEBP", frames, [2000, 30, 2000, 30, 2000]))
    assert len(moments) == 3
    for moment, scene in zip(moments, SCENES, strict=True):
        assert shows(moment, scene)


async def test_a_flash_of_another_picture_does_not_stand_for_the_whole(
    intake: VideoIntake,
) -> None:
    data = animated("WEBP", [SCENES[1], SCENES[0], SCENES[2]], [40, 4000, 40])
    (moment,) = await intake.moments(data)
    assert shows(moment, SCENES[0])


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_a_fade_from_white(intake: VideoIntake, kind: str) -> None:
    """As games have it on their pages: ten steps of a twentieth of a second, then the picture."""
    steps = [Image.blend(BLANKS["white"], SCENES[0], n / 10) for n in range(10)]
    data = animated(kind, [*steps, SCENES[0]], [*repeat(50, 10), 3000])
    assert shows((await intake.moments(data))[-1], SCENES[0])
    async with VideoIntake(max_moments=1, seconds=60.0) as one:
        (moment,) = await one.moments(data)
    assert shows(moment, SCENES[0])


async def test_as_a_still_it_is_the_first_frame_where_all_are_alike(stills: Intake) -> None:
    data = animated("WEBP", SCENES, [100, 100, 100])
    assert shows(Moment(0.0, await stills.clean(data)), SCENES[0])


async def test_a_gif_without_end_as_a_still(stills: Intake) -> None:
    photo = await stills.clean(videos.endless_gif(60_000))
    assert (photo.width, photo.height) == (512, 288)


async def test_blanks_in_a_long_animation(intake: VideoIntake) -> None:
    """More frames than samples are kept, so that most are thrown away: blanks first."""
    frames, times = [], []
    for number in range(400):
        frames.append((SCENES[number // 200] if number % 2 else BLANKS["white"]).copy())
        times.append(60 if number % 2 else 50)
    moments = await intake.moments(animated("GIF", frames, times))
    assert shows(moments[0], SCENES[0])
    assert shows(moments[-1], SCENES[1])


async def test_a_picture_that_is_drawn_in_pieces(intake: VideoIntake) -> None:
    """Each frame of this GIF holds what is new alone, the rest is transparent."""
    frames = []
    for n in range(4):
        piece = Image.new("RGBA", SIZE, (0, 0, 0, 0))
        box = (40 * n, 0, 40 * n + 40, SIZE[1])
        piece.paste(SCENES[0].crop(box), box)
        frames.append(piece)
    data = videos.animation("GIF", frames, [40, 40, 40, 2000], disposal=1)
    moments = await intake.moments(data)
    assert shows(moments[-1], SCENES[0])


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_white_art_on_nothing_that_moves(intake: VideoIntake, kind: str) -> None:
    frames = []
    for n in range(6):
        frame = Image.new("RGBA", SIZE, (0, 0, 0, 0))
        frame.paste((255, 255, 255, 255), (10 * n, 20, 10 * n + 80, 100))
        frames.append(frame)
    data = videos.animation(kind, frames, 200, disposal=2) if kind != "WEBP" else (
        videos.animation(kind, frames, 200)
    )  # fmt: skip
    for moment in await intake.moments(data):
        grey = np.asarray(Image.open(io.BytesIO(moment.photo.jpeg)).convert("L"))
        assert grey[5, 150] < 64
        assert grey.max() > 240


async def test_a_png_with_side_chunks_that_moves(intake: VideoIntake) -> None:
    data = animated("PNG", [BLANKS["white"], SCENES[0]], [40, 4000])
    at = data.index(b"acTL") - 4
    text = b"\0\0\0\3tEXta\0b\xde\xad\xbe\xef"
    (moment,) = await intake.moments(data[:at] + text + data[at:])
    assert shows(moment, SCENES[0])
