"""What the tests of the desk do again and again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.chat.service import Desk, Request, Sorry
from bot.locales import say
from bot.media.sanitizer import CleanPhoto
from captioner.queue.base import Delivery, QueueUnavailable
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import Caption, CaptionJob, CaptionReply, Word
from tests.support import photos

KEY = b"k" * 32
PHOTO = photos.photo()
CLEAN = CleanPhoto(b"a clean photo", 32, 24)


class ShakyQueue(MemoryQueue):
    """A queue whose server can be away: while it is, every call an adapter makes fails."""

    away = False
    failures = 0

    def _check_open(self) -> None:
        if self.away:
            self.failures += 1
            raise QueueUnavailable("nobody answers at redis.example:6379")
        super()._check_open()


def clean(number: int) -> CleanPhoto:
    """A photo like no other that needs no cleaning any more."""
    return CleanPhoto(f"clean photo {number}".encode(), 32, 24)


def request(dedupe: str = "telegram:1:2:caption", **changes: Any) -> Request:
    values: dict[str, Any] = {"photo": PHOTO, "person": "4711", "context": {"chat": 1}}
    return Request(dedupe=dedupe, **(values | changes))


async def sorry(desk: Desk, asked: Request) -> Sorry:
    with pytest.raises(Sorry) as refused:
        await desk.ask(asked)
    said = refused.value
    check_sentence(said)
    return said


def check_sentence(said: Sorry) -> None:
    assert said.message == str(said) == say(said.code, "en", **said.args_for_text)


async def worked(queue: MemoryQueue, text: str = "a house", **reply: Any) -> CaptionJob:
    """A worker takes one job and answers it."""
    (claim,) = await queue.take("worker", max_batch=1)
    job = claim.job
    values: dict[str, Any] = {
        "captions": (Caption(text=text, log_prob=-1.0, words=(Word(text="a", log_prob=-0.5),)),),
        "context": job.context,
        "output": job.output,
    }
    await queue.finish(claim, CaptionReply(job_id=job.id, adapter=job.adapter, **(values | reply)))
    return job


async def next_reply(replies: AsyncIterator[Delivery]) -> Delivery:
    return await asyncio.wait_for(anext(replies), 60)


async def answered(desk: Desk) -> CaptionReply:
    """The next reply, and no adapter could have asked for less: it is sent and done."""
    delivery = await next_reply(desk.replies("me"))
    assert await desk.first_sending(delivery)
    await desk.done(delivery)
    return delivery.reply
