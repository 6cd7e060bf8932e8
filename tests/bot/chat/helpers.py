"""What the tests of the service do again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.chat.models import Request
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService
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
    values: dict[str, Any] = {"person": "4711", "context": {"chat": 1}}
    media = (changes.pop("photo", PHOTO), *changes.pop("more_photos", ()))
    return Request(dedupe=dedupe, media=media, **(values | changes))


@dataclass
class Attached:
    """A file on the servers of a platform that does not exist."""

    data: bytes
    seconds: float = 0.0  # that fetching it takes
    fetched: int = 0
    spoiler: bool = False

    def check(self) -> None:
        """Nothing shows before it is fetched."""

    async def fetch(self) -> bytes:
        logging.getLogger("bot.adapters").info("fetching")
        self.fetched += 1
        await asyncio.sleep(self.seconds)
        return self.data


async def refusal(service: CaptionService, asked: Request) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await service.ask(asked)
    said = refused.value
    check_sentence(said)
    return said


def check_sentence(said: Refusal) -> None:
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


async def answered(service: CaptionService) -> CaptionReply:
    """The next reply, and no adapter could have asked for less: it is sent and done."""
    delivery = await next_reply(service.replies("me"))
    assert not await service.is_sent(delivery)
    await service.mark_sent(delivery)
    await service.done(delivery)
    return delivery.reply
