"""The worker on real queues, with a scripted model."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Sequence
from typing import Any

import pytest

from captioner.queue import JobQueue
from captioner.queue.messages import CaptionJob, CaptionReply, Failure
from captioner.telemetry.tracing import request_id
from captioner.worker.health import ModelBrokenError
from captioner.worker.loop import ModelStuckError, Worker
from tests.captioner.conftest import OpenQueue
from tests.captioner.worker.helpers import LONG, Blocked, replies, working
from tests.support.jobs import make_job, make_reply
from tests.support.scripted_worker import ScriptedCaptions, jpeg, scripted_worker

POISON = b"poison and secret"


def poisoned(jobs: Sequence[CaptionJob]) -> None:
    if any(job.photo == POISON for job in jobs):
        raise RuntimeError(f"cannot do {jobs[0].photo!r}")


# --- batches


@pytest.mark.parametrize(("max_batch", "batches"), [(16, [5]), (2, [2, 2, 1]), (1, [1] * 5)])
async def test_waiting_jobs_become_batches(
    queue: JobQueue, max_batch: int, batches: list[int]
) -> None:
    jobs = [make_job(photo=jpeg("green")) for _ in range(5)]
    for job in jobs:
        await queue.submit(job)
    async with scripted_worker(queue, max_batch=max_batch) as captions:
        found = await replies(queue, 5)
    assert captions.batches == batches
    assert captions.jobs == jobs
    assert {reply.captions[0].text for reply in found.values()} == {"a green picture"}
    assert {found[job.id].context["chat"] for job in jobs} == {j.context["chat"] for j in jobs}


async def test_a_bad_photo_fails_alone(queue: JobQueue) -> None:
    good, bad = make_job(photo=jpeg("red")), make_job(photo=b"\xff\xd8 no JPEG")
    for job in (good, bad):
        await queue.submit(job)
    async with scripted_worker(queue) as captions:
        found = await replies(queue, 2)
    assert captions.batches == [2]
    assert (found[good.id].failure, found[bad.id].failure) == (None, Failure.BAD_PHOTO)


async def test_poison_fails_alone_and_is_not_quoted(
    queue: JobQueue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    poison = make_job(photo=POISON)
    jobs = [make_job(photo=jpeg("red")), poison, make_job(photo=jpeg("blue"))]
    for job in jobs:
        await queue.submit(job)
    async with scripted_worker(queue, ScriptedCaptions(poisoned)) as captions:
        found = await replies(queue, 3)
    assert captions.batches == [1] * 3, "the others, one by one, and a photo of our own"
    assert found.pop(poison.id).failure is Failure.INTERNAL
    assert {r.captions[0].text for r in found.values()} == {"a red picture", "a blue picture"}
    assert await queue.depth() == 0
    assert "RuntimeError" in caplog.text
    for secret in ("secret", "a red picture", "person"):
        assert secret not in caplog.text


class Broken(ScriptedCaptions):
    """A model that works for a while, then never again."""

    def __init__(self, good: int) -> None:
        super().__init__()
        self.good = good
        self.broke_at: set[str] = set()

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        self.good -= 1
        if self.good < 0:
            self.broke_at |= {job.id for job in jobs}
            raise RuntimeError("CUDA error: an illegal memory access was encountered, secret")
        return super().answer(jobs)


@pytest.mark.parametrize("number", [1, 3])
async def test_a_model_that_broke_ends_the_worker_and_costs_nobody_an_answer(
    open_queue: OpenQueue, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    queue = open_queue(visibility=0.3)
    jobs = [make_job(photo=jpeg()) for _ in range(number)]
    first = make_job(photo=jpeg())
    await queue.submit(first)
    broken = Broken(good=1)
    worker = Worker(queue, broken, consumer="broken", wait=0.1)
    running = asyncio.create_task(worker.run())
    assert (await replies(queue, 1))[first.id].failure is None
    for job in jobs:
        await queue.submit(job)
    with pytest.raises(ModelBrokenError, match="fails even at a test photo"):
        await asyncio.wait_for(running, LONG)
    async with scripted_worker(queue) as captions:
        found = await replies(queue, number)
    assert {reply.failure for reply in found.values()} == {None}
    ends = itertools.accumulate(captions.batches)
    together = [captions.jobs[end - n : end] for n, end in zip(captions.batches, ends, strict=True)]
    for batch in together:
        tried = broken.broke_at & {job.id for job in batch}
        assert len(batch) == 1 or not tried, "each may have been what broke it"
    assert "secret" not in caplog.text


class Forgetful(ScriptedCaptions):
    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return super().answer(jobs)[1:]


class Mistaken(ScriptedCaptions):
    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return list(reversed(super().answer(jobs)))


class Verbose(ScriptedCaptions):
    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return [make_reply(job, media=bytes(5 * 1024 * 1024)) for job in jobs]


async def test_replies_that_are_too_few_answer_nobody_elses_job(queue: JobQueue) -> None:
    for _ in range(2):
        await queue.submit(make_job(photo=jpeg()))
    async with working(queue, Forgetful()):
        found = await replies(queue, 2)
    assert {reply.failure for reply in found.values()} == {Failure.INTERNAL}


async def test_replies_in_another_order_answer_nobody_elses_job(queue: JobQueue) -> None:
    red, blue = make_job(photo=jpeg("red")), make_job(photo=jpeg("blue"))
    for job in (red, blue):
        await queue.submit(job)
    async with working(queue, Mistaken()):
        found = await replies(queue, 2)
    assert found[red.id].captions[0].text == "a red picture"
    assert found[blue.id].captions[0].text == "a blue picture"


async def test_a_reply_that_cannot_travel_is_an_error_of_ours(queue: JobQueue) -> None:
    await queue.submit(make_job())
    async with working(queue, Verbose()):
        (reply,) = (await replies(queue, 1)).values()
    assert reply.failure is Failure.INTERNAL


async def test_the_log_tells_of_each_job_in_a_line(
    queue: JobQueue, caplog: pytest.LogCaptureFixture
) -> None:
    lines: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{request_id.get()} {record.getMessage()[8:]}")

    caplog.set_level(logging.INFO, "captioner.worker")
    logging.getLogger("captioner.worker").addHandler(listener := Listener())
    good, bad = make_job(photo=jpeg()), make_job(photo=b"none")
    for job in (good, bad):
        await queue.submit(job)
    try:
        async with scripted_worker(queue):
            await replies(queue, 2)
    finally:
        logging.getLogger("captioner.worker").removeHandler(listener)
    assert lines.count(f"{good.id[:8]} → caption") == 1
    assert lines.count(f"{good.id[:8]} ← ● ok") == 1
    assert lines.count(f"{bad.id[:8]} ← ✗ bad_photo") == 1


# --- holding on, and stopping


async def test_a_slow_batch_is_kept(open_queue: OpenQueue) -> None:
    queue, model = open_queue(visibility=1.5), Blocked()
    job = make_job(photo=jpeg())
    await queue.submit(job)
    async with working(queue, model.captions):
        await model.has_started()
        assert await queue.take("other", max_batch=1, wait=3.0) == []
        model.go_on.set()
        assert (await replies(queue, 1))[job.id].failure is None


async def test_a_stopping_worker_finishes_the_batch_in_hand(queue: JobQueue) -> None:
    model = Blocked()
    for _ in range(2):
        await queue.submit(make_job(photo=jpeg()))
    async with working(queue, model.captions, grace=LONG) as worker:
        await model.has_started()
        await queue.submit(make_job(photo=jpeg()))
        worker.request_stop()
        worker.request_stop()
        model.go_on.set()
        await replies(queue, 2)
    assert model.captions.batches == [2]
    assert await queue.depth() == 1, "what came later is left to others"


async def test_what_cannot_be_finished_in_time_is_given_back(queue: JobQueue) -> None:
    model = Blocked()
    jobs = [make_job(photo=jpeg()) for _ in range(3)]
    for job in jobs:
        await queue.submit(job)
    async with working(queue, model.captions, grace=0.2):
        await model.has_started()
    again = await queue.take("other", max_batch=3, wait=LONG)
    model.go_on.set()
    assert [(claim.job, claim.deliveries) for claim in again] == [(job, 1) for job in jobs]
    assert await queue.take_replies("telegram", "bot", wait=0) == []


async def test_a_job_finished_by_another_meanwhile_is_no_error(open_queue: OpenQueue) -> None:
    queue, model = open_queue(), Blocked()
    job = make_job(photo=jpeg("red"))
    await queue.submit(job)
    taken: list[Any] = []
    take = queue.take

    async def remember(*args: Any, **options: Any) -> Any:
        claims = await take(*args, **options)
        taken.extend(claims)
        return claims

    queue.take = remember  # type: ignore[method-assign]  # only to learn what the worker holds
    async with working(queue, model.captions):
        await model.has_started()
        assert await queue.finish(taken[0], make_reply(job, "faster"))
        model.go_on.set()
    assert (await replies(queue, 1))[job.id].captions[0].text == "faster"


async def test_a_model_may_take_longer_for_more_photos(open_queue: OpenQueue) -> None:
    queue, model = open_queue(), Blocked()
    job = make_job(photo=jpeg(), more_photos=(jpeg("red"),))
    await queue.submit(job)
    worker = Worker(queue, model.captions, consumer="slow", patience=0.2, photo_patience=LONG)
    running = asyncio.create_task(worker.run())
    await model.has_started()
    await asyncio.sleep(0.5)
    model.go_on.set()
    assert job.id in await replies(queue, 1)
    worker.request_stop()
    await running


async def test_a_model_that_is_stuck_ends_the_worker(open_queue: OpenQueue) -> None:
    queue, model = open_queue(visibility=0.3), Blocked()
    await queue.submit(make_job(photo=jpeg()))
    with pytest.raises(ModelStuckError, match="no answer from the model"):
        await Worker(queue, model.captions, consumer="stuck", patience=0.2).run()
    (claim,) = await queue.take("other", max_batch=1, wait=LONG)
    model.go_on.set()
    assert claim.deliveries == 2, "it may have been this job's fault"
