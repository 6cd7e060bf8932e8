"""What every queue promises to workers, tested on each form of it."""

from __future__ import annotations

import asyncio

from captioner.queue import JobQueue
from captioner.queue.messages import Failure
from tests.captioner.conftest import OpenQueue
from tests.captioner.queue.helpers import LONG
from tests.support.jobs import make_job, make_reply

# --- batches


async def test_a_batch_is_what_waits_in_order(queue: JobQueue) -> None:
    jobs = [make_job() for _ in range(5)]
    for job in jobs:
        await queue.submit(job)
    first = await queue.take("worker", max_batch=3, wait=LONG)
    second = await queue.take("worker", max_batch=3, wait=LONG)
    assert [claim.job for claim in first + second] == jobs
    assert len(first) == 3


async def test_what_comes_just_after_the_first_joins_the_batch(queue: JobQueue) -> None:
    taking = asyncio.create_task(queue.take("worker", max_batch=3, wait=LONG, top_up=1.0))
    await asyncio.sleep(0)
    for _ in range(2):
        await queue.submit(make_job())
    assert len(await taking) == 2


async def test_take_waits_for_a_job_and_not_for_ever(queue: JobQueue) -> None:
    assert await queue.take("worker", max_batch=4, wait=0.05) == []
    taking = asyncio.create_task(queue.take("worker", max_batch=4, wait=LONG))
    await asyncio.sleep(0.05)
    await queue.submit(make_job())
    assert len(await taking) == 1


async def test_workers_share_the_jobs(queue: JobQueue) -> None:
    takers = [asyncio.create_task(queue.take(f"w{n}", max_batch=2, wait=LONG)) for n in range(5)]
    for _ in range(10):
        await queue.submit(make_job())
    taken = [claim.job.id for claims in await asyncio.gather(*takers) for claim in claims]
    while claims := await queue.take("w", max_batch=2, wait=0):
        taken += [claim.job.id for claim in claims]
    assert len(taken) == len(set(taken)) == 10


# --- workers that die, are slow, or stop


async def test_a_dead_workers_job_is_taken_over(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.3)
    job = make_job()
    await queue.submit(job)
    await queue.take("dead", max_batch=16, wait=LONG)
    (claim,) = await queue.take("alive", max_batch=16, wait=LONG)
    assert (claim.job, claim.deliveries) == (job, 2)


async def test_a_redelivered_job_comes_alone(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.3)
    for _ in range(3):
        await queue.submit(make_job())
    dead = await queue.take("dead", max_batch=3, wait=LONG)
    assert len(dead) == 3
    await asyncio.sleep(0.4)
    await queue.submit(make_job())
    batches = [await queue.take("alive", max_batch=16, wait=LONG) for _ in range(4)]
    sizes = [(len(batch), batch[0].deliveries) for batch in batches]
    assert sizes == [(1, 2), (1, 2), (1, 2), (1, 1)], "the dead worker's first, each alone"


async def test_a_job_delivered_too_often_is_given_up(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.2, max_deliveries=2, per_person=1)
    job = make_job(person="a")
    await queue.submit(job)
    for n in (1, 2):
        (claim,) = await queue.take(f"dead {n}", max_batch=16, wait=LONG)
        assert claim.deliveries == n
    await asyncio.sleep(0.3)
    assert await queue.take("alive", max_batch=16, wait=0) == []
    (delivery,) = await queue.take_replies("telegram", "bot", wait=LONG)
    assert delivery.reply.failure is Failure.GAVE_UP
    assert (delivery.reply.job_id, delivery.reply.context) == (job.id, job.context)
    assert await queue.depth() == 0
    await queue.submit(make_job(person="a"))
    assert not await queue.finish(claim, make_reply(job)), "too late"


async def test_renewing_keeps_a_job(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=1.5)
    await queue.submit(make_job())
    claims = await queue.take("slow", max_batch=1, wait=LONG)
    other = asyncio.create_task(queue.take("other", max_batch=1, wait=2.5))
    while not other.done():
        await queue.renew("slow", claims)
        await asyncio.sleep(0.1)
    assert await other == []
    (claim,) = await queue.take("other", max_batch=1, wait=LONG)
    assert claim.deliveries == 2, "renewing does not count as a delivery"


async def test_renewing_does_not_take_a_job_back(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.3)
    await queue.submit(make_job())
    lost = await queue.take("slow", max_batch=1, wait=LONG)
    held = await queue.take("other", max_batch=1, wait=LONG)
    await queue.renew("slow", lost)
    await queue.release("slow", lost)
    (again,) = await queue.take("third", max_batch=1, wait=LONG)
    assert again.deliveries == 3, "neither released by who had lost it, nor kept by them"
    assert held[0].job == again.job


async def test_who_finishes_first_finishes(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.3)
    job = make_job()
    await queue.submit(job)
    (slow,) = await queue.take("slow", max_batch=1, wait=LONG)
    (other,) = await queue.take("other", max_batch=1, wait=LONG)
    assert await queue.finish(slow, make_reply(job, "first"))
    assert not await queue.finish(other, make_reply(job, "second"))
    assert not await queue.finish(slow, make_reply(job, "third"))
    deliveries = await queue.take_replies("telegram", "bot", wait=LONG)
    assert [delivery.reply.captions[0].text for delivery in deliveries] == ["first"]
    await asyncio.sleep(0.4)
    assert await queue.take("other", max_batch=1, wait=0) == []


async def test_a_finished_job_is_not_taken_over(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.2)
    await queue.submit(make_job())
    (slow,) = await queue.take("slow", max_batch=1, wait=LONG)
    await asyncio.sleep(0.3)
    assert await queue.finish(slow, make_reply(slow.job))
    assert await queue.take("other", max_batch=1, wait=0) == []
    assert await queue.depth() == 0


async def test_released_jobs_come_first_and_uncounted(queue: JobQueue) -> None:
    jobs = [make_job() for _ in range(4)]
    for job in jobs:
        await queue.submit(job)
    claims = await queue.take("stopping", max_batch=2, wait=LONG)
    await queue.release("stopping", claims)
    again = await queue.take("other", max_batch=4, wait=LONG)
    assert [claim.job for claim in again] == jobs
    assert {claim.deliveries for claim in again} == {1}


async def test_released_jobs_reach_a_worker_that_waits(queue: JobQueue) -> None:
    await queue.submit(make_job())
    claims = await queue.take("stopping", max_batch=1, wait=LONG)
    waiting = asyncio.create_task(queue.take("other", max_batch=1, wait=LONG))
    await asyncio.sleep(0.05)
    await queue.release("stopping", claims)
    async with asyncio.timeout(20):  # well before the visibility time has passed
        assert len(await waiting) == 1


async def test_renewing_and_releasing_nothing_is_nothing(queue: JobQueue) -> None:
    await queue.renew("worker", [])
    await queue.release("worker", [])
