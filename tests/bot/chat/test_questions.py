"""What somebody asks, made fit to travel."""

from __future__ import annotations

import pytest

from bot.chat.questions import clean_question
from bot.chat.refusals import Refusal, RefusalCode
from captioner.queue.messages import MAX_QUESTION, decode_job, encode_job
from tests.support.jobs import make_job

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
