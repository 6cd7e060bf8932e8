"""Photos, jobs and replies that cost what real ones cost, and their way through a queue.

A photo's detail falls with its fineness, as in natural scenes.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image

from captioner.queue import Claim, JobQueue
from captioner.queue.messages import Caption, CaptionJob, CaptionReply, Word

_ROUGHNESS = 1.4  # exponent; so a small JPEG has the 50 to 60 kB that intake makes of most photos
_SIDE = 512  # of the photos that intake makes


@cache
def scene(width: int, height: int, seed: int = 0) -> Image.Image:
    """An image whose spectrum is that of a natural scene."""
    noise = np.random.default_rng(seed).standard_normal((height, width, 3))
    spectrum = np.fft.rfft2(noise, axes=(0, 1))
    rows = np.fft.fftfreq(height)[:, None]
    columns = np.fft.rfftfreq(width)[None, :]
    radius = np.hypot(rows, columns)
    radius[0, 0] = 1.0
    shaped = np.fft.irfft2(spectrum / radius[..., None] ** _ROUGHNESS, (height, width), (0, 1))
    grey = shaped.mean(axis=2, keepdims=True)
    mixed = 0.75 * grey + 0.25 * shaped  # colours differ less than brightness
    scaled = (mixed - mixed.mean()) / mixed.std() * 52 + 118
    return Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8))


@cache
def jpeg(width: int, height: int, seed: int = 0, quality: int = 85) -> bytes:
    """The scene as a camera would store it."""
    buffer = io.BytesIO()
    scene(width, height, seed).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@cache
def of_bytes(size: int, seed: int = 0, *, width: int = 1280, height: int = 960) -> bytes:
    """A photo of about `size` bytes, as chats send them: the quality that comes nearest."""
    return min(
        (jpeg(width, height, seed, quality) for quality in range(30, 96, 3)),
        key=lambda data: abs(len(data) - size),
    )


def small(seed: int = 0) -> Image.Image:
    """A photo as it lies in front of the model: what intake made, decoded."""
    return scene(_SIDE, _SIDE * 3 // 4, seed)


WORDS = 12  # of a caption, its end not counted
ADAPTER = "telegram"
GRID = (7, 7)
PHOTO = jpeg(320, 240)  # what intake makes of a photo
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
