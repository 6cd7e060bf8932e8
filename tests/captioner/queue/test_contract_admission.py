"""What every queue promises to those who hand in jobs, tested on each form of it."""

from __future__ import annotations

import asyncio

import pytest

from captioner.queue import JobQueue, PersonBusy, QueueFull
from captioner.queue.messages import WireError
from tests.captioner.conftest import OpenQueue
from tests.captioner.queue.helpers import LONG
from tests.support.jobs import make_job, make_reply


async def test_the_same_update_twice_is_one_job(queue: JobQueue) -> None:
    first = await queue.submit(make_job(dedupe="telegram:1:2:caption"))
    second = await queue.submit(make_job(dedupe="telegram:1:2:caption"))
    assert (second.job_id, second.duplicate) == (first.job_id, True)
    assert await queue.depth() == 1
    (claim,) = await queue.take("worker", max_batch=16, wait=LONG)
    await queue.finish(claim, make_reply(claim.job))
    third = await queue.submit(make_job(dedupe="telegram:1:2:caption"))
    assert third.duplicate, "the key is remembered when the job is done"


async def test_a_job_handed_in_twice_is_a_duplicate(queue: JobQueue) -> None:
    job = make_job()
    await queue.submit(job)
    assert (await queue.submit(job)).duplicate


async def test_a_dedupe_key_is_forgotten_in_time(open_queue: OpenQueue) -> None:
    queue = open_queue(dedupe_for=0.2)
    await queue.submit(make_job(dedupe="same"))
    async with asyncio.timeout(LONG):
        while (await queue.submit(make_job(dedupe="same"))).duplicate:
            await asyncio.sleep(0.05)


async def test_jobs_without_a_dedupe_key_are_different_jobs(queue: JobQueue) -> None:
    assert not (await queue.submit(make_job(dedupe=""))).duplicate
    assert not (await queue.submit(make_job(dedupe=""))).duplicate


async def test_a_refused_job_may_be_handed_in_again(open_queue: OpenQueue) -> None:
    queue = open_queue(depth=1)
    await queue.submit(make_job())
    with pytest.raises(QueueFull) as refusal:
        await queue.submit(make_job(dedupe="refused"))
    assert refusal.value.retry_after > 0
    (claim,) = await queue.take("worker", max_batch=1, wait=LONG)
    with pytest.raises(QueueFull):
        await queue.submit(make_job(dedupe="refused"))
    await queue.finish(claim, make_reply(claim.job))
    assert not (await queue.submit(make_job(dedupe="refused"))).duplicate


async def test_a_duplicate_is_known_even_when_the_queue_is_full(open_queue: OpenQueue) -> None:
    queue = open_queue(depth=1)
    await queue.submit(make_job(dedupe="same"))
    assert (await queue.submit(make_job(dedupe="same"))).duplicate


async def test_one_person_cannot_fill_the_queue(open_queue: OpenQueue) -> None:
    queue = open_queue(per_person=2)
    await queue.submit(make_job(person="a"))
    await queue.submit(make_job(person="a"))
    with pytest.raises(PersonBusy):
        await queue.submit(make_job(person="a"))
    await queue.submit(make_job(person="b"))
    (claim,) = await queue.take("worker", max_batch=1, wait=LONG)
    with pytest.raises(PersonBusy):
        await queue.submit(make_job(person="a"))
    await queue.finish(claim, make_reply(claim.job))
    await queue.submit(make_job(person="a"))


async def test_admission_at_once_by_many_keeps_the_bounds(open_queue: OpenQueue) -> None:
    queue = open_queue(depth=10, per_person=3)
    jobs = [make_job(person=f"person {n % 6}") for n in range(60)]
    results = await asyncio.gather(*map(queue.submit, jobs), return_exceptions=True)
    accepted = [job for job, r in zip(jobs, results, strict=True) if not isinstance(r, Exception)]
    assert len(accepted) == 10
    assert max(sum(j.person == p for j in accepted) for p in {j.person for j in accepted}) <= 3
    assert {type(r) for r in results if isinstance(r, Exception)} <= {QueueFull, PersonBusy}


async def test_the_receipt_says_how_many_are_ahead(queue: JobQueue) -> None:
    assert [(await queue.submit(make_job())).ahead for _ in range(3)] == [0, 1, 2]


async def test_a_job_that_cannot_travel_is_refused(queue: JobQueue) -> None:
    with pytest.raises(WireError):
        await queue.submit(make_job(photo=bytes(5 * 1024 * 1024)))
    with pytest.raises(WireError):
        await queue.submit(make_job(beam_size=1_000_000))
    assert await queue.depth() == 0
