"""What the worker does while its model works: it gathers the next batch, and delivers the last."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from captioner.queue import JobQueue
from captioner.queue.messages import CaptionJob, CaptionReply
from captioner.worker.loop import ModelStuckError, Worker
from tests.captioner.conftest import OpenQueue
from tests.captioner.worker.helpers import LONG, replies, until, working
from tests.support.jobs import make_job
from tests.support.scripted_worker import ScriptedCaptions, jpeg, scripted_reply


class Watched(ScriptedCaptions):
    """Works on each batch until it may go on, and remembers what it was told to expect."""

    def __init__(self) -> None:
        super().__init__()
        self.expected: list[str] = []
        self.forgotten: list[str] = []
        self.begun = 0
        self.may_go_on = threading.Semaphore(0)

    def expect(self, job: CaptionJob) -> None:
        self.expected.append(job.id)

    def forget(self, job: CaptionJob) -> None:
        self.forgotten.append(job.id)

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        self.begun += 1
        self.may_go_on.acquire(timeout=LONG)
        return super().answer(jobs)

    def go_on(self, times: int = 100) -> None:
        self.may_go_on.release(times)

    async def works_on(self, queue: JobQueue) -> CaptionJob:
        """A job that it has begun with."""
        job = make_job(photo=jpeg())
        await queue.submit(job)
        await until(lambda: self.begun == 1)
        return job


async def submitted(queue: JobQueue, number: int) -> list[CaptionJob]:
    jobs = [make_job(photo=jpeg()) for _ in range(number)]
    for job in jobs:
        await queue.submit(job)
    return jobs


async def test_what_comes_while_the_model_works_is_its_next_batch(queue: JobQueue) -> None:
    model = Watched()
    async with working(queue, model):
        first = await model.works_on(queue)
        jobs = await submitted(queue, 4)
        await until(lambda: len(model.expected) == 5)
        assert (model.begun, model.batches) == (1, []), "made ready while the model works"
        model.go_on()
        await replies(queue, 5)
    assert model.batches == [1, 4]
    assert model.expected == [first.id, *(job.id for job in jobs)]
    assert model.forgotten == []


async def test_no_more_than_a_batch_is_taken_ahead(queue: JobQueue) -> None:
    model = Watched()
    async with working(queue, model, max_batch=2):
        await model.works_on(queue)
        jobs = await submitted(queue, 5)
        await until(lambda: len(model.expected) == 3)
        others = await queue.take("other", max_batch=9, wait=LONG)
        assert [claim.job.id for claim in others] == [job.id for job in jobs[2:]]
        await queue.release("other", others)
        model.go_on()
        await replies(queue, 6)
    assert max(model.batches) == 2


async def test_what_was_taken_ahead_is_given_back_by_a_worker_that_stops(queue: JobQueue) -> None:
    model = Watched()
    async with working(queue, model, grace=LONG) as worker:
        await model.works_on(queue)
        jobs = await submitted(queue, 3)
        await until(lambda: len(model.expected) == 4)
        worker.request_stop()
        model.go_on()
    assert model.batches == [1], "the batch in hand"
    assert model.forgotten == [job.id for job in jobs]
    again = await queue.take("other", max_batch=9, wait=LONG)
    assert [(claim.job.id, claim.deliveries) for claim in again] == [(job.id, 1) for job in jobs]


async def test_what_was_taken_ahead_of_a_stuck_model_is_not_suspected(queue: JobQueue) -> None:
    model = Watched()
    running = asyncio.create_task(Worker(queue, model, consumer="stuck", patience=1.0).run())
    await model.works_on(queue)
    (job,) = await submitted(queue, 1)
    with pytest.raises(ModelStuckError):
        await asyncio.wait_for(running, LONG)
    (claim,) = await queue.take("other", max_batch=9, wait=LONG)
    assert (claim.job.id, claim.deliveries) == (job.id, 1)
    model.go_on()


async def test_what_was_taken_ahead_is_kept_for_as_long_as_it_takes(open_queue: OpenQueue) -> None:
    queue, model = open_queue(visibility=1.0), Watched()
    async with working(queue, model):
        await model.works_on(queue)
        await submitted(queue, 2)
        await until(lambda: len(model.expected) == 3)
        assert await queue.take("other", max_batch=9, wait=2.5) == []
        model.go_on()
        await replies(queue, 3)
    assert model.batches == [1, 2]


async def lost(queue: JobQueue) -> CaptionJob:
    """A job that may have killed the worker that had it."""
    (job,) = await submitted(queue, 1)
    assert await queue.take("killed", max_batch=1, wait=LONG)
    return job


async def a_lost_job_was_seen(queue: JobQueue, model: Watched) -> CaptionJob:
    """That of a worker whose own batch may be two, and which has one such in hand by now."""
    await model.works_on(queue)
    await submitted(queue, 2)
    await until(lambda: len(model.expected) == 3)  # so it takes no more, and cannot be first
    suspect = await lost(queue)
    model.go_on(1)
    await until(lambda: suspect.id in model.forgotten)
    return suspect


async def test_a_job_that_was_delivered_before_has_the_next_turn_alone(
    open_queue: OpenQueue,
) -> None:
    queue, model = open_queue(visibility=1.0), Watched()
    async with working(queue, model, max_batch=2):
        suspect = await a_lost_job_was_seen(queue, model)
        await submitted(queue, 3)
        model.go_on()
        await replies(queue, 7)
    assert model.batches[:3] == [1, 2, 1]
    assert model.jobs[3] == suspect


async def test_a_job_that_was_delivered_before_is_not_held_beside_others(
    open_queue: OpenQueue,
) -> None:
    """Or it would be blamed for what another does to the worker."""
    queue, model = open_queue(visibility=1.0), Watched()
    async with working(queue, model, max_batch=2):
        suspect = await a_lost_job_was_seen(queue, model)
        (claim,) = await queue.take("other", max_batch=9, wait=LONG)
        assert (claim.job.id, claim.deliveries) == (suspect.id, 2)
        await queue.finish(claim, scripted_reply(suspect))
        model.go_on()
        await replies(queue, 4)


async def test_nothing_is_held_beside_a_job_that_was_delivered_before(
    open_queue: OpenQueue,
) -> None:
    """Or it could take others with it, once for each time that it is tried."""
    queue, model = open_queue(visibility=1.0), Watched()
    suspect = await lost(queue)
    async with working(queue, model):
        await until(lambda: model.begun == 1)
        assert model.expected == [suspect.id]
        jobs = await submitted(queue, 2)
        await asyncio.sleep(0.3)  # many times what it would take to gather them
        others = await queue.take("other", max_batch=9, wait=LONG)
        assert {claim.job.id for claim in others} == {job.id for job in jobs}
        await queue.release("other", others)
        model.go_on()
        await replies(queue, 3)


async def test_replies_are_delivered_while_the_model_has_the_next_batch(
    open_queue: OpenQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, model = open_queue(), Watched()
    delivers, finished = asyncio.Event(), queue.finish

    async def finish(*args: Any) -> bool:
        await delivers.wait()
        return await finished(*args)

    monkeypatch.setattr(queue, "finish", finish)
    async with working(queue, model, max_batch=1):
        await submitted(queue, 3)
        model.go_on(2)
        await until(lambda: model.begun == 2)
        assert await queue.depth() == 3, "none is delivered yet"
        delivers.set()
        model.go_on()
        await replies(queue, 3)
