"""Replies in an adapter's hands: nobody else is offered them, and none is sent needlessly twice."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.chat import delivery
from bot.chat.delivery import ReplyInbox
from captioner.queue import Delivery
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from captioner.worker import health
from tests.bot.chat.helpers import ShakyQueue
from tests.support.jobs import make_job, make_reply

VISIBILITY = 0.5


@pytest.fixture
async def queue() -> AsyncIterator[ShakyQueue]:
    async with ShakyQueue(Limits(visibility=VISIBILITY)) as queue:
        yield queue


async def taken(inbox: ReplyInbox) -> tuple[AsyncIterator[Delivery], Delivery]:
    """A inbox that goes on, and what came first."""
    replies = inbox.replies("me")
    return replies, await anext(replies)


async def posted(queue: ShakyQueue) -> str:
    job = make_job()
    await queue.answer(job, make_reply(job))
    return job.id


async def test_what_is_being_sent_is_offered_to_nobody_else(queue: ShakyQueue) -> None:
    inbox = ReplyInbox(queue, "telegram")
    await posted(queue)
    replies, delivery = await taken(inbox)
    assert await queue.take_replies("telegram", "other", wait=3 * VISIBILITY) == []
    assert not await inbox.is_sent(delivery)
    await inbox.done(delivery)
    await replies.aclose()  # type: ignore[attr-defined]  # it is a generator


@pytest.mark.parametrize("how", ["let go", "closed"])
async def test_what_is_no_longer_being_sent_comes_again(queue: ShakyQueue, how: str) -> None:
    inbox = ReplyInbox(queue, "telegram")
    ident = await posted(queue)
    replies, delivery = await taken(inbox)
    if how == "let go":
        inbox.let_go(delivery)
    else:
        await replies.aclose()  # type: ignore[attr-defined]  # it is a generator
    (again,) = await queue.take_replies("telegram", "other", wait=60)
    assert (again.reply.job_id, again.repeated) == (ident, True)
    await queue.done("telegram", again)
    await queue.mark_sent(ident)
    assert await inbox.is_sent(delivery), "somebody else had it meanwhile"
    assert await inbox.is_sent(again)
    await replies.aclose()  # type: ignore[attr-defined]  # it is a generator


async def test_nothing_counts_as_unsent_while_that_cannot_be_known(
    queue: ShakyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.delivery._LONGEST_PAUSE", 0.01)
    inbox = ReplyInbox(queue, "telegram")
    await posted(queue)
    replies, delivery = await taken(inbox)
    queue.away = True
    asking = asyncio.create_task(inbox.is_sent(delivery))
    failures = queue.failures
    while queue.failures < failures + 5:
        await asyncio.sleep(0.01)
    assert not asking.done()
    queue.away = False
    assert not await asking
    await replies.aclose()  # type: ignore[attr-defined]  # it is a generator


async def test_what_was_sent_is_marked_as_soon_as_that_can_be(queue: ShakyQueue) -> None:
    inbox = ReplyInbox(queue, "telegram")
    await posted(queue)
    replies, delivery = await taken(inbox)
    queue.away = True
    marking = asyncio.create_task(inbox.mark_sent(delivery))
    failures = queue.failures
    while queue.failures < failures + 2:
        await asyncio.sleep(0.01)
    assert not marking.done()
    queue.away = False
    await marking
    assert await inbox.is_sent(replace(delivery, repeated=True))
    await replies.aclose()  # type: ignore[attr-defined]  # it is a generator


# --- how soon whoever waits hears of it: numbers that must agree with each other


def test_nobody_is_there_is_said_within_three_seconds() -> None:
    told = sum(delivery._CHECKS)
    assert told < 3
    # A worker that is killed just before a photo comes is known to be silent by then, and one
    # that is alive may miss a sign.
    assert health._EVERY < delivery._SILENT < told


async def test_how_long_workers_are_silent() -> None:
    async with MemoryQueue(Limits()) as queue:
        assert (await queue.workers()).silent == math.inf
        await queue.announce("one", ready=True)
        assert (await queue.workers()).silent < 5
        await queue.leave("one")
        assert (await queue.workers()).silent == math.inf
