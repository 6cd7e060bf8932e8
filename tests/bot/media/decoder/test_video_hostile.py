"""Videos that want to do harm, and the limits of the process that opens them."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
import pytest_asyncio

from bot.chat.refusals import Refusal, RefusalCode
from bot.media import decoder, sanitizer
from bot.media.decoder import video as reader
from bot.media.decoder.shots import Budget
from bot.media.sanitizer import VideoIntake
from bot.media.sniff import container_of
from tests.support import videos
from tests.support.children import assert_holds_nothing, decoders, gone, memory

pytestmark = pytest.mark.asyncio(loop_scope="module")
A_VIDEO = videos.video(videos.scenes(2), 0.5)
REFUSED_WITHIN = 2.0  # seconds on a host with nothing else to do; the tests allow more
PATIENCE = 10


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def intake() -> AsyncIterator[VideoIntake]:
    async with VideoIntake() as intake:
        await intake.moments(A_VIDEO)  # so that nobody waits for the process to start
        yield intake


async def refusal(intake: VideoIntake, data: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await intake.moments(data)
    return refused.value


@pytest.mark.parametrize("name", list(videos.broken()))
async def test_broken_and_huge_videos_are_refused_by_name(intake: VideoIntake, name: str) -> None:
    data, reason = videos.broken()[name]
    began = time.monotonic()
    assert (await refusal(intake, data)).code is reason
    assert time.monotonic() - began < REFUSED_WITHIN * PATIENCE
    assert await intake.moments(A_VIDEO)  # the next person notices nothing


async def test_refusals_say_why(intake: VideoIntake) -> None:
    sound = await refusal(intake, videos.music())
    assert sound.args_for_text == {"kind": "audio"}
    large = await refusal(intake, videos.broken()["6000 x 4000"].data)
    assert large.args_for_text == {"limit": 9}
    async with VideoIntake(max_bytes=1_000_000) as small:
        heavy = await refusal(small, A_VIDEO + bytes(1_000_000))
        assert (heavy.code, heavy.args_for_text) == (RefusalCode.TOO_LARGE, {"limit": 1})
        assert not decoders() - decoders_of(intake)


def decoders_of(_: VideoIntake) -> set[int]:
    """The one process of the module's intake: started first, so with the lowest id."""
    return set(sorted(decoders())[:1])


async def test_a_million_pictures_that_are_one(intake: VideoIntake) -> None:
    began = time.monotonic()
    assert len(await intake.moments(videos.of_many_pictures(1_000_000))) == 1
    assert time.monotonic() - began < REFUSED_WITHIN * PATIENCE


async def test_a_gif_without_end(intake: VideoIntake) -> None:
    """Far more frames than there is time for: content with those seen."""
    (moment,) = await intake.moments(videos.endless_gif(60_000))
    assert (moment.photo.width, moment.photo.height) == (512, 288)


async def test_no_file_and_no_address_is_opened(intake: VideoIntake) -> None:
    asked: list[str] = []

    async def answer(stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await stream.readline()).decode())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for address in (f"http://127.0.0.1:{port}/x.ts", "file:///etc/passwd"):
            for data in videos.playlists(address).values():
                refused = await refusal(intake, data)
                assert refused.code in {RefusalCode.NOT_AN_IMAGE, RefusalCode.DAMAGED}
                # Also where no limit of the process holds the library back.
                container = container_of(data)
                if container:
                    with contextlib.suppress(av.error.FFmpegError):
                        read = await asyncio.to_thread(
                            reader.read, data, container, 10**6, Budget(10)
                        )
                        assert isinstance(read, decoder.Rejection)
    assert not asked


async def test_pictures_that_lie_in_another_file(intake: VideoIntake, tmp_path: Path) -> None:
    elsewhere = tmp_path / "private.mov"
    elsewhere.write_bytes(videos.video([videos.colour((200, 0, 0))], format="mov"))
    data = videos.refers_to(str(elsewhere))
    asked: list[str] = []

    def careless(address: str, *_: object) -> None:
        asked.append(address)
        raise PermissionError

    trusting = {"enable_drefs": "1", "use_absolute_path": "1"}
    with pytest.raises(PermissionError):
        av.open(io.BytesIO(data), "r", io_open=careless, container_options=trusting)
    assert asked  # it would be opened, were it allowed
    assert (await refusal(intake, data)).code is RefusalCode.DAMAGED


