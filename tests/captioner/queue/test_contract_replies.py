"""What every queue promises about answers, tested on each form of it."""

from __future__ import annotations

import asyncio

import pytest

from captioner.queue import JobQueue, QueueFull, Receipt, common
from captioner.queue.messages import CaptionReply, Failure, WireError
from tests.captioner.conftest import OpenQueue
from tests.captioner.queue.helpers import LONG, answer, cached, work_off
from tests.support.jobs import make_job, make_reply


async def test_a_job_becomes_a_reply(queue: JobQueue) -> None:
    job = make_job()
    receipt = await queue.submit(job)
    assert (receipt.job_id, receipt.ahead, receipt.duplicate) == (job.id, 0, False)
    (claim,) = await queue.take("worker", max_batch=16, wait=LONG)
    assert (claim.job, claim.deliveries) == (job, 1)
    assert await queue.depth() == 1
    reply = make_reply(job)
    assert await queue.finish(claim, reply)
    assert await queue.depth() == 0
    (delivery,) = await queue.take_replies("telegram", "bot", wait=LONG)
    assert (delivery.reply, delivery.repeated) == (reply, False)
    await queue.done("telegram", delivery)
    assert await queue.take_replies("telegram", "bot", wait=0) == []


async def test_replies_go_to_the_adapter_that_asked(queue: JobQueue) -> None:
    for adapter in ("telegram", "discord", "web.1"):
        await queue.submit(make_job(adapter=adapter))
    for claim in await queue.take("worker", max_batch=3, wait=LONG):
        await queue.finish(claim, make_reply(claim.job))
    for adapter in ("web.1", "telegram", "discord"):
        (delivery,) = await queue.take_replies(adapter, "bot", wait=LONG)
        assert delivery.reply.adapter == adapter
    assert await queue.take_replies("web.2", "bot", wait=0) == []


async def test_a_reply_goes_to_one_process_only(queue: JobQueue) -> None:
    await answer(queue, fresh=10)
    a = await queue.take_replies("telegram", "a", count=4, wait=LONG)
    b = await queue.take_replies("telegram", "b", count=100, wait=LONG)
    assert (len(a), len(b)) == (4, 6)
    assert len({delivery.reply.job_id for delivery in a + b}) == 10


# --- finishing


async def test_a_caption_is_cached_without_whose_it_was(queue: JobQueue) -> None:
    job = make_job(cache_key="photo")
    await answer(queue, job)
    known = await cached(queue, "photo")
    assert known is not None
    assert known.captions == make_reply(job).captions
    assert known.context == {}


async def test_what_is_cached_is_not_submitted(open_queue: OpenQueue) -> None:
    queue = open_queue(depth=1, per_person=1)
    again = make_job(cache_key="photo")
    receipt = await queue.submit_unless_cached(again)
    assert isinstance(receipt, Receipt)
    assert (receipt.job_id, receipt.duplicate) == (again.id, False)
    repeated = await queue.submit_unless_cached(again)
    assert isinstance(repeated, Receipt)
    assert repeated.duplicate
    with pytest.raises(QueueFull):
        await queue.submit_unless_cached(make_job(cache_key="another"))
    await work_off(queue)
    await queue.submit(make_job())
    assert isinstance(await queue.submit_unless_cached(again), CaptionReply), "full or not"
    assert await queue.depth() == 1


async def test_failures_and_jobs_without_a_key_are_not_cached(queue: JobQueue) -> None:
    await answer(queue, make_job(cache_key=""))
    assert await cached(queue, "") is None
    job = make_job(cache_key="bad")
    await queue.submit(job)
    (claim,) = await queue.take("worker", max_batch=1, wait=LONG)
    await queue.finish(claim, make_reply(job, captions=(), failure=Failure.BAD_PHOTO))
    assert await cached(queue, "bad") is None


