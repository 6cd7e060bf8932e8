"""Key moments of ordinary videos and animations, through the real decoding process."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from fractions import Fraction
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageFilter

from bot.media.sanitizer import Moment, VideoIntake
from bot.media.sniff import is_moving
from tests.support import videos
from tests.support.photos import RED, drawing, photo

pytestmark = pytest.mark.asyncio(loop_scope="module")
Colour = tuple[int, int, int]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def intake() -> AsyncIterator[VideoIntake]:
    async with VideoIntake(seconds=60.0) as intake:
        yield intake


def opened(moment: Moment) -> Image.Image:
    image = Image.open(io.BytesIO(moment.photo.jpeg))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert image.size == (moment.photo.width, moment.photo.height)
    assert max(image.size) <= 512
    return image


def at(image: Image.Image, x: float, y: float) -> Colour:
    """The colour at a place, each coordinate from 0 to 1."""
    pixel = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[1]), int(pixel[2])


def close(one: Colour, other: Colour, tolerance: int = 25) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def shows(moment: Moment, wanted: Image.Image) -> bool:
    """Whether the photo has the picture's colours where it has them."""
    got = opened(moment)
    places = ((0.1, 0.1), (0.95, 0.05), (0.75, 0.3), (0.05, 0.9))
    return all(close(at(got, x, y), at(wanted, x, y)) for x, y in places)


CODINGS = [
    *videos.CODINGS.items(),
    ("webm", videos.VP9),
    ("mp4", videos.AV1),
    ("mov", videos.HEVC_10_BITS),
]


@pytest.mark.parametrize(
    ("container", "coding"), CODINGS, ids=lambda value: getattr(value, "codec", "")
)
async def test_a_moment_for_each_shot(
    intake: VideoIntake, container: str, coding: videos.Coding
) -> None:
    scenes = videos.scenes(3)
    data = videos.video(scenes, 1.5, format=container, coding=coding)
    assert is_moving(data)
    moments = await intake.moments(data)
    assert [moment.seconds for moment in moments] == pytest.approx([0.0, 1.5, 3.0], abs=0.31)
    assert [moment.end for moment in moments[:-1]] == [moment.seconds for moment in moments[1:]]
    assert moments[-1].end == pytest.approx(4.5, abs=0.2)
    for moment, scene in zip(moments, scenes, strict=True):
        assert shows(moment, scene)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
async def test_animations(intake: VideoIntake, kind: str) -> None:
    scenes = videos.scenes(3)
    data = videos.animation(kind, scenes, 800)
    assert is_moving(data)
    moments = await intake.moments(data)
    assert [moment.seconds for moment in moments] == pytest.approx([0.0, 0.8, 1.6])
    assert moments[-1].end == pytest.approx(2.4)
    for moment, scene in zip(moments, scenes, strict=True):
        assert shows(moment, scene)


async def test_a_still_of_a_kind_that_can_move(intake: VideoIntake) -> None:
    (moment,) = await intake.moments(photo(format="GIF"))
    assert shows(moment, drawing())


async def test_transparent_animations_are_on_white(intake: VideoIntake) -> None:
    clear = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    disc = clear.copy()
    disc.paste((*RED, 255), (0, 0, 32, 48))
    for kind, save in (("GIF", {"disposal": 2}), ("PNG", {"disposal": 1}), ("WEBP", {})):
        first, *_ = await intake.moments(videos.animation(kind, [disc, clear], **save))
        assert close(at(opened(first), 0.2, 0.5), RED)
        assert close(at(opened(first), 0.9, 0.5), (255, 255, 255))


async def test_png_whose_first_picture_is_not_part_of_it(intake: VideoIntake) -> None:
    still, *frames = videos.scenes(3)
    moments = await intake.moments(videos.animation("PNG", [still, *frames], default_image=True))
    assert len(moments) == 2
    assert shows(moments[0], frames[0])


async def test_a_video_in_which_nothing_changes(intake: VideoIntake) -> None:
    (moment,) = await intake.moments(videos.video([drawing(160, 120)], 4.0))
    assert moment.seconds == 0.0
    assert moment.end == pytest.approx(4.0, abs=0.2)
    assert shows(moment, drawing())


async def test_movement_is_no_new_shot(intake: VideoIntake) -> None:
    wide = drawing(640, 240, seed=4)
    panning = [wide.crop((x, 0, x + 320, 240)) for x in range(0, 60, 3)]
    moments = await intake.moments(videos.video([panning, videos.scenes(1, (320, 240))[0]], 2.0))
    assert [moment.seconds for moment in moments] == pytest.approx([0.0, 2.0], abs=0.3)


async def test_cuts_between_pictures_that_stand_for_themselves(intake: VideoIntake) -> None:
    """One key frame in the whole video: what lies behind it is decoded too."""
    coding = videos.Coding("libx264", {"preset": "ultrafast", "g": "999", "sc_threshold": "0"})
    moments = await intake.moments(videos.video(videos.scenes(4), 2.0, coding=coding))
    assert [moment.seconds for moment in moments] == pytest.approx([0, 2, 4, 6], abs=0.6)


async def test_black_between_shots_is_left_out(intake: VideoIntake) -> None:
    black = videos.colour((3, 3, 3))
    first, second = videos.scenes(2)
    moments = await intake.moments(videos.video([black, first, black, second, black], 1.0))
    assert len(moments) == 2
    assert moments[0].seconds == 0.0
    assert shows(moments[0], first)
    assert shows(moments[1], second)


