"""What a worker runs: jobs in, replies out, one bad photo alone."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from captioner.captioner import Captioner
from captioner.queue.messages import Failure, Output
from captioner.worker.batch_handler import BatchHandler
from tests.support.jobs import make_job
from tests.support.models import small_checkpoint, with_languages
from tests.support.photos import encoded, photo


@pytest.fixture(scope="module")
def answers() -> BatchHandler:
    return BatchHandler(Captioner(small_checkpoint()))


def test_each_job_gets_its_own_answer_in_order(answers: BatchHandler) -> None:
    jobs = [make_job(photo=photo(seed=s), beam_size=1 + s % 3, n_best=3) for s in range(7)]
    together = answers.answer(jobs)
    assert [r.job_id for r in together] == [j.id for j in jobs]
    assert {r.language for r in together} == {"en"}
    assert [len(r.captions) for r in together] == [1, 2, 3, 1, 2, 3, 1]  # never more than beams
    for job, reply in zip(jobs, together, strict=True):
        assert answers.answer([job])[0].captions[0].text == reply.captions[0].text


def test_a_batch_in_several_languages() -> None:
    """An album is in one language; one that the checkpoint lacks is answered in English."""
    answers = BatchHandler(Captioner(with_languages(small_checkpoint())))
    assert {"en", "de", "zh"} <= set(answers.capabilities.languages)
    own, other = photo(seed=1), photo(seed=2)
    wanted = ("de", None, "zh", "ru", "de")
    jobs = [make_job(photo=own, more_photos=(other,), language=code) for code in wanted]
    jobs[4] = make_job(photo=own, language="de", output=Output.ATTENTION_GIF)
    replies = answers.answer(jobs)
    assert [r.language for r in replies] == ["de", "en", "zh", "en", "de"]
    texts = [[answer.captions[0].text for answer in r.answers] for r in replies]
    assert texts[1] == texts[3]
    assert len({text[0] for text in texts}) == 3
    assert texts[4][0] == texts[0][0]
    assert replies[4].media.startswith(b"GIF8")
    (alone,) = answers.answer([jobs[2]])
    assert [answer.captions[0].text for answer in alone.answers] == texts[2]


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"not a photo",
        photo()[:300],
        photo(format="PNG"),
        encoded(Image.new("L", (3000, 2000)), "JPEG"),
        b"\xff\xd8\xff" + b"\x00" * 50,
    ],
    ids=["empty", "text", "truncated", "a PNG", "too many pixels", "a header alone"],
)
def test_a_bad_photo_fails_alone(answers: BatchHandler, bad: bytes) -> None:
    jobs = [make_job(photo=photo(seed=1)), make_job(photo=bad), make_job(photo=photo(seed=2))]
    replies = answers.answer(jobs)
    assert [r.failure for r in replies] == [None, Failure.BAD_PHOTO, None]
    assert [r.job_id for r in replies] == [j.id for j in jobs]


def test_an_album_is_one_reply_with_an_answer_for_each_photo(answers: BatchHandler) -> None:
    seeds = (1, 2, 3)
    first, *more = (photo(seed=s) for s in seeds)
    reply = answers.answer([make_job(photo=first, more_photos=(more[0], b"broken", more[1]))])[0]
    alone = [answers.answer([make_job(photo=photo(seed=s))])[0].captions[0].text for s in seeds]
    said = [a.captions[0].text if a.captions else a.failure for a in reply.answers]
    assert said == [alone[0], alone[1], Failure.BAD_PHOTO, alone[2]]


def test_an_album_whose_first_photo_is_bad(answers: BatchHandler) -> None:
    reply = answers.answer([make_job(photo=b"x", more_photos=(photo(seed=1),))])[0]
    assert [a.failure for a in reply.answers] == [Failure.BAD_PHOTO, None]


@pytest.mark.parametrize(
    ("output", "kind", "media_type"),
    [
        (Output.ATTENTION_GIF, "GIF", "image/gif"),
        (Output.ATTENTION_SHEET, "PNG", "image/png"),
    ],
)
def test_pictures(answers: BatchHandler, output: Output, kind: str, media_type: str) -> None:
    reply = answers.answer([make_job(photo=photo(), output=output)])[0]
    assert reply.media_type == media_type
    with Image.open(io.BytesIO(reply.media)) as picture:
        assert picture.format == kind


def test_no_jobs(answers: BatchHandler) -> None:
    assert answers.answer([]) == []


def test_photos_opened_beforehand_get_the_same_answers(answers: BatchHandler) -> None:
    jobs = [
        make_job(photo=photo(seed=1), more_photos=(b"broken", photo(seed=2))),
        make_job(photo=b"none"),
        make_job(photo=photo(seed=3), output=Output.ATTENTION_GIF),
    ]
    unexpected = answers.answer(jobs)
    for job in jobs:
        answers.expect(job)
    assert answers.answer(jobs) == unexpected
    assert answers.answer(jobs) == unexpected, "again, as when a batch is tried one by one"


def test_a_job_that_does_not_come_leaves_nothing_behind(answers: BatchHandler) -> None:
    job = make_job(photo=photo())
    answers.expect(job)
    answers.forget(job)
    answers.forget(job)
    assert not answers._opening._begun
