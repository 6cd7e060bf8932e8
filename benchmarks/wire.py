"""Jobs and replies of the size that real ones have, and their way through a queue."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from benchmarks import photos
from benchmarks.models import WORDS
from captioner.queue import Claim, JobQueue
from captioner.queue.messages import Caption, CaptionJob, CaptionReply, Word

ADAPTER = "telegram"
GRID = (7, 7)
PHOTO = photos.jpeg(320, 240)  # what intake makes of a photo
_N_BEST = 3
TEXT = " ".join(["photo"] * WORDS)

_numbers = itertools.count()


def job(photo: bytes = PHOTO) -> CaptionJob:
    """A job of a person who has no other, and of a photo that nobody sent before."""
    number = next(_numbers)
    return CaptionJob(
        adapter=ADAPTER,
        photo=photo,
        dedupe=f"telegram:{number}",
        person=f"{number:032x}",
        context={"chat": number, "message": number, "thread": None, "lang": "en"},
        cache_key=f"{number:064x}",
    )


def reply(to: CaptionJob) -> CaptionReply:
    """A reply as the model gives it: three captions, attention for the best."""
    weights = tuple(round(1 / 49, 5) for _ in range(GRID[0] * GRID[1]))
    captions = tuple(
        Caption(
            text=TEXT,
            log_prob=-12.345678,
            words=tuple(
                Word(text="photo", log_prob=-1.2345678, attention=() if rank else weights)
                for _ in range(WORDS)
            ),
        )
        for rank in range(_N_BEST)
    )
    return CaptionReply(
        job_id=to.id,
        adapter=to.adapter,
        context=to.context,
        captions=captions,
        confidence=0.5,
        grid=GRID,
        model="benchmark 01234567",
    )


async def answer(queue: JobQueue, claims: Sequence[Claim]) -> None:
    """What a worker does with the jobs that it took, its model left away."""
    for claim in claims:
        await queue.finish(claim, reply(claim.job))


async def deliver(queue: JobQueue, consumer: str = "bench", *, count: int = 16) -> int:
    """What an adapter does with the replies that it got, its platform left away; how many.

    As on Telegram, which makes sure that nobody else sends a reply before it does.
    """
    deliveries = await queue.take_replies(ADAPTER, consumer, count=count)
    for delivery in deliveries:
        await queue.hold(ADAPTER, consumer, [delivery])
        await queue.mark_sent(delivery.reply.job_id)
        await queue.done(ADAPTER, delivery)
    return len(deliveries)