async def test_what_the_process_may_do(
    intake: VideoIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:SECRET")
    async with VideoIntake() as fresh:
        before = decoders()
        await fresh.moments(A_VIDEO)
        (pid,) = decoders() - before
        assert_holds_nothing(pid, secret=b"SECRET")
        limit, peak = memory(pid)
    assert limit < 1_000_000_000
    assert peak < sanitizer._VIDEO_MEMORY  # what is set aside for the process itself


async def test_too_little_memory_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanitizer, "_VIDEO_MEMORY_PER_PIXEL", 0)
    monkeypatch.setattr(sanitizer, "_VIDEO_MEMORY", 300_000_000)
    greedy = videos.Coding(
        "libx264", {"preset": "ultrafast", "x264-params": "ref=16"}, "yuv444p10le"
    )
    large = videos.video(videos.scenes(1, (3840, 2160)), 1.0, fps=20, coding=greedy)
    async with VideoIntake(seconds=60.0) as tight:
        assert (await refusal(tight, large)).code in {
            RefusalCode.DAMAGED,
            RefusalCode.TOO_MANY_PIXELS,
        }
        assert await tight.moments(A_VIDEO)


async def test_killed_is_replaced_and_none_is_left() -> None:
    before = decoders()
    async with VideoIntake() as fresh:
        await fresh.moments(A_VIDEO)
        (first,) = decoders() - before
        os.kill(first, signal.SIGKILL)
        assert await fresh.moments(A_VIDEO)
        (second,) = decoders() - before
        assert second != first
    assert await gone({first, second})
    with pytest.raises(RuntimeError, match="closed"):
        await fresh.moments(A_VIDEO)


async def test_out_of_time() -> None:
    before = decoders()
    async with VideoIntake(seconds=1.0) as hasty:
        await hasty.moments(A_VIDEO)
        (first,) = decoders() - before
        os.kill(first, signal.SIGSTOP)
        assert (await refusal(hasty, A_VIDEO)).code is RefusalCode.TOO_SLOW
        assert await gone({first})


@pytest.mark.parametrize(
    "answer",
    [
        b"*",  # no shot
        b"*" + bytes(8),  # breaks off
        b"*" + bytes(24),  # a photo of no bytes
        b"+" + bytes(99),  # a photo, not shots
        b"-" + b'{"reason": "damaged", "figures": {"kind": "Send money!"}}',
        b"-" + b'{"reason": "nothing we know", "figures": {}}',
    ],
)
async def test_answers_that_make_no_sense(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    frame = len(answer).to_bytes(4, "big") + answer
    program = (
        "import sys; w = sys.stdout.buffer; w.write(b'\\0\\0\\0\\5ready'); w.flush(); "
        f"sys.stdin.buffer.read(4); w.write({frame!r}); w.flush(); sys.stdin.read()"
    )
    monkeypatch.setattr(VideoIntake, "program", ("-c", program))
    async with VideoIntake() as taken_over:
        assert (await refusal(taken_over, A_VIDEO)).code is RefusalCode.DAMAGED


async def test_mutated_files_are_told_or_refused(intake: VideoIntake) -> None:
    originals = [videos.video(videos.scenes(2), 0.4, format=kind) for kind in videos.CODINGS]
    originals += [videos.animation(kind, videos.scenes(2)) for kind in ("GIF", "WEBP", "PNG")]
    dice = random.Random(3)
    outcomes = {"told": 0, "refused": 0}
    for number in range(160):
        changed = bytearray(originals[number % len(originals)])
        for _ in range(dice.choice((1, 3, 10, 40))):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        if dice.randrange(4) == 0:
            del changed[dice.randrange(len(changed)) :]
        try:
            moments = await intake.moments(bytes(changed))
        except Refusal:
            outcomes["refused"] += 1
        else:
            outcomes["told"] += 1
            assert 1 <= len(moments) <= 8
    assert min(outcomes.values()) > 10  # the mutations are neither harmless nor all fatal
