"""Photos that were answered before: answered from the cache, once, and never lost."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.service import Desk
from bot.media.sanitizer import Intake
from captioner.queue.base import Limits
from captioner.queue.messages import Failure, Output
from tests.bot.chat.helpers import (
    CLEAN,
    KEY,
    ShakyQueue,
    answered,
    next_reply,
    request,
    worked,
)


async def known(desk: Desk, queue: ShakyQueue, **reply: Any) -> str:
    """Has a photo answered by a worker; the job's id."""
    ticket = await desk.ask(request("first", photo=CLEAN))
    await worked(queue, **reply)
    assert (await answered(desk)).job_id == ticket.job_id
    return ticket.job_id


async def test_a_known_photo_is_answered_to_whoever_asks(desk: Desk, queue: ShakyQueue) -> None:
    first = await known(desk, queue, confidence=0.7)
    asked = request("telegram:5:6:caption", photo=CLEAN, person="8", context={"chat": 5})
    ticket = await desk.ask(asked)
    assert (ticket.ahead, ticket.duplicate, ticket.waking) == (0, False, False)
    assert ticket.photo == CLEAN
    assert await queue.depth() == 0, "no worker is asked"
    reply = await answered(desk)
    assert (reply.captions[0].text, reply.confidence) == ("a house", 0.7)
    assert (reply.context, reply.adapter) == ({"chat": 5}, "telegram")
    assert ticket.job_id == reply.job_id != first


async def test_an_answer_from_the_cache_outlives_the_process_that_asked(intake: Intake) -> None:
    async with ShakyQueue(Limits(visibility=0.2)) as queue:
        desk = Desk(queue, intake, adapter="telegram", hash_key=KEY)
        await known(desk, queue)
        ticket = await desk.ask(request(photo=CLEAN))
        await next_reply(desk.replies("killed before it sent"))
        delivery = await next_reply(desk.replies("started again"))
        assert (delivery.reply.job_id, delivery.repeated) == (ticket.job_id, True)
        assert await desk.first_sending(delivery), "nobody marked it as sent in between"
        # And the update that comes again, for it was not acknowledged either, is no second job.
        assert (await desk.ask(request(photo=CLEAN))).duplicate
        await desk.done(delivery)


async def test_the_same_update_twice_answered_from_the_cache(desk: Desk, queue: ShakyQueue) -> None:
    await known(desk, queue)
    tickets = [await desk.ask(request("again", photo=CLEAN)) for _ in range(2)]
    assert [ticket.duplicate for ticket in tickets] == [False, True]
    assert tickets[0].job_id == tickets[1].job_id == (await answered(desk)).job_id
    assert not await queue.take_replies("telegram", "me", wait=0)


async def test_the_same_update_again_after_its_answer(desk: Desk, queue: ShakyQueue) -> None:
    first = await known(desk, queue)
    again = await desk.ask(request("first", photo=CLEAN))  # its caption is in the cache by now
    assert (again.duplicate, again.job_id) == (True, first)
    assert not await queue.take_replies("telegram", "me", wait=0)


async def test_attention_is_never_answered_from_the_cache(desk: Desk, queue: ShakyQueue) -> None:
    await known(desk, queue)
    for press in ("one", "two"):
        await desk.ask(request(press, photo=CLEAN, output=Output.ATTENTION_GIF))
        assert (await worked(queue)).output is Output.ATTENTION_GIF


async def test_failures_are_not_repeated_from_the_cache(desk: Desk, queue: ShakyQueue) -> None:
    await known(desk, queue, captions=(), failure=Failure.INTERNAL)
    await desk.ask(request("second try", photo=CLEAN))
    assert await queue.depth() == 1


# --- whose answer it is


async def test_another_model_does_not_answer_from_the_old_ones_cache(
    desk: Desk, queue: ShakyQueue
) -> None:
    await known(desk, queue, model="net 1f")
    await queue.announce("worker", ready=True, model="net 2e")
    await desk.ask(request("after the update", photo=CLEAN))
    await worked(queue, "a new house", model="net 2e")
    assert (await answered(desk)).captions[0].text == "a new house"
    await desk.ask(request("and again", photo=CLEAN))
    assert await queue.depth() == 0
    assert (await answered(desk)).captions[0].text == "a new house"


@pytest.mark.parametrize("others", [[], ["net 2e"]])
async def test_as_long_as_the_model_is_there_its_cache_is_good(
    desk: Desk, queue: ShakyQueue, others: list[str]
) -> None:
    await known(desk, queue, model="net 1f")
    for number, model in enumerate(["net 1f", *others]):
        await queue.announce(f"worker {number}", ready=True, model=model)
    await queue.announce("third", ready=False)
    await desk.ask(request(photo=CLEAN))
    assert (await answered(desk)).model == "net 1f"


async def test_while_there_is_no_worker_the_cache_is_better_than_nothing(
    desk: Desk, queue: ShakyQueue
) -> None:
    await known(desk, queue, model="net 1f")
    await queue.announce("worker", ready=False)
    ticket = await desk.ask(request(photo=CLEAN))
    assert not ticket.waking
    assert (await answered(desk)).model == "net 1f"


# --- still waking up


async def test_the_ticket_says_when_nobody_is_ready_and_somebody_loads(
    desk: Desk, queue: ShakyQueue
) -> None:
    assert not (await desk.ask(request("nobody", photo=CLEAN))).waking
    await queue.announce("a", ready=False)
    assert (await desk.ask(request("loading", photo=CLEAN))).waking
    assert not (await desk.ask(request("loading", photo=CLEAN))).waking, "a duplicate"
    await queue.announce("b", ready=True)
    assert not (await desk.ask(request("one is ready", photo=CLEAN))).waking
