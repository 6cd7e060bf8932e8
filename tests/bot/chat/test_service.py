"""The service between adapters and the queue, with a real intake and the queue in this process."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.chat.models import Ticket
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from captioner.queue.base import Delivery, Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import CaptionReply, Context, Failure, Length, Output
from tests.bot.chat.helpers import KEY, PHOTO, ShakyQueue, next_reply, refusal, request, worked
from tests.support import photos


async def test_a_photo_becomes_a_job_and_its_reply_comes_back(
    service: CaptionService, queue: ShakyQueue
) -> None:
    context: Context = {"chat": 1, "message": 2, "lang": "de"}
    ticket = await service.ask(request(context=context))
    assert (ticket.ahead, ticket.duplicate, ticket.waking) == (0, False, False)
    assert ticket.photo is not None
    job = await worked(queue)
    assert (job.id, job.adapter, job.context) == (ticket.job_id, "telegram", context)
    assert (job.beam_size, job.n_best, job.output) == (5, 3, Output.CAPTION)
    assert (job.language, job.length, job.question) == ("en", Length.SHORT, None)
    assert job.photo == ticket.photo.jpeg != PHOTO  # never the original
    replies = service.replies("me")
    delivery = await next_reply(replies)
    assert (delivery.reply.job_id, delivery.reply.context) == (ticket.job_id, context)
    assert not await service.is_sent(delivery)
    await service.mark_sent(delivery)
    assert await service.is_sent(replace(delivery, repeated=True))
    await service.done(delivery)


async def test_who_asked_is_not_on_the_queue(service: CaptionService, queue: ShakyQueue) -> None:
    await service.ask(request(person="4711-SECRET"))
    (claim,) = await queue.take("worker", max_batch=1)
    assert "SECRET" not in repr(claim.job)
    assert len(claim.job.person) == 64
    assert claim.job.cache_key
    assert "4711" not in repr(request(photo=b"4711-photo", person="x"))  # nor photos in logs


async def hashes(queue: MemoryQueue, intake: Intake, **of: Any) -> tuple[str, str, str]:
    names = ("person", "photo", "output", "language", "length", "question")
    asked = {name: of.pop(name) for name in names if name in of}
    options: dict[str, Any] = {"adapter": "telegram", "hash_key": KEY}
    await CaptionService(queue, intake, **(options | of)).ask(
        request(of.pop("dedupe", ""), **asked)
    )
    (claim,) = await queue.take("worker", max_batch=1)
    return claim.job.person, claim.job.cache_key, claim.job.id


async def test_hashes_tell_apart_what_differs(queue: ShakyQueue, intake: Intake) -> None:
    person, photo, _ = await hashes(queue, intake)
    assert (await hashes(queue, intake))[:2] == (person, photo)
    assert (await hashes(queue, intake, person="4712"))[:2] != (person, photo)
    assert (await hashes(queue, intake, person="4712"))[1] == photo
    assert (await hashes(queue, intake, adapter="discord"))[0] != person
    other_key = await hashes(queue, intake, hash_key=b"another key")
    assert other_key[0] != person
    assert other_key[1] != photo
    changes: tuple[dict[str, Any], ...] = (
        {"beam_size": 4},
        {"n_best": 2},
        {"photo": photos.photo(seed=1)},
        {"language": "de"},
        {"length": Length.LONG},
        {"question": "What is this?"},
    )
    found = {photo} | {(await hashes(queue, intake, **change))[1] for change in changes}
    assert len(found) == 1 + len(changes)
    assert "" not in found
    assert (await hashes(queue, intake, language="en"))[1] == photo, "English is the default"
    assert (await hashes(queue, intake, output=Output.ATTENTION_GIF))[1] == ""


async def test_a_person_is_one_over_all_web_instances(queue: ShakyQueue, intake: Intake) -> None:
    one = await hashes(queue, intake, adapter="web.a")
    other = await hashes(queue, intake, adapter="web.b")
    assert one[0] == other[0]


async def test_without_a_key_desks_of_a_process_agree(queue: ShakyQueue, intake: Intake) -> None:
    one = await hashes(queue, intake, hash_key=None)
    assert (await hashes(queue, intake, hash_key=None))[:2] == one[:2]
    assert one[0] != (await hashes(queue, intake))[0]


async def test_the_same_update_twice_is_one_job(service: CaptionService, queue: ShakyQueue) -> None:
    first = await service.ask(request())
    again = await service.ask(request())
    assert (again.duplicate, again.job_id) == (True, first.job_id)
    assert await queue.depth() == 1


async def test_without_a_dedupe_key_each_is_its_own_job(
    service: CaptionService, queue: ShakyQueue
) -> None:
    tickets = [await service.ask(request("")) for _ in range(2)]
    assert tickets[0].job_id != tickets[1].job_id
    assert await queue.depth() == 2


async def test_full_and_busy(intake: Intake) -> None:
    async with MemoryQueue(Limits(depth=3, per_person=2)) as queue:
        service = CaptionService(queue, intake, adapter="telegram", hash_key=KEY)
        tickets = [await service.ask(request(str(n), photo=photos.photo(seed=n))) for n in range(2)]
        assert [ticket.ahead for ticket in tickets] == [0, 1]
        busy = await refusal(service, request("third", photo=photos.photo(seed=3)))
        assert (busy.code, busy.retry_after) == ("person-busy", None)
        await service.ask(request("other", person="2"))
        full = await refusal(service, request("another", person="3"))
        assert full.code == "queue-full"
        assert full.retry_after
        assert full.args_for_text == {"seconds": full.retry_after}


async def test_refused_photos_never_reach_the_queue(
    service: CaptionService, queue: ShakyQueue
) -> None:
    refusals = {name: h for name, h in photos.hostile().items() if h.expected != "ok"}
    assert len({h.expected for h in refusals.values()}) == 7
    for name, (data, expected) in refusals.items():
        said = await refusal(service, request(name, photo=data))
        assert said.code == expected
    assert await queue.depth() == 0


async def test_sorry_when_the_queue_is_away(service: CaptionService, queue: ShakyQueue) -> None:
    queue.away = True
    for output in Output:
        away = await refusal(service, request(output, output=output))
        assert away.code == "queue-unavailable"
        assert away.retry_after
    queue.away = False
    assert isinstance(await service.ask(request()), Ticket)


async def test_sorry_for_errors_of_ours(
    queue: ShakyQueue, caplog: pytest.LogCaptureFixture
) -> None:
    intake = Intake()
    await intake.close()
    said = await refusal(
        CaptionService(queue, intake, adapter="telegram"), request(person="SECRET")
    )
    assert said.code == "internal"
    assert "a request on telegram failed" in caplog.text
    assert "SECRET" not in caplog.text


async def test_cancelling_is_no_error(service: CaptionService) -> None:
    task = asyncio.create_task(service.ask(request()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.usefixtures("quick")
async def test_replies_survive_an_outage(
    service: CaptionService, queue: ShakyQueue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.chat.delivery")
    await service.ask(request())
    await worked(queue)
    queue.away = True
    waiting = asyncio.create_task(next_reply(service.replies("me")))
    while queue.failures < 5:
        await asyncio.sleep(0.01)
    assert not waiting.done()
    queue.away = False
    delivery = await waiting
    assert delivery.reply.captions
    levels = [record.levelname for record in caplog.records if record.name == "bot.chat.delivery"]
    assert levels == ["WARNING", "INFO"]  # one line when it goes, one when it is back

    queue.away, queue.failures = True, 0
    finishing = asyncio.create_task(service.done(delivery))
    while queue.failures < 3:
        await asyncio.sleep(0.01)
    queue.away = False
    await finishing
    assert not await queue.take_replies("telegram", "me", wait=0.0)
    assert len(caplog.records) == 4


@pytest.mark.usefixtures("quick")
async def test_replies_survive_an_error_of_the_queue(
    service: CaptionService, queue: ShakyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, errors = queue.take_replies, [RuntimeError("a bug")]

    async def sometimes(*args: Any, **options: Any) -> list[Delivery]:
        if errors:
            raise errors.pop()
        return await take(*args, **options)

    monkeypatch.setattr(queue, "take_replies", sometimes)
    await service.ask(request())
    await worked(queue)
    assert (await next_reply(service.replies("me"))).reply.captions


@pytest.mark.usefixtures("quick")
async def test_waiting_for_the_queue_can_be_cancelled(
    service: CaptionService, queue: ShakyQueue
) -> None:
    queue.away = True
    reply = CaptionReply(job_id="j", adapter="telegram", failure=Failure.INTERNAL)
    task = asyncio.create_task(service.done(Delivery("1", reply, repeated=False)))
    while queue.failures < 3:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
