"""Raw files of cameras: the preview where there is one, the truth where there is none."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest
from PIL import Image

from bot.chat.refusals import RefusalCode
from bot.media.decoder import raw
from bot.media.sanitizer import CleanPhoto, Intake
from bot.media.sniff import is_moving, kind_of
from tests.bot.media.decoder.looks import REFERENCE, difference, outcome
from tests.support import photos

pytestmark = pytest.mark.asyncio(loop_scope="module")
SHORT, LONG, BYTES = 3, 4, 1
Tag = tuple[int, int, Sequence[int]]
LARGE = photos.encoded(REFERENCE.resize((1200, 800)), quality=90)
SMALL = photos.encoded(photos.drawing(160, 120, seed=5))
SENSOR = b"\x5a\xc3\x17\x88" * 20_000
NO_PREVIEW = (RefusalCode.UNSUPPORTED, {"kind": "raw"})


def tiff(
    *directories: Sequence[Tag], magic: bytes = b"II*\0", more: bytes = b"", after: bytes = b""
) -> bytes:
    """A TIFF of directories in a chain, with whatever stands behind its head and behind them."""
    at = 8 + len(more)
    parts = [magic + struct.pack("<I", at) + more]
    for number, tags in enumerate(directories):
        length = 2 + 12 * len(tags) + 4
        entries, values = b"", b""
        for tag, kind, numbers in sorted(tags):
            body = struct.pack(
                f"<{len(numbers)}{ {BYTES: 'B', SHORT: 'H', LONG: 'I'}[kind] }", *numbers
            )
            if len(body) > 4:
                place = at + length + len(values)
                values += body + b"\0" * (len(body) % 2)
                body = struct.pack("<I", place)
            entries += struct.pack("<HHI", tag, kind, len(numbers)) + body.ljust(4, b"\0")
        after_this = at + length + len(values)
        following = after_this if number + 1 < len(directories) else 0
        parts.append(struct.pack("<H", len(tags)) + entries + struct.pack("<I", following) + values)
        at = after_this
    return b"".join(parts) + after


def basics(width: int, height: int, compression: int, photometric: int) -> list[Tag]:
    return [
        (254, LONG, [0]), (256, LONG, [width]), (257, LONG, [height]), (258, SHORT, [14]),
        (259, SHORT, [compression]), (262, SHORT, [photometric]), (273, LONG, [5000]),
        (277, SHORT, [1]), (278, LONG, [height]), (279, LONG, [9999]),
    ]  # fmt: skip


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def turned(orientation: int) -> list[Tag]:
    return [(0x0112, SHORT, [orientation])]


def files(preview: bytes, orientation: int = 1) -> dict[str, bytes]:
    """Files as cameras of many makes write them, with a small preview, a large one, or none."""
    both = (SMALL + preview) if preview else b""
    behind = both + SENSOR
    cfa = basics(6000, 4000, 7, 32803)
    first = turned(orientation)
    lossless = LARGE.replace(b"\xff\xc0", b"\xff\xc3", 1)  # what the sensor saw, in CR2 and DNG
    camera_tags = box(b"CMT1", tiff(first))
    return {
        "Canon CR3": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom"
        + box(b"moov", box(b"uuid", bytes(16) + camera_tags)) + box(b"mdat", behind),
        "Canon CR2": tiff(basics(6000, 4000, 6, 6) + first, more=b"CR\2\0" + bytes(4),
                          after=behind + lossless),
        "Adobe DNG": tiff([*basics(256, 171, 1, 2), *first, (0xC612, BYTES, [1, 4, 0, 0])], cfa,
                          after=behind + lossless),
        "Nikon NEF": tiff(basics(160, 120, 1, 2) + first, basics(6000, 4000, 34713, 32803),
                          after=behind),
        "Sony ARW": tiff(basics(6000, 4000, 32767, 32803) + first, after=behind),
        "Pentax PEF": tiff(basics(6000, 4000, 65535, 32803) + first, after=behind),
        "Panasonic RW2": tiff(first, magic=b"IIU\0", after=behind),
        "Olympus ORF": tiff(first, magic=b"IIRO", after=behind),
    }  # fmt: skip


@pytest.mark.parametrize("make", files(LARGE))
async def test_the_largest_preview_is_seen(intake: Intake, make: str) -> None:
    data = files(LARGE)[make]
    assert raw.is_raw(data)
    assert kind_of(data) == ""
    assert not is_moving(data)
    clean = await outcome(intake, data)
    assert isinstance(clean, CleanPhoto)
    assert difference(clean) < 6


@pytest.mark.parametrize("make", files(LARGE))
@pytest.mark.parametrize("orientation", [3, 6, 8])
async def test_the_raw_file_says_which_way_is_up(
    intake: Intake, make: str, orientation: int
) -> None:
    turn = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90,
            8: Image.Transpose.ROTATE_270}[orientation]  # fmt: skip
    stored = photos.encoded(REFERENCE.resize((1200, 800)).transpose(turn))
    assert difference(await intake.clean(files(stored, orientation)[make])) < 6


async def test_a_preview_that_says_so_itself(intake: Intake) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = photos.encoded(REFERENCE.transpose(Image.Transpose.ROTATE_90), exif=exif)
    fuji = b"FUJIFILMCCD-RAW 0201FF383501" + bytes(100) + stored + SENSOR
    assert difference(await intake.clean(fuji)) < 6
    assert difference(await intake.clean(files(stored, 1)["Sony ARW"])) < 6


@pytest.mark.parametrize("make", files(b""))
async def test_without_a_preview_it_is_said_what_it_is(intake: Intake, make: str) -> None:
    assert await outcome(intake, files(b"")[make]) == NO_PREVIEW


async def test_other_makes(intake: Intake) -> None:
    for start in (b"FUJIFILMCCD-RAW 0201", b"\0MRM\0\0\0\0", b"FOVb\0\0\3\0",
                  b"II\x1a\0\0\0HEAPCCDR\2\0", b"MMOR\0\0\0\x08", b"IIRS\x08\0\0\0"):  # fmt: skip
        assert await outcome(intake, start + SENSOR) == NO_PREVIEW


async def test_limits_go_for_previews_too() -> None:
    async with Intake(max_pixels=900_000) as small:
        found = await outcome(small, files(LARGE)["Canon CR3"])
        assert found == (RefusalCode.TOO_MANY_PIXELS, {"limit": 1})


@pytest.mark.parametrize("compression", [34712, 50002, 33003, 12345])
async def test_kinds_of_tiff_that_nothing_here_opens(intake: Intake, compression: int) -> None:
    data = bytearray(photos.encoded(REFERENCE, "TIFF"))
    at = data.index(struct.pack("<HHI", 259, 3, 1))
    data[at + 8 : at + 10] = struct.pack("<H", compression)
    assert await outcome(intake, bytes(data)) == (RefusalCode.UNSUPPORTED, {"kind": "picture"})


async def test_a_tiff_that_breaks_off_is_damaged(intake: Intake) -> None:
    data = photos.encoded(REFERENCE, "TIFF", compression="tiff_lzw")
    assert await outcome(intake, data[:20_000]) == (RefusalCode.DAMAGED, {})


async def test_nonsense_is_no_raw_file() -> None:
    assert not raw.is_raw(photos.encoded(REFERENCE, "TIFF"))
    loop = b"II*\0\x08\0\0\0" + b"\0\0" + b"\x08\0\0\0"
    assert not raw.is_raw(loop)
    for data in files(LARGE).values():
        for at in range(0, 400, 7):
            raw.is_raw(data[:at])
            raw.preview_of(data[:at])
    assert raw.preview_of(b"\xff\xd8\xff\xdb" * 5000) is None