async def test_cached_captions_are_forgotten_in_time(open_queue: OpenQueue) -> None:
    queue = open_queue(cache_for=0.2)
    await answer(queue, make_job(cache_key="photo"))
    async with asyncio.timeout(LONG):
        while await cached(queue, "photo"):
            await asyncio.sleep(0.05)


async def test_nothing_is_cached_where_the_operator_says_so(open_queue: OpenQueue) -> None:
    queue = open_queue(cache_for=0)
    await answer(queue, make_job(cache_key="photo"))
    assert await cached(queue, "photo") is None


async def test_a_reply_that_cannot_travel_does_not_finish_its_job(queue: JobQueue) -> None:
    job = make_job()
    await queue.submit(job)
    (claim,) = await queue.take("worker", max_batch=1, wait=LONG)
    with pytest.raises(WireError):
        await queue.finish(claim, make_reply(job, media=bytes(5 * 1024 * 1024)))
    assert await queue.finish(claim, make_reply(job))


# --- answers that are known already


async def test_a_known_answer_is_delivered_and_no_worker_is_asked(queue: JobQueue) -> None:
    job = make_job()
    reply = make_reply(job)
    receipt = await queue.answer(job, reply)
    assert (receipt.job_id, receipt.ahead, receipt.duplicate) == (job.id, 0, False)
    assert await queue.depth() == 0
    assert await queue.take("worker", max_batch=1, wait=0) == []
    (delivery,) = await queue.take_replies("telegram", "bot", wait=LONG)
    assert (delivery.reply, delivery.repeated) == (reply, False)
    await queue.done("telegram", delivery)


@pytest.mark.parametrize("first_is_known", [True, False])
async def test_a_known_answer_to_an_update_that_came_before_is_none(
    queue: JobQueue, *, first_is_known: bool
) -> None:
    first, second = make_job(dedupe="same"), make_job(dedupe="same")
    if first_is_known:
        await queue.answer(first, make_reply(first))
    else:
        await answer(queue, first)
    receipts = [await queue.answer(second, make_reply(second)), await queue.submit(second)]
    assert [(r.job_id, r.duplicate) for r in receipts] == [(first.id, True)] * 2
    deliveries = await queue.take_replies("telegram", "bot", wait=LONG)
    assert [delivery.reply.job_id for delivery in deliveries] == [first.id]
    assert await queue.depth() == 0


async def test_known_answers_need_no_room(open_queue: OpenQueue) -> None:
    queue = open_queue(depth=1, per_person=1)
    await queue.submit(make_job(person="a"))
    for _ in range(3):
        job = make_job(person="a")
        assert not (await queue.answer(job, make_reply(job))).duplicate
    assert len(await queue.take_replies("telegram", "bot", wait=LONG)) == 3


async def test_a_known_answer_that_nobody_sent_comes_again(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.3)
    job = make_job()
    await queue.answer(job, make_reply(job))
    await queue.take_replies("telegram", "dead", wait=LONG)
    (again,) = await queue.take_replies("telegram", "alive", wait=LONG)
    assert (again.reply.job_id, again.repeated) == (job.id, True)


async def test_a_known_answer_that_cannot_travel_is_refused(queue: JobQueue) -> None:
    job = make_job()
    with pytest.raises(WireError):
        await queue.answer(job, make_reply(job, media=bytes(5 * 1024 * 1024)))
    assert not (await queue.answer(job, make_reply(job))).duplicate


# --- delivering


async def test_take_replies_waits_for_a_reply_and_not_for_ever(queue: JobQueue) -> None:
    assert await queue.take_replies("telegram", "bot", wait=0.05) == []
    taking = asyncio.create_task(queue.take_replies("telegram", "bot", wait=LONG))
    await asyncio.sleep(0.05)
    await answer(queue, fresh=1)
    assert len(await taking) == 1


async def test_a_reply_that_nobody_sent_comes_again(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.3)
    await answer(queue, fresh=1)
    (first,) = await queue.take_replies("telegram", "dead", wait=LONG)
    (again,) = await queue.take_replies("telegram", "alive", wait=LONG)
    assert (again.reply, again.repeated) == (first.reply, True)
    await queue.done("telegram", again)
    await asyncio.sleep(0.4)
    assert await queue.take_replies("telegram", "alive", wait=0) == []


