"""A request's way through a real service: counted, logged under one id, traced as one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService
from bot.monitoring.request_metrics import UNDELIVERABLE, replying
from captioner.queue import Limits
from captioner.queue.memory import MemoryQueue
from captioner.telemetry import metrics, tracing
from captioner.telemetry.tracing import request_id
from tests.bot.chat.helpers import KEY, PHOTO, Attached, next_reply, refusal, request, worked
from tests.support.collector import Collector
from tests.support.intake import SharedIntake
from tests.support.jobs import make_job
from tests.support.photos import photo


@pytest.fixture
async def queue() -> AsyncIterator[MemoryQueue]:
    async with MemoryQueue(Limits(per_person=2)) as queue:
        yield queue


@pytest.fixture
async def service(queue: MemoryQueue) -> AsyncIterator[CaptionService]:
    async with SharedIntake() as intake:
        yield CaptionService(queue, intake, adapter="telegram", hash_key=KEY)


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def requests(outcome: str) -> float:
    return value("captionbot_requests_total", platform="telegram", outcome=outcome)


def replies(outcome: str) -> float:
    return value("captionbot_replies_total", platform="telegram", outcome=outcome)


async def test_what_becomes_of_requests_is_counted(
    service: CaptionService, queue: MemoryQueue
) -> None:
    before = {code: requests(code) for code in ("queued", "repeated", "cached", "not_an_image")}
    await service.ask(request("1"))
    await service.ask(request("1"))
    await worked(queue)
    await service.ask(request("2"))  # the same photo
    await refusal(service, request("3", photo=b"no photo"))
    assert {code: requests(code) - count for code, count in before.items()} == {
        "queued": 1, "repeated": 1, "cached": 1, "not_an_image": 1,
    }  # fmt: skip


async def test_a_refusal_of_what_was_fetched_is_counted_once(service: CaptionService) -> None:
    before = requests("not_an_image")
    with pytest.raises(Refusal, match="not a picture"):
        await service.ask(request("1", photo=Attached(b"no photo")))
    assert requests("not_an_image") == before + 1


async def test_the_time_from_request_to_answer(service: CaptionService, queue: MemoryQueue) -> None:
    name = "captionbot_request_seconds"
    count, total = (
        value(f"{name}_count", platform="telegram"),
        value(f"{name}_sum", platform="telegram"),
    )
    sent = replies("sent")
    await service.ask(request("1", photo=Attached(PHOTO, seconds=0.2)))  # that is part of it
    await worked(queue)
    with replying("telegram", (await next_reply(service.replies("me"))).reply):
        pass
    assert replies("sent") == sent + 1
    assert value(f"{name}_count", platform="telegram") == count + 1
    assert value(f"{name}_sum", platform="telegram") >= total + 0.2


async def test_answers_that_do_not_arrive(service: CaptionService, queue: MemoryQueue) -> None:
    before = {outcome: replies(outcome) for outcome in ("sent", "undeliverable", "failed")}
    for number in "12":
        await service.ask(request(number, photo=photo(seed=int(number))))
    await worked(queue)
    await worked(queue)
    coming = service.replies("me")
    with replying("telegram", (await next_reply(coming)).reply) as sending:
        sending.outcome = UNDELIVERABLE
    delivery = await next_reply(coming)
    with pytest.raises(RuntimeError), replying("telegram", delivery.reply):
        raise RuntimeError
    with pytest.raises(asyncio.CancelledError), replying("telegram", delivery.reply):
        raise asyncio.CancelledError  # it comes again, and is counted then
    assert {outcome: replies(outcome) - count for outcome, count in before.items()} == {
        "sent": 0, "undeliverable": 1, "failed": 1,
    }  # fmt: skip


async def test_one_id_from_request_to_answer(
    service: CaptionService, queue: MemoryQueue, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[tuple[str, str]] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append((request_id.get(), record.getMessage()))

    caplog.set_level(logging.INFO)
    listener = Listener()
    logging.getLogger("bot").addHandler(listener)
    try:
        ticket = await service.ask(request("1", photo=Attached(PHOTO), person="4711-SECRET"))
        await worked(queue, text="a secret house")
        with replying("telegram", (await next_reply(service.replies("me"))).reply):
            logging.getLogger("bot.adapters").info("sending")
    finally:
        logging.getLogger("bot").removeHandler(listener)
    assert {ident for ident, _ in seen} == {ticket.job_id[:8]}
    said = [text for _, text in seen]
    assert said[:3] == ["fetching", "→ telegram: queued, 0 ahead", "sending"]
    assert said[3].startswith("← telegram: sent after ")
    assert request_id.get() == ""
    assert "SECRET" not in caplog.text
    assert "secret" not in caplog.text


async def test_a_trace_from_request_to_answer(service: CaptionService, queue: MemoryQueue) -> None:
    async with Collector() as collector:
        stop = tracing.start_tracing(collector.url, role="telegram")
        try:
            await service.ask(request("1"))
            await worked(queue)
            with replying("telegram", (await next_reply(service.replies("me"))).reply):
                pass
            await collector.until("reply")
        finally:
            await asyncio.to_thread(stop)
        spans = {span.name: span for span in collector.spans}
    assert spans.keys() == {"update", "intake", "reply"}
    root = spans["update"]
    assert {span.trace for span in spans.values()} == {root.trace}
    assert {spans[name].parent for name in ("intake", "reply")} == {root.id}
    assert spans["reply"].facts["captionbot.outcome"] == "sent"
    assert b"4711" not in collector.raw


def test_without_traces_nothing_travels() -> None:
    assert make_job().trace == ""
