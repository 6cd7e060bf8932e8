"""What somebody asks, made fit to travel."""

from __future__ import annotations

import pytest

from bot.chat.media import Meant, MediaCollector, Still, moment_in
from bot.chat.questions import clean_question
from bot.chat.refusals import Refusal, RefusalCode
from bot.media.sanitizer import Intake, VideoIntake
from captioner.queue.messages import MAX_QUESTION, decode_job, encode_job
from tests.bot.chat.helpers import PHOTO, clean
from tests.support.jobs import make_job
from tests.support.videos import scenes, video

FAMILY = "👩\u200d👧"  # joined by a sign that is part of it


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("What is this?", "What is this?"),
        ("  What\n\n is\tthis?\r\n", "What is this?"),
        ("Is there\x00 a dog\x1b[2J?", "Is there a dog [2J?"),
        ("\u202eWhat\u2066 is this\ufeff?", "What is this?"),
        ("What \ud800is this\udfff?", "What is this?"),
        ("¿Qué\u2028es\u2029esto?", "¿Qué es esto?"),
        ("ما هذا؟", "ما هذا؟"),
        (f"{FAMILY}?", f"{FAMILY}?"),
        ("🐕?", "🐕?"),
        (" " * 2000 + "What?" + " " * 2000, "What?"),
        ("x" * MAX_QUESTION, "x" * MAX_QUESTION),
    ],
)
def test_what_is_asked(written: str, asked: str) -> None:
    assert clean_question(written) == asked
    job = make_job(question=asked)
    assert decode_job(encode_job(job)).question == asked


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", RefusalCode.QUESTION_EMPTY),
        (" \n\t\x00\u202e\ud800 ", RefusalCode.QUESTION_EMPTY),
        ("?!", RefusalCode.QUESTION_EMPTY),
        ("\u200d\u200c", RefusalCode.QUESTION_EMPTY),
        ("x" * (MAX_QUESTION + 1), RefusalCode.QUESTION_TOO_LONG),
        ("what is this? " * 100_000, RefusalCode.QUESTION_TOO_LONG),
    ],
)
def test_what_is_no_question(written: str, code: RefusalCode) -> None:
    with pytest.raises(Refusal) as refused:
        clean_question(written)
    assert refused.value.code is code
    if code is RefusalCode.QUESTION_TOO_LONG:
        assert str(MAX_QUESTION) in refused.value.message


@pytest.mark.parametrize(
    ("question", "seconds", "rest"),
    [
        ("0:07 who is that?", 7.0, "who is that?"),
        ("1:02:03, why?", 3723.0, "why?"),
        ("12:34", None, "12:34"),
        ("0:99 what?", None, "0:99 what?"),
        ("who is there at 0:07?", None, "who is there at 0:07?"),
    ],
)
def test_a_time_in_front_names_a_moment(question: str, seconds: float | None, rest: str) -> None:
    assert moment_in(question) == (seconds, rest)


async def test_the_first_photo_that_can_be_used_is_meant(intake: Intake) -> None:
    collector = MediaCollector(intake, None)
    broken = Refusal(RefusalCode.UNSUPPORTED, kind="video")
    found = await collector.meant([broken, clean(1), clean(2)], None)
    assert (found.photos, found.manifest) == ((clean(1),), (Meant(at=1),))
    assert (await collector.meant([PHOTO], 3.0)).manifest == (Still(),)
    with pytest.raises(Refusal) as refused:
        await collector.meant([broken, b"no picture"], None)
    assert refused.value is broken


async def test_of_a_video_the_moment_that_is_named_is_meant(intake: Intake) -> None:
    async with VideoIntake(seconds=60.0) as watching:
        collector = MediaCollector(intake, watching)
        data = video(scenes(3))
        first = await collector.meant([data], None)
        last = await collector.meant([data], 3600.0)
    (begin,), (end,) = first.manifest, last.manifest
    assert isinstance(begin, Meant)
    assert isinstance(end, Meant)
    assert begin.seconds is not None
    assert end.seconds is not None
    assert begin.seconds < end.seconds
    assert first.photos != last.photos
