"""What an operator sees of every queue, tested on each form of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from captioner.queue import DeadLetterLost, InspectableQueue, JobQueue, QueueFull, WorkerInfo
from tests.captioner.conftest import OpenInspectable, OpenQueue
from tests.captioner.queue.helpers import LONG, answer, answered, cached
from tests.support.jobs import make_job, make_reply


async def given_up(queue: JobQueue, **changes: Any) -> str:
    """A job that every worker dies of; its id."""
    job = make_job(**changes)
    await queue.submit(job)
    async with asyncio.timeout(LONG):
        while await queue.depth():
            await queue.take("dies", max_batch=1, wait=0.1)
    return job.id


# --- how much there is


async def test_nothing_to_see(queue: JobQueue) -> None:
    seen = await queue.overview()
    assert (seen.depth, seen.waiting, seen.held, seen.oldest, seen.dead) == (0, 0, 0, 0.0, 0)
    assert set(seen.lanes) == {0}


async def test_nobody_to_see(inspectable: InspectableQueue) -> None:
    assert await inspectable.held() == []
    assert await inspectable.dead_letters() == []
    assert await inspectable.worker_list() == []


async def test_jobs_given_up_are_counted(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.1, max_deliveries=1)
    await given_up(queue)
    assert (await queue.overview()).dead == 1


async def test_what_waits_and_what_is_held(queue: JobQueue) -> None:
    for _ in range(3):
        await queue.submit(make_job(person="a"))
    await queue.submit(make_job(person="b"))
    claims = await queue.take("worker", max_batch=1, wait=LONG, top_up=0)
    seen = await queue.overview()
    assert (seen.depth, seen.waiting, seen.held, seen.dead) == (4, 3, 1, 0)
    assert seen.lanes[:4] == (2, 1, 1, 0), "everybody's first photo is in the first lane"
    assert seen.depth == await queue.depth()
    await queue.finish(claims[0], make_reply(claims[0].job))
    assert (await queue.overview()).held == 0


async def test_the_age_of_the_oldest(queue: JobQueue) -> None:
    await queue.submit(make_job())
    await asyncio.sleep(0.2)
    await queue.submit(make_job())
    assert 0.2 <= (await queue.overview()).oldest < LONG
    claims = await queue.take("worker", max_batch=2, wait=LONG)
    assert (await queue.overview()).oldest >= 0.2, "also while it is held"
    assert claims[0].waited >= 0.2
    assert claims[1].waited < claims[0].waited


# --- who has what


async def test_who_holds_what(inspectable: InspectableQueue) -> None:
    first, second = make_job(person="a"), make_job(person="a", adapter="web.1234")
    await inspectable.submit(first)
    await asyncio.sleep(0.05)
    await inspectable.submit(second)
    claims = await inspectable.take("one", max_batch=1, wait=LONG, top_up=0)
    await inspectable.take("two", max_batch=1, wait=LONG, top_up=0)
    await asyncio.sleep(0.1)
    await inspectable.renew("one", claims)
    held = await inspectable.held()
    assert [(job.job_id, job.adapter, job.worker) for job in held] == [
        (first.id, "telegram", "one"),
        (second.id, "web.1234", "two"),
    ]
    assert [(job.lane, job.deliveries) for job in held] == [(0, 1), (1, 1)]
    assert held[0].age > held[1].age >= 0.1
    assert held[0].silent < held[1].silent, "the first gave a sign of life since"


async def test_who_is_there(inspectable: InspectableQueue) -> None:
    await inspectable.announce("b", ready=True, model="small 1a2b")
    await inspectable.announce("a", ready=False)
    assert await inspectable.worker_list() == [
        WorkerInfo("a", ready=False, model=""),
        WorkerInfo("b", ready=True, model="small 1a2b"),
    ]
    await inspectable.leave("b")
    assert [worker.name for worker in await inspectable.worker_list()] == ["a"]


# --- dead letters


async def test_a_dead_letter_says_what_became_of_a_job(open_inspectable: OpenInspectable) -> None:
    queue = open_inspectable(visibility=0.1, max_deliveries=1)
    first = await given_up(queue)
    second = await given_up(queue)
    letters = await queue.dead_letters()
    assert [letter.job_id for letter in letters] == [second, first], "the newest first"
    assert {letter.adapter for letter in letters} == {"telegram"}
    assert "never finished" in letters[0].error
    assert letters[0].letter != letters[1].letter
    assert 0 <= letters[0].age <= letters[1].age < LONG
    assert not letters[0].kept
    assert (await queue.overview()).dead == 2


async def test_without_a_photo_nothing_is_tried_again(
    open_inspectable: OpenInspectable,
) -> None:
    queue = open_inspectable(visibility=0.1, max_deliveries=1)
    await given_up(queue)
    (letter,) = await queue.dead_letters()
    with pytest.raises(DeadLetterLost, match="no photo is kept"):
        await queue.retry(letter.letter)
    assert await queue.depth() == 0
    assert await queue.dead_letters(), "the letter stays"


async def test_a_kept_photo_is_tried_again_and_answered(open_inspectable: OpenInspectable) -> None:
    queue = open_inspectable(visibility=0.1, max_deliveries=1, dead_for=LONG)
    old = await given_up(queue, photo=b"the photo")
    assert await answered(queue) == [old], "its person was told"
    (letter,) = await queue.dead_letters()
    assert letter.kept
    await queue.retry(letter.letter)
    assert await queue.dead_letters() == []
    (claim,) = await queue.take("alive", max_batch=1, wait=LONG)
    assert (claim.job.photo, claim.deliveries) == (b"the photo", 1)
    assert claim.job.id != old, "else the adapter would take it for answered"
    assert await queue.finish(claim, make_reply(claim.job))
    assert await answered(queue) == [claim.job.id]
    with pytest.raises(DeadLetterLost):
        await queue.retry(letter.letter)


async def test_trying_again_obeys_the_bounds(open_inspectable: OpenInspectable) -> None:
    queue = open_inspectable(visibility=0.1, max_deliveries=1, dead_for=LONG, depth=1)
    await given_up(queue)
    (letter,) = await queue.dead_letters()
    await queue.submit(make_job())
    with pytest.raises(QueueFull):
        await queue.retry(letter.letter)
    assert await queue.dead_letters() != [], "and the letter is still there"
    await answer_all(queue)
    await queue.retry(letter.letter)
    assert await queue.depth() == 1


async def test_photos_are_kept_no_longer_than_told(open_inspectable: OpenInspectable) -> None:
    queue = open_inspectable(visibility=0.1, max_deliveries=1, dead_for=0.2)
    await given_up(queue)
    (letter,) = await queue.dead_letters()
    async with asyncio.timeout(LONG):
        while (await queue.dead_letters())[0].kept:
            await asyncio.sleep(0.05)
    with pytest.raises(DeadLetterLost):
        await queue.retry(letter.letter)


async def test_letters_are_dropped(open_inspectable: OpenInspectable) -> None:
    queue = open_inspectable(visibility=0.1, max_deliveries=1, dead_for=LONG)
    await given_up(queue)
    (letter,) = await queue.dead_letters()
    assert await queue.drop(letter.letter)
    assert not await queue.drop(letter.letter)
    with pytest.raises(DeadLetterLost):
        await queue.retry(letter.letter)
    assert await queue.dead_letters() == []


@pytest.mark.parametrize("letter", ["", "1", "-", "0-0", "999-999", "+", "1-1 x", "é"])
async def test_letters_that_there_are_none(inspectable: InspectableQueue, letter: str) -> None:
    assert not await inspectable.drop(letter)
    with pytest.raises(DeadLetterLost):
        await inspectable.retry(letter)


# --- what a job brings for its way back


async def test_the_reply_bears_what_the_job_brought(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.1, max_deliveries=1)
    brought: dict[str, Any] = {"trace": "00-trace", "began": 1234.5}
    await answer(queue, make_job(cache_key="k", **brought))
    job = make_job(**brought)
    await queue.answer(job, make_reply(job))
    await queue.submit(make_job(**brought))
    async with asyncio.timeout(LONG):
        while await queue.depth():
            await queue.take("dies", max_batch=1, wait=0.1)
    deliveries = await queue.take_replies("telegram", "bot", wait=LONG)
    assert [(one.reply.trace, one.reply.began) for one in deliveries] == [("00-trace", 1234.5)] * 3
    known = await cached(queue, "k")
    assert known is not None
    assert (known.trace, known.began) == ("", 0.0), "nobody else's"


async def answer_all(queue: JobQueue) -> None:
    for claim in await queue.take("worker", max_batch=16, wait=LONG):
        await queue.finish(claim, make_reply(claim.job))