async def test_of_a_shot_the_sharp_picture_is_taken(intake: VideoIntake) -> None:
    sharp = Image.effect_noise((160, 120), 60).convert("RGB")
    blurred = sharp.filter(ImageFilter.GaussianBlur(4))
    frames = [blurred] * 20
    frames[12:15] = [sharp] * 3  # not in the middle
    (moment,) = await intake.moments(videos.video([frames], 2.0))
    levels = opened(moment).convert("L").histogram()
    assert sum(levels[:60]) > 100  # a blurred one is grey all over


async def test_at_most_so_many(intake: VideoIntake) -> None:
    data = videos.video(videos.scenes(14), 0.8)
    moments = await intake.moments(data)
    assert len(moments) == 8
    assert moments[0].seconds == 0.0
    assert moments[-1].end == pytest.approx(11.2, abs=0.2)
    async with VideoIntake(max_moments=3, seconds=60.0) as three:
        assert len(await three.moments(data)) == 3


async def test_long_shots_count_more_than_short_ones(intake: VideoIntake) -> None:
    long, *short, last = videos.scenes(12)
    parts = [long] * 6 + short + [last] * 6
    moments = await intake.moments(videos.video(parts, 0.8, fps=5))
    assert len(moments) == 8
    assert shows(moments[0], long)
    assert shows(moments[-1], last)


async def test_a_long_video_costs_no_more_than_a_short_one(intake: VideoIntake) -> None:
    """Half an hour: evenly sampled, from its beginning to its end."""
    scenes = videos.scenes(3)
    moments = await intake.moments(videos.video(scenes, 600.0, fps=1))
    assert [moment.seconds for moment in moments] == pytest.approx([0, 600, 1200], abs=20)
    for moment, scene in zip(moments, scenes, strict=True):
        assert shows(moment, scene)


@pytest.mark.parametrize(
    ("degrees", "hflip", "turn"),
    [
        (0, False, None),
        (90, False, Image.Transpose.ROTATE_90),
        (180, False, Image.Transpose.ROTATE_180),
        (-90, False, Image.Transpose.ROTATE_270),
        (0, True, Image.Transpose.FLIP_LEFT_RIGHT),
    ],
)
async def test_videos_are_upright(
    intake: VideoIntake, degrees: int, hflip: bool, turn: Image.Transpose | None
) -> None:
    def prepare(stream: Any) -> None:
        stream.set_display_rotation(degrees, hflip=hflip)

    stored = drawing(160, 120)
    (moment,) = await intake.moments(videos.video([stored], 0.5, prepare=prepare))
    assert shows(moment, stored if turn is None else stored.transpose(turn))


async def test_pixels_that_are_not_square(intake: VideoIntake) -> None:
    def prepare(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(2, 1)

    (moment,) = await intake.moments(videos.video([drawing(160, 120)], 0.5, prepare=prepare))
    assert (moment.photo.width, moment.photo.height) == (320, 120)


@pytest.mark.parametrize(
    ("transfer", "white"), [(16, 148), (18, 191)]
)  # PQ, HLG: white at 203 cd/m²
async def test_high_dynamic_range(intake: VideoIntake, transfer: int, white: int) -> None:
    def prepare(stream: Any) -> None:
        codec = stream.codec_context
        codec.color_trc, codec.color_primaries, codec.colorspace, codec.color_range = (
            transfer, 9, 9, 1,
        )  # fmt: skip

    black_and_white = Image.new("RGB", (160, 120))
    black_and_white.paste((white, white, white), (0, 0, 80, 120))
    data = videos.video([black_and_white], 0.5, coding=videos.HEVC_10_BITS, prepare=prepare)
    image = opened((await intake.moments(data))[0])
    light, dark = at(image, 0.25, 0.5), at(image, 0.75, 0.5)
    assert max(light) - min(light) < 12  # no colour cast
    assert 175 < light[0] < 235
    assert max(dark) < 12


async def test_large_pictures_become_small(intake: VideoIntake) -> None:
    (moment,) = await intake.moments(videos.video([drawing(1920, 1080)], 0.2))
    assert (moment.photo.width, moment.photo.height) == (512, 288)
    assert shows(moment, drawing(1920, 1080))


async def test_sound_beside_the_pictures_is_no_matter(intake: VideoIntake) -> None:
    assert len(await intake.moments(videos.video(videos.scenes(2), sound=True))) == 2


async def test_a_film_that_breaks_off_is_told_as_far_as_it_goes(intake: VideoIntake) -> None:
    scenes = videos.scenes(4)
    whole = videos.video(scenes, 1.0, format="webm")
    moments = await intake.moments(whole[: len(whole) * 6 // 10])
    assert 1 <= len(moments) <= 3
    assert shows(moments[0], scenes[0])


async def test_nothing_but_pixels_comes_out(intake: VideoIntake) -> None:
    def prepare(stream: Any) -> None:
        stream.metadata["title"] = "SECRET"

    data = videos.video([drawing(160, 120)], 0.5, format="matroska", prepare=prepare)
    assert b"SECRET" in data
    (moment,) = await intake.moments(data)
    assert b"SECRET" not in moment.photo.jpeg
