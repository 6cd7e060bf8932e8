"""JPEGs that break off: captioned where most of the picture is there, refused where it is not."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.chat.refusals import RefusalCode
from bot.media.decoder import truncated
from bot.media.sanitizer import CleanPhoto, Intake
from tests.bot.media.decoder.looks import REFERENCE, Outcome, difference, opened, outcome
from tests.support import photos

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAMAGED: Outcome = (RefusalCode.DAMAGED, {})
KINDS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "fine colours": {"subsampling": 0, "quality": 95},
    "coarse": {"quality": 30},
    "optimized": {"optimize": True},
    "restarts": {"restart_marker_rows": 1},
    "progressive": {"progressive": True},
    "progressive, fine colours": {"progressive": True, "subsampling": 0, "quality": 95},
    "progressive, with restarts": {"progressive": True, "restart_marker_blocks": 16},
}


def encoded(kind: str, mode: str = "RGB", size: tuple[int, int] = (480, 320)) -> bytes:
    return photos.encoded(REFERENCE.resize(size).convert(mode), **KINDS[kind])


def is_in_order(data: bytes) -> bool:
    found = truncated.jpeg_layout(data)
    return found is not None and found.whole


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
async def test_without_its_end_marker_it_is_the_whole_picture(
    intake: Intake, kind: str, mode: str
) -> None:
    whole = encoded(kind, mode)
    assert is_in_order(whole)
    for cut in (1, 2, 6):
        clean = await intake.clean(whole[:-cut])
        assert (clean.width, clean.height) == (480, 320)
        assert difference(clean, REFERENCE.convert(mode)) < 6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(480, 320), (1500, 1000), (100, 900)])
async def test_by_how_much_of_it_is_there(intake: Intake, kind: str, size: tuple[int, int]) -> None:
    whole = encoded(kind, size=size)
    coded = truncated.jpeg_layout(whole)
    assert coded is not None
    start = coded.scans[0].start
    for share in (0.9, 0.95, 0.99):
        data = whole[: start + int((len(whole) - start) * share)]
        clean = await outcome(intake, data)
        assert isinstance(clean, CleanPhoto), share
        original = REFERENCE.resize(size)
        if "progressive" not in kind:  # then the picture ends where what is there ends
            rows = round(clean.height / clean.width * size[0])
            assert 0.6 * size[1] <= rows <= size[1]
            original = original.crop((0, 0, size[0], rows))
        assert difference(clean, original) < 12
    for share in (0.0, 0.05, 0.1, 0.2, 0.25):
        data = whole[: start + int((len(whole) - start) * share)]
        assert await outcome(intake, data) == DAMAGED, share


async def test_what_is_missing_is_not_shown(intake: Intake) -> None:
    """No grey: the picture ends where what was decoded ends."""
    whole = encoded("fine colours")
    clean = await intake.clean(whole[: int(len(whole) * 0.8)])
    assert clean.width == 480
    assert 0.6 * 320 < clean.height < 320
    last = opened(clean).crop((0, clean.height - 20, 200, clean.height - 17)).convert("L")
    assert np.ptp(np.asarray(last)) > 20


async def test_a_large_progressive_photo_is_seen_by_its_coarse_numbers(intake: Intake) -> None:
    whole = encoded("progressive", size=(3000, 2000))
    coded = truncated.jpeg_layout(whole)
    assert coded is not None
    clean = await intake.clean(whole[: coded.scans[2].start])
    assert difference(clean) < 12


async def test_the_zeros_of_a_download_that_broke_off(intake: Intake) -> None:
    whole = encoded("baseline")
    for share, is_seen in ((0.95, True), (0.3, False)):
        at = int(len(whole) * share)
        data = whole[:at] + bytes(len(whole) - at)
        assert isinstance(await outcome(intake, data), CleanPhoto) is is_seen


async def test_zeros_behind_a_whole_photo_are_no_matter(intake: Intake) -> None:
    clean = await intake.clean(encoded("baseline") + bytes(5000))
    assert difference(clean) < 4


async def test_two_photos_of_which_the_second_is_missing(intake: Intake) -> None:
    pair = photos.encoded(
        REFERENCE, "MPO", save_all=True, append_images=[photos.drawing(480, 320, seed=9)]
    )
    second = pair.index(b"\xff\xd8", 2)
    for end in (second, second + 1000):
        assert difference(await intake.clean(pair[:end])) < 4


async def test_turned_and_broken_off(intake: Intake) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = REFERENCE.transpose(Image.Transpose.ROTATE_90)
    clean = await intake.clean(photos.encoded(stored, exif=exif)[:-2])
    assert (clean.width, clean.height) == (480, 320)
    assert difference(clean) < 4


async def test_a_segment_that_breaks_off_between_scans(intake: Intake) -> None:
    whole = encoded("progressive")
    coded = truncated.jpeg_layout(whole)
    assert coded is not None
    tables = coded.scans[-2].end  # of the last scan
    assert whole[tables : tables + 2] == b"\xff\xc4"
    clean = await intake.clean(whole[: tables + 9])
    assert difference(clean) < 12


async def test_kinds_of_jpeg_that_nothing_here_decodes(intake: Intake) -> None:
    whole = encoded("baseline")
    at = whole.index(b"\xff\xc0")
    lossless = whole[:at] + b"\xff\xc3" + whole[at + 2 :]
    deep = whole[: at + 4] + b"\x0c" + whole[at + 5 :]
    for data in (lossless, deep):
        assert await outcome(intake, data) == (RefusalCode.UNSUPPORTED, {"kind": "picture"})


async def test_a_grey_photo_is_not_taken_for_a_broken_one(intake: Intake) -> None:
    grey = REFERENCE.copy()
    grey.paste((128, 128, 128), (0, 60, 480, 320))
    clean = await intake.clean(photos.encoded(grey))
    assert (clean.width, clean.height) == (480, 320)


async def test_too_large_is_said_of_what_breaks_off_too() -> None:
    data = encoded("baseline", size=(1500, 1000))[:-2]
    async with Intake(max_pixels=1_000_000) as small:
        assert await outcome(small, data) == (RefusalCode.TOO_MANY_PIXELS, {"limit": 1})


async def test_layouts_of_nonsense() -> None:
    assert truncated.jpeg_layout(b"") is None
    assert truncated.jpeg_layout(b"\xff\xd8\xff\xda") is None
    assert truncated.jpeg_layout(b"\xff\xd8" + b"\xff\xc0\x00\x02" * 20) is None
    whole = encoded("baseline")
    for at in range(0, 700, 7):
        truncated.jpeg_layout(whole[:at])
        truncated.mended(whole[:at])


async def test_the_layout_of_a_progressive_photo() -> None:
    found = truncated.jpeg_layout(encoded("progressive"))
    assert found is not None
    assert (found.size, found.bits, found.whole, found.decodable) == ((480, 320), 8, True, True)
    assert [(scan.first, scan.last) for scan in found.scans[:3]] == [(0, 0), (1, 5), (1, 63)]
    buffer = io.BytesIO()
    REFERENCE.convert("L").save(buffer, "JPEG")
    grey = truncated.jpeg_layout(buffer.getvalue())
    assert grey is not None
    assert grey.components == b"\x01"


async def test_markers_without_end_take_no_time() -> None:
    began = time.process_time()
    for data in (b"\xff\xd8" + b"\xff" * 3_000_000, b"\xff\xd8" + b"\xff\xe0\0\2" * 700_000):
        assert truncated.jpeg_layout(data) is None
        assert truncated.mended(data) is None
    assert time.process_time() - began < 5
