"""How cost grows with the work: batch, beams, captions, photos, the queue and its workers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from PIL import Image
from redis.asyncio import Redis

from benchmarks import samples
from benchmarks.measurement import (
    BenchContext,
    Measurement,
    in_unit,
    side_by_side,
    side_by_side_async,
)
from benchmarks.models import with_words
from benchmarks.processes import scripted_worker_process
from benchmarks.results import Record, Statistic
from bot.media.sanitizer import Intake
from captioner.captioner import Captioner
from captioner.queue import JobQueue, Limits
from captioner.queue.messages import encode_job
from captioner.queue.redis import RedisQueue
from captioner.queue.redis.schema import Keys
from tests.support.redis_server import running_redis
from tests.support.scripted_worker import jpeg

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
BEAMS = (1, 2, 3, 5, 8, 10)
LENGTHS = (5, 10, 20, 40)
MEGAPIXELS = (0.1, 0.5, 1, 3, 6, 12, 24)
_MANY = 32  # photos in a batch from which on few rounds are enough


def _batch(size: int, bench: BenchContext) -> Record:
    captioner = Captioner(with_words(bench.checkpoint, 12))
    pictures = [samples.small(seed % 16) for seed in range(size)]
    rounds = bench.rounds(10) if size < _MANY else 3
    times = _captioning(bench, captioner, pictures, rounds=rounds)
    return Record({"a photo": in_unit(times, "ms", size), "a batch": in_unit(times, "s")})


def _beams(size: int, bench: BenchContext) -> Record:
    captioner = Captioner(with_words(bench.checkpoint, 12))
    times = _captioning(bench, captioner, [samples.small()], beam_size=size)
    return Record({"a photo": in_unit(times, "ms")})


def _length(words: int, bench: BenchContext) -> Record:
    captioner = Captioner(with_words(bench.checkpoint, words))
    return Record({"a photo": in_unit(_captioning(bench, captioner, [samples.small()]), "ms")})


def _captioning(
    bench: BenchContext,
    captioner: Captioner,
    pictures: Sequence[Image.Image],
    *,
    beam_size: int = 5,
    rounds: int | None = None,
) -> list[float]:
    return side_by_side(
        {"caption": lambda: captioner.caption(pictures, beam_size=beam_size)},
        rounds=rounds or bench.rounds(15),
        seconds=bench.seconds(60),
        after_round=bench.round_done,
    )["caption"]


def _photo_size(megapixels: float, bench: BenchContext) -> Record:
    return asyncio.run(_intake(megapixels, bench))


async def _intake(megapixels: float, bench: BenchContext) -> Record:
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    photo = samples.jpeg(width, width * 3 // 4, quality=85)
    async with Intake() as intake:
        times = await side_by_side_async(
            {"intake": lambda: intake.clean(photo)},
            rounds=bench.rounds(15),
            after_round=bench.round_done,
        )
    return Record(
        {"a photo": in_unit(times["intake"], "ms")}, note=f"{len(photo) / 1e6:.2f} MB of JPEG"
    )


def _sweep(
    name: str,
    title: str,
    about: str,
    axis: str,
    run: Callable[..., Record],
    points: Sequence[float],
) -> Measurement:
    return Measurement(
        name=name,
        title=title,
        about=about,
        pieces={f"{point:g}": partial(run, point) for point in points},
        x_axis=axis,
    )


QUEUE_LENGTHS = (0, 100, 1_000, 10_000, 100_000)
_LONG = "long"
_PLENTY = Limits(depth=10_000_000, per_person=1_000_000)
_FILLER = b"\xff\xd8" + bytes(1000)  # of those that wait; their size is none of the operations'
_PIPELINE = 1000


def _queue_length(length: int, bench: BenchContext) -> Record:
    return asyncio.run(_at_length(length, bench))


async def _at_length(length: int, bench: BenchContext) -> Record:
    enqueue: list[float] = []
    take: list[float] = []
    with running_redis(bench.folder) as server:
        async with RedisQueue(server.url, _PLENTY, _LONG) as queue:
            await queue.take("bench", max_batch=1, wait=0.0)  # makes the groups
            await _fill(server.url, length)
            for number in range(bench.rounds(300)):
                started = time.perf_counter()
                await queue.submit_unless_cached(samples.job())
                submitted = time.perf_counter()
                (claim,) = await queue.take("bench", max_batch=1)
                taken = time.perf_counter()
                await queue.finish(claim, samples.reply(claim.job))
                await samples.deliver(queue)
                if number:  # the first one loads the scripts
                    enqueue.append(submitted - started)
                    take.append(taken - submitted)
                if number % 50 == 0:
                    bench.round_done(number)
            depth = await queue.depth()
    assert depth == length, f"{depth} jobs wait, not {length}"
    return Record({"enqueue": in_unit(enqueue, "ms"), "dequeue": in_unit(take, "ms")})


async def _fill(url: str, length: int) -> None:
    """Jobs that wait, put there as admission does it but many at a time."""
    first = Keys(_LONG).lanes[0]
    fields = encode_job(samples.job(_FILLER))
    client: Any = Redis.from_url(url, protocol=2)
    async with client:
        for start in range(0, length, _PIPELINE):
            pipeline = client.pipeline(transaction=False)
            for _ in range(min(_PIPELINE, length - start)):
                pipeline.xadd(first, fields)
            await pipeline.execute()


QUEUE_LENGTH = Measurement(
    name="scaling-queue",
    title="Length of the queue",
    about="Admission and taking of one job, while so many others wait, on a real redis-server.",
    pieces={f"{length}": partial(_queue_length, length) for length in QUEUE_LENGTHS},
    x_axis="jobs that wait",
)


WORKERS = (1, 2, 4, 8)
BATCH, BATCH_SECONDS, PHOTO_SECONDS = 4, 0.1, 0.05
CAPACITY = BATCH / (BATCH_SECONDS + BATCH * PHOTO_SECONDS)  # photos a second and worker
_SECONDS = 8.0
_CROWD = "workers"


def _workers(count: int, bench: BenchContext) -> Record:
    return asyncio.run(_worker_rate(count, bench))


async def _worker_rate(count: int, bench: BenchContext) -> Record:
    seconds = max(3.0, bench.seconds(_SECONDS))
    photos = round(count * CAPACITY * seconds)
    limits = Limits(depth=100_000, per_person=100_000)
    with running_redis(bench.folder, appendonly=True) as server:
        async with AsyncExitStack() as stack:
            queue = await stack.enter_async_context(RedisQueue(server.url, limits, _CROWD))
            for number in range(count):
                await stack.enter_async_context(
                    scripted_worker_process(
                        server.url, _CROWD, f"worker {number}", max_batch=BATCH,
                        batch_seconds=BATCH_SECONDS, photo_seconds=PHOTO_SECONDS,
                    )
                )  # fmt: skip
            started = time.perf_counter()
            await asyncio.gather(_submit(queue, photos), _answered(queue, photos))
            elapsed = time.perf_counter() - started
    rate = photos / elapsed
    return Record(
        {
            "photos a second": Statistic.exactly(rate, "/s"),
            "of what the workers could": Statistic.exactly(rate / (count * CAPACITY), "×"),
        },
        note=f"{photos} photos",
    )


async def _submit(queue: JobQueue, photos: int) -> None:
    picture = jpeg()
    for _ in range(photos):
        await queue.submit(samples.job(picture))


async def _answered(queue: JobQueue, photos: int) -> None:
    while photos > 0:
        photos -= await samples.deliver(queue)


WORKER_PROCESSES = Measurement(
    name="scaling-workers",
    title="Worker processes",
    about=(
        f"Workers whose model waits {BATCH_SECONDS} s a batch and {PHOTO_SECONDS} s a photo, as "
        f"one on a GPU would without using a processor, in batches of up to {BATCH}: "
        f"{CAPACITY:.1f} photos a second each, at the most. The photos come all at once."
    ),
    pieces={f"{count}": partial(_workers, count) for count in WORKERS},
    x_axis="workers",
)

MEASUREMENTS = (
    _sweep(
        "scaling-batch", "Batch",
        "The full-size model with torch on the CPU: time a photo, 5 beams, 12 words.",
        "photos in a batch", _batch, BATCHES,
    ),
    _sweep(
        "scaling-beams", "Beams", "One photo, 12 words.", "beams", _beams, BEAMS,
    ),
    _sweep(
        "scaling-length", "Length of the caption", "One photo, 5 beams.", "words", _length, LENGTHS,
    ),
    _sweep(
        "scaling-photo-size", "Size of the photo",
        "`Intake.clean`: a JPEG of quality 85 as it came, to the small one that goes on the queue.",
        "megapixels", _photo_size, MEGAPIXELS,
    ),
    QUEUE_LENGTH,
    WORKER_PROCESSES,
)  # fmt: skip
