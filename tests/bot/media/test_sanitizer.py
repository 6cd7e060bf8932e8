"""The decoding processes: limits, deaths, time-outs, turns. Pixels: tests/bot/media/decoder."""

from __future__ import annotations

import asyncio
import io
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.chat.refusals import Refusal, RefusalCode
from bot.media import decoder_pool as children_module
from bot.media import sanitizer as intake_module
from bot.media.sanitizer import CleanPhoto, Intake
from tests.support import photos
from tests.support.children import alive, assert_holds_nothing, decoders, gone, memory

A_PHOTO = photos.photo()
# More than a pipe holds, so that it is still being sent while the process does not read.
A_LARGE_PHOTO = photos.photo(1600, 1200, format="BMP")


async def refusal(intake: Intake, data: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await intake.clean(data)
    return refused.value


async def begun(intake: Intake, data: bytes) -> asyncio.Task[CleanPhoto]:
    """A photo that an idle process, told not to go on, has begun to receive."""
    task = asyncio.create_task(intake.clean(data))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    return task


async def test_refused_without_a_process() -> None:
    async with Intake(max_bytes=2_000_000) as intake:
        assert (await refusal(intake, b"")).code is RefusalCode.EMPTY
        large = await refusal(intake, b"\xff\xd8\xff" + bytes(2_000_000))
        assert (large.code, large.args_for_text) == (RefusalCode.TOO_LARGE, {"limit": 2})
        assert (await refusal(intake, b"hello")).code is RefusalCode.NOT_AN_IMAGE
        svg = await refusal(intake, b"<svg></svg>")
        assert (svg.code, svg.args_for_text) == (RefusalCode.UNSUPPORTED, {"kind": "svg"})
        assert not decoders()


async def test_limits_on_pixels_are_told() -> None:
    async with Intake(max_pixels=1_000_000) as intake:
        assert await intake.clean(photos.photo(1000, 1000))
        many = await refusal(intake, photos.photo(1000, 1001))
        assert (many.code, many.args_for_text) == (RefusalCode.TOO_MANY_PIXELS, {"limit": 1})
        small = await refusal(intake, photos.photo(9, 300))
        assert small.args_for_text == {"width": 9, "height": 300, "smallest": 16}


async def test_one_process_serves_many_and_none_is_left() -> None:
    async with Intake() as intake:
        assert not decoders()  # none before it is needed
        await intake.clean(A_PHOTO)
        first = decoders()
        for seed in range(5):
            await intake.clean(photos.photo(seed=seed))
        assert decoders() == first
        assert len(first) == 1
    assert not decoders()
    assert await gone(first)
    with pytest.raises(RuntimeError, match="closed"):
        await intake.clean(A_PHOTO)


async def test_everybody_gets_their_own_photo() -> None:
    async with Intake(processes=2) as intake:
        sizes = [(100 + n, 200 - n) for n in range(30)]
        clean = await asyncio.gather(*(intake.clean(photos.photo(*size)) for size in sizes))
        assert [(photo.width, photo.height) for photo in clean] == sizes
        assert 1 <= len(decoders()) <= 2
    assert not decoders()


async def test_first_come_first_served() -> None:
    async with Intake() as intake:
        served: list[int] = []

        async def one(number: int) -> None:
            await intake.clean(A_PHOTO)
            served.append(number)

        await asyncio.gather(*(one(number) for number in range(10)))
        assert served == list(range(10))


async def test_killed_while_idle() -> None:
    async with Intake() as intake:
        await intake.clean(A_PHOTO)
        first = decoders()
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        assert await intake.clean(A_PHOTO)
        assert not decoders() & first


async def test_killed_in_the_middle_is_replaced_and_the_photo_answered() -> None:
    async with Intake(seconds=100.0) as intake:
        await intake.clean(A_PHOTO)
        (first,) = decoders()
        os.kill(first, signal.SIGSTOP)
        task = await begun(intake, A_LARGE_PHOTO)
        os.kill(first, signal.SIGKILL)
        assert (await task).width == 512
        (second,) = decoders()
        assert second != first
    assert not decoders()


async def test_out_of_time_ends_the_process() -> None:
    async with Intake(seconds=1.0) as intake:
        await intake.clean(A_PHOTO)
        (first,) = decoders()
        os.kill(first, signal.SIGSTOP)
        assert (await refusal(intake, A_LARGE_PHOTO)).code is RefusalCode.TOO_SLOW
        assert await gone({first})
    async with Intake() as intake:
        assert await intake.clean(A_PHOTO)


async def test_cancelled_in_the_middle() -> None:
    async with Intake(seconds=100.0) as intake:
        await intake.clean(A_PHOTO)
        (first,) = decoders()
        os.kill(first, signal.SIGSTOP)
        task = await begun(intake, A_LARGE_PHOTO)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await intake.clean(photos.photo(50, 60))).width == 50
        assert await gone({first})
    assert not decoders()


async def test_closed_in_the_middle() -> None:
    intake = Intake(seconds=100.0)
    await intake.clean(A_PHOTO)
    (first,) = decoders()
    os.kill(first, signal.SIGSTOP)
    task = await begun(intake, A_LARGE_PHOTO)
    await intake.close()
    with pytest.raises(RuntimeError, match="closed"):
        await task
    assert not decoders()
    await intake.close()  # twice does no harm


