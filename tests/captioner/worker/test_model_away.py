"""A worker whose model computes elsewhere, while that cannot be reached: photos wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import pytest

from captioner.capabilities import UNDECLARED
from captioner.errors import ModelAwayError, OperatorError
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import CaptionJob, CaptionReply, Failure
from captioner.worker import loop
from tests.captioner.worker.helpers import LONG, replies, until, working
from tests.support.jobs import make_job, make_reply


class Elsewhere:
    """A model that answers while it is `there`; one photo it never answers."""

    model = "elsewhere"
    capabilities = UNDECLARED
    poison = b""

    def __init__(self) -> None:
        self.there = True
        self.wrong_key = False
        self.calls = 0

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        self.calls += 1
        if self.wrong_key:
            raise OperatorError("the key is not accepted")
        if not self.there or any(job.photo == self.poison for job in jobs):
            raise ModelAwayError("elsewhere: the server answered 503")
        return [make_reply(job) for job in jobs]

    def expect(self, job: CaptionJob) -> None: ...
    def forget(self, job: CaptionJob) -> None: ...


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(loop, "_LONGEST_PAUSE_FOR_MODEL", 0.05)


async def test_photos_wait_until_the_model_is_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "captioner.worker")
    model = Elsewhere()
    model.there = False
    async with MemoryQueue(Limits(max_deliveries=2)) as queue, working(queue, model):
        jobs = [make_job() for _ in range(5)]
        for job in jobs:
            await queue.submit(job)
        await until(lambda: model.calls > 6)  # more often than a job may be delivered
        async with asyncio.timeout(LONG):
            while not (await queue.workers()).waking:  # so who waits is told that it wakes up
                await asyncio.sleep(0.02)
        model.there = True
        found = await replies(queue, 5)
        assert {job.id for job in jobs} == set(found)
        assert not any(reply.failure for reply in found.values())
    assert "503: giving" in caplog.text
    assert "the model is back" in caplog.text


async def test_a_photo_that_alone_gets_no_answer_fails_alone() -> None:
    model = Elsewhere()
    async with MemoryQueue(Limits()) as queue:
        good, bad, other = make_job(), make_job(photo=b"poison"), make_job()
        model.poison = bad.photo
        for job in (good, bad, other):
            await queue.submit(job)
        async with working(queue, model):
            found = await replies(queue, 3)
    assert [found[job.id].failure for job in (good, bad, other)] == [None, Failure.INTERNAL, None]


async def test_a_model_that_was_away_for_a_moment_is_asked_again() -> None:
    model = Elsewhere()
    answer, away = model.answer, 1

    def hiccup(jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        nonlocal away
        if away and jobs[0].id != "probe":
            away -= 1
            raise ModelAwayError("elsewhere: the server answered 503")
        return answer(jobs)

    model.answer = hiccup  # type: ignore[method-assign]  # what the server does once
    async with MemoryQueue(Limits(max_deliveries=1)) as queue, working(queue, model):
        job = make_job()
        await queue.submit(job)
        found = await replies(queue, 1)
    assert found[job.id].failure is None


async def test_what_the_operator_must_put_right_ends_the_worker_and_loses_nothing() -> None:
    model = Elsewhere()
    model.wrong_key = True
    async with MemoryQueue(Limits(max_deliveries=1)) as queue:
        job = make_job()
        await queue.submit(job)
        worker = loop.Worker(queue, model, consumer="one", wait=0.05)
        with pytest.raises(OperatorError, match="the key is not accepted"):
            await worker.run()
        model.wrong_key = False
        async with working(queue, model):
            found = await replies(queue, 1)
    assert found[job.id].failure is None
