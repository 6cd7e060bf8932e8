"""Files of kinds that people sent and that once went wrong: each looks as a person sees it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image

from bot.media.sanitizer import Intake, VideoIntake
from bot.media.sniff import is_moving
from tests.bot.media.decoder.looks import FIELD, difference

pytestmark = pytest.mark.asyncio(loop_scope="module")
ALIKE = 10.0  # of 255


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def videos() -> AsyncIterator[VideoIntake]:
    async with VideoIntake(seconds=60.0) as intake:
        yield intake


@pytest.mark.parametrize(
    "name",
    sorted(p.name for p in FIELD.iterdir() if not p.name.startswith("p13")),
)
async def test_a_still_looks_as_a_person_sees_it(intake: Intake, name: str) -> None:
    data = (FIELD / name).read_bytes()
    assert is_moving(data) == name.startswith("g")  # of those, the frame that stands for all
    photo = await intake.clean(data)
    assert (photo.width, photo.height) == (480, 320)
    assert difference(photo) < ALIKE


@pytest.mark.parametrize("name", sorted(p.name for p in FIELD.glob("g*")))
async def test_an_animation_shows_what_is_shown_longest(videos: VideoIntake, name: str) -> None:
    data = (FIELD / name).read_bytes()
    assert is_moving(data)
    moments = await videos.moments(data)
    assert difference(moments[0].photo) < ALIKE
    assert all(moment.end - moment.seconds > 2.0 for moment in moments)


async def test_white_art_can_be_seen(intake: Intake) -> None:
    photo = await intake.clean((FIELD / "p13_white_logo_on_nothing.png").read_bytes())
    dark, light = _shares(photo.jpeg)
    assert dark > 0.3
    assert light > 0.3


def _shares(jpeg: bytes) -> tuple[float, float]:
    """How much of a picture is dark, and how much light."""

    histogram = Image.open(io.BytesIO(jpeg)).convert("L").histogram()
    return sum(histogram[:64]) / sum(histogram), sum(histogram[192:]) / sum(histogram)
