"""Photos that were answered before: answered from the cache, once, and never lost."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.service import CaptionService
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


async def known(service: CaptionService, queue: ShakyQueue, **reply: Any) -> str:
    """Has a photo answered by a worker; the job's id."""
    ticket = await service.ask(request("first", photo=CLEAN))
    await worked(queue, **reply)
    assert (await answered(service)).job_id == ticket.job_id
    return ticket.job_id


async def test_a_known_photo_is_answered_to_whoever_asks(
    service: CaptionService, queue: ShakyQueue
) -> None:
    first = await known(service, queue, confidence=0.7)
    asked = request("telegram:5:6:caption", photo=CLEAN, person="8", context={"chat": 5})
    ticket = await service.ask(asked)
    assert (ticket.ahead, ticket.duplicate, ticket.waking) == (0, False, False)
    assert ticket.photo == CLEAN
    assert await queue.depth() == 0, "no worker is asked"
    reply = await answered(service)
    assert (reply.captions[0].text, reply.confidence) == ("a house", 0.7)
    assert (reply.context, reply.adapter) == ({"chat": 5}, "telegram")
    assert ticket.job_id == reply.job_id != first


async def test_an_answer_from_the_cache_outlives_the_process_that_asked(intake: Intake) -> None:
    async with ShakyQueue(Limits(visibility=0.2)) as queue:
        service = CaptionService(queue, intake, adapter="telegram", hash_key=KEY)
        await known(service, queue)
        ticket = await service.ask(request(photo=CLEAN))
        await next_reply(service.replies("killed before it sent"))
        delivery = await next_reply(service.replies("started again"))
        assert (delivery.reply.job_id, delivery.repeated) == (ticket.job_id, True)
        assert not await service.is_sent(delivery), "nobody marked it as sent in between"
        # And the update that comes again, for it was not acknowledged either, is no second job.
        assert (await service.ask(request(photo=CLEAN))).duplicate
        await service.done(delivery)


async def test_the_same_update_twice_answered_from_the_cache(
    service: CaptionService, queue: ShakyQueue
) -> None:
    await known(service, queue)
    tickets = [await service.ask(request("again", photo=CLEAN)) for _ in range(2)]
    assert [ticket.duplicate for ticket in tickets] == [False, True]
    assert tickets[0].job_id == tickets[1].job_id == (await answered(service)).job_id
    assert not await queue.take_replies("telegram", "me", wait=0)


async def test_the_same_update_again_after_its_answer(
    service: CaptionService, queue: ShakyQueue
) -> None:
    first = await known(service, queue)
    again = await service.ask(request("first", photo=CLEAN))  # its caption is in the cache by now
    assert (again.duplicate, again.job_id) == (True, first)
    assert not await queue.take_replies("telegram", "me", wait=0)


async def test_attention_is_never_answered_from_the_cache(
    service: CaptionService, queue: ShakyQueue
) -> None:
    await known(service, queue)
    for press in ("one", "two"):
        await service.ask(request(press, photo=CLEAN, output=Output.ATTENTION_GIF))
        assert (await worked(queue)).output is Output.ATTENTION_GIF


async def test_a_photo_that_is_known_in_one_language_is_asked_for_in_another(
    service: CaptionService, queue: ShakyQueue
) -> None:
    await known(service, queue, language="en")
    for ask in ("german", "german again"):
        await service.ask(request(ask, photo=CLEAN, language="de"))
        if ask == "german":
            assert (await worked(queue, "ein Haus", language="de")).language == "de"
        reply = await answered(service)
        assert (reply.captions[0].text, reply.language) == ("ein Haus", "de")
    await service.ask(request("english again", photo=CLEAN))
    assert (await answered(service)).captions[0].text == "a house"
    assert await queue.depth() == 0


async def test_failures_are_not_repeated_from_the_cache(
    service: CaptionService, queue: ShakyQueue
) -> None:
    await known(service, queue, captions=(), failure=Failure.INTERNAL)
    await service.ask(request("second try", photo=CLEAN))
    assert await queue.depth() == 1


# --- whose answer it is


async def test_another_model_does_not_answer_from_the_old_ones_cache(
    service: CaptionService, queue: ShakyQueue
) -> None:
    await known(service, queue, model="net 1f")
    await queue.announce("worker", ready=True, model="net 2e")
    await service.ask(request("after the update", photo=CLEAN))
    await worked(queue, "a new house", model="net 2e")
    assert (await answered(service)).captions[0].text == "a new house"
    await service.ask(request("and again", photo=CLEAN))
    assert await queue.depth() == 0
    assert (await answered(service)).captions[0].text == "a new house"


@pytest.mark.parametrize("others", [[], ["net 2e"]])
async def test_as_long_as_the_model_is_there_its_cache_is_good(
    service: CaptionService, queue: ShakyQueue, others: list[str]
) -> None:
    await known(service, queue, model="net 1f")
    for number, model in enumerate(["net 1f", *others]):
        await queue.announce(f"worker {number}", ready=True, model=model)
    await queue.announce("third", ready=False)
    await service.ask(request(photo=CLEAN))
    assert (await answered(service)).model == "net 1f"


async def test_while_there_is_no_worker_the_cache_is_better_than_nothing(
    service: CaptionService, queue: ShakyQueue
) -> None:
    await known(service, queue, model="net 1f")
    await queue.announce("worker", ready=False)
    ticket = await service.ask(request(photo=CLEAN))
    assert not ticket.waking
    assert (await answered(service)).model == "net 1f"


# --- still waking up


async def test_the_ticket_says_when_nobody_is_ready_and_somebody_loads(
    service: CaptionService, queue: ShakyQueue
) -> None:
    assert not (await service.ask(request("nobody", photo=CLEAN))).waking
    await queue.announce("a", ready=False)
    assert (await service.ask(request("loading", photo=CLEAN))).waking
    assert not (await service.ask(request("loading", photo=CLEAN))).waking, "a duplicate"
    await queue.announce("b", ready=True)
    assert not (await service.ask(request("one is ready", photo=CLEAN))).waking