READY = "import sys; w = sys.stdout.buffer; w.write(b'\\0\\0\\0\\5ready'); w.flush(); "
READ = "sys.stdin.buffer.read(4); "


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (READY + READ, RefusalCode.DAMAGED),  # dies of every photo
        (READY + READ + "w.write(b'\\xff' * 9); w.flush(); sys.stdin.read()", RefusalCode.DAMAGED),
        (
            READY + READ + "w.write(b'\\0\\0\\0\\3???'); w.flush(); sys.stdin.read()",
            RefusalCode.DAMAGED,
        ),
        (
            READY + READ + "w.write(b'\\0\\0\\0\\5-[1]x'); w.flush(); sys.stdin.read()",
            RefusalCode.DAMAGED,
        ),
        (
            READY + READ + "import os; os.kill(os.getpid(), 14)",
            RefusalCode.TOO_SLOW,
        ),  # its own clock
        (READY + READ + "import os; os.close(1); import time; time.sleep(99)", RefusalCode.DAMAGED),
    ],
)
async def test_processes_that_misbehave(
    monkeypatch: pytest.MonkeyPatch, program: str, reason: RefusalCode
) -> None:
    monkeypatch.setattr(Intake, "program", ("-c", program))
    monkeypatch.setattr(children_module, "_END_SECONDS", 1.0)
    async with Intake(seconds=30.0) as intake:
        assert (await refusal(intake, A_PHOTO)).code is reason
        monkeypatch.undo()
        assert await intake.clean(A_PHOTO)
    assert not decoders()


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "print('hello there')"])
async def test_a_decoder_that_does_not_start(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(Intake, "program", ("-c", program))
    async with Intake() as intake:
        with pytest.raises(RuntimeError, match="photo decoder"):
            await intake.clean(A_PHOTO)
        monkeypatch.undo()
        assert await intake.clean(A_PHOTO)
    assert not decoders()


async def test_a_process_is_replaced_after_many_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Intake, "files_per_process", 2)
    async with Intake() as intake:
        for _ in range(2):
            await intake.clean(A_PHOTO)
        used = decoders()
        await intake.clean(A_PHOTO)
        assert not used & decoders()
        assert await gone(used)


async def test_what_a_process_may_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:SECRET")
    async with Intake(max_pixels=80_000_000) as intake:
        await intake.clean(A_PHOTO)
        (pid,) = decoders()
        assert_holds_nothing(pid, secret=b"SECRET")
        limit, peak = memory(pid)
    assert limit <= 1_500_000_000
    assert peak < 200_000_000  # what the limit sets aside for the process itself


async def test_too_little_memory_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "_PHOTO_MEMORY_PER_PIXEL", 2)
    async with Intake(seconds=60.0) as intake:
        refused = await refusal(intake, photos.photo(9000, 8000, format="PNG"))
        assert (refused.code, refused.args_for_text) == (RefusalCode.TOO_MANY_PIXELS, {"limit": 40})
        assert await intake.clean(A_PHOTO)


def test_the_process_ends_by_its_own_clock() -> None:
    program = "from bot.media.decoder.worker import start_clock as s\ns(0.2)\nwhile True: pass"
    ended = subprocess.run([sys.executable, "-c", program], check=False)
    assert ended.returncode == -signal.SIGALRM


LONELY = """
import asyncio, os, signal
from bot.media.sanitizer import Intake
from tests.support import children, photos
async def main():
    await (intake := Intake()).clean(photos.photo())
    print(*children.decoders(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


async def test_processes_end_with_the_bot() -> None:
    root = Path(__file__).parents[3]
    lonely = subprocess.run(
        [sys.executable, "-c", LONELY], cwd=root, capture_output=True, text=True, check=False
    )
    assert lonely.returncode == -signal.SIGKILL
    pid = int(lonely.stdout)
    assert await gone({pid})
    assert not alive(pid)


async def test_signals_to_all_processes_do_not_end_a_photo() -> None:
    async with Intake(seconds=100.0) as intake:
        await intake.clean(A_PHOTO)
        (first,) = decoders()
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(first, number)
        await intake.clean(A_PHOTO)
        assert decoders() == {first}


async def test_mutated_files_are_photos_or_refused() -> None:
    kinds = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
    originals = [photos.photo(64, 48, format=kind) for kind in kinds]
    originals += [photos.animated("GIF"), photos.animated("WEBP"), photos.rotated(6)]
    dice = random.Random(2)
    outcomes = {"photo": 0, "refused": 0}
    async with Intake(seconds=60.0) as intake:
        for number in range(440):
            data = mutated(originals[number % len(originals)], dice)
            try:
                photo = await intake.clean(data)
            except Refusal:
                outcomes["refused"] += 1
            else:
                outcomes["photo"] += 1
                assert Image.open(io.BytesIO(photo.jpeg)).size == (photo.width, photo.height)
                assert max(photo.width, photo.height) <= 512
        assert len(decoders()) == 1
    assert min(outcomes.values()) > 20  # the mutations are neither harmless nor all fatal


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The file with some bytes changed, some left out or doubled, or its end missing."""
    changed = bytearray(data)
    within = dice.choice((40, 200, len(data)))
    for _ in range(dice.choice((1, 2, 5, 20))):
        changed[dice.randrange(min(within, len(changed)))] = dice.randrange(256)
    at = dice.randrange(len(changed))
    match dice.randrange(6):
        case 0:
            del changed[at:]
        case 1:
            del changed[at : at + dice.randrange(50)]
        case 2:
            changed[at:at] = changed[at : at + dice.randrange(500)]
    return bytes(changed)