async def test_a_reply_in_hand_is_not_given_to_another(queue: JobQueue) -> None:
    await answer(queue, fresh=1)
    await queue.take_replies("telegram", "a", wait=LONG)
    assert await queue.take_replies("telegram", "b", wait=0.3) == []
    assert await queue.take_replies("telegram", "a", wait=0) == []


async def test_done_twice_is_done(queue: JobQueue) -> None:
    await answer(queue, fresh=1)
    (delivery,) = await queue.take_replies("telegram", "bot", wait=LONG)
    await queue.done("telegram", delivery)
    await queue.done("telegram", delivery)
    await queue.done("never heard of", delivery)


async def test_a_reply_is_marked_sent_once(queue: JobQueue) -> None:
    assert await queue.mark_sent("job 1")
    assert not await queue.mark_sent("job 1")
    assert await queue.mark_sent("job 2")
    marks = await asyncio.gather(*(queue.mark_sent("job 3") for _ in range(10)))
    assert sum(marks) == 1


async def test_an_open_queue_answers_a_ping(queue: JobQueue) -> None:
    await queue.ping()


async def test_after_a_busy_day_nothing_is_left(open_queue: OpenQueue) -> None:
    queue = open_queue(depth=1000, per_person=1000)
    jobs = [make_job(person=f"person {n % 7}") for n in range(200)]
    await asyncio.gather(*map(queue.submit, jobs))

    async def work(name: str) -> None:
        while claims := await queue.take(name, max_batch=16, wait=0.2):
            await asyncio.gather(*(queue.finish(c, make_reply(c.job)) for c in claims))

    async def send(name: str) -> list[str]:
        sent: list[str] = []
        while deliveries := await queue.take_replies("telegram", name, wait=1.0):
            for delivery in deliveries:
                sent.append(delivery.reply.job_id)
                await queue.done("telegram", delivery)
        return sent

    *_, a, b = await asyncio.gather(work("w1"), work("w2"), send("b1"), send("b2"))
    assert sorted(a + b) == sorted(job.id for job in jobs)
    assert await queue.depth() == 0


async def test_a_reply_that_is_held_on_to_is_offered_to_nobody_else(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=1.0)
    await answer(queue, fresh=1)
    held = await queue.take_replies("telegram", "slow", wait=LONG)
    other = asyncio.create_task(queue.take_replies("telegram", "other", wait=2.0))
    while not other.done():
        assert await queue.hold("telegram", "slow", held) == 1
        await asyncio.sleep(0.1)
    assert await other == []
    await queue.done("telegram", held[0])
    assert await queue.hold("telegram", "slow", held) == 0
    assert await queue.hold("telegram", "slow", []) == 0
    assert await queue.hold("never heard of", "slow", held) == 0


async def test_whether_a_reply_was_sent_is_told_without_marking_it(queue: JobQueue) -> None:
    for _ in range(2):
        assert not await queue.was_sent("job")
    assert await queue.mark_sent("job")
    assert await queue.was_sent("job")


async def test_a_reply_that_is_never_sent_becomes_a_failure_and_then_ends(
    open_queue: OpenQueue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(common, "DEGRADE_AFTER", 2)
    monkeypatch.setattr(common, "DROP_AFTER", 3)
    queue = open_queue(visibility=0.1)
    job = make_job()
    await answer(queue, job)
    failures = []
    async with asyncio.timeout(LONG):
        while "delivered 3 times, never sent" not in caplog.text:
            found = await queue.take_replies("telegram", "dies of it", wait=0.2)
            failures += [(one.reply.job_id, one.reply.failure) for one in found]
    assert failures == [(job.id, None)] * 2 + [(job.id, Failure.INTERNAL)]
    assert await queue.take_replies("telegram", "bot", wait=0.3) == []
