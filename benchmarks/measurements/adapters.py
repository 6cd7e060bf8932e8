"""What an adapter itself takes for a photo: in, from update to queue; out, from reply to call."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from functools import partial

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit
from benchmarks.processes import (
    Bot,
    discord_bot,
    own_processor_seconds,
    processor_seconds,
    telegram_bot,
)
from benchmarks.results import Record, Statistic
from bot.media.sanitizer import Intake
from captioner.queue import Claim

OWN = "own processor time, in and out together"
_PHOTO_BYTES = 200_000
_WARM_UP = 5
_PLATFORMS = {"Telegram": telegram_bot, "Discord": discord_bot}

Parts = dict[str, list[float]]


def _measure(platform: str, bench: BenchContext) -> Record:
    return asyncio.run(_one_by_one(platform, bench))


async def _one_by_one(platform: str, bench: BenchContext) -> Record:
    photo, parts = samples.of_bytes(_PHOTO_BYTES), defaultdict[str, list[float]](list)
    count = bench.rounds(100)
    async with _PLATFORMS[platform](bench.folder) as bot, Intake() as intake:
        whole, itself = 0.0, 0.0
        for number in range(_WARM_UP + count):
            if number == _WARM_UP:
                parts.clear()
                whole = processor_seconds(bot.command.pid)
                itself = own_processor_seconds(bot.command.pid)
            await _decode(intake, photo, parts)
            await _one(bot, photo, number, parts)
            if number % 10 == 0:
                bench.round_done(number)
        whole = processor_seconds(bot.command.pid) - whole
        itself = own_processor_seconds(bot.command.pid) - itself
    decoding = parts["decoding"]
    own = [
        max(0.0, taken - fetching - decoded)
        for taken, fetching, decoded in zip(parts["in"], parts["fetching"], decoding, strict=True)
    ]
    return Record(
        {
            "own part, in": in_unit(own, "ms"),
            "own part, out": in_unit(parts["out"], "ms"),
            "in, all of it": in_unit(parts["in"], "ms"),
            "of which the platform": in_unit(parts["fetching"], "ms"),
            "of which decoding": in_unit(decoding, "ms"),
            OWN: Statistic.exactly(itself / count * 1e3, "ms"),
            "processor time, a photo": Statistic.exactly(whole / count * 1e3, "ms"),
        },
        note=f"{count} photos of {len(photo) / 1000:.0f} kB, one at a time",
    )


async def _one(bot: Bot, photo: bytes, number: int, parts: Parts) -> None:
    """A photo's way in and out."""
    sent = time.time()
    await bot.send(photo)
    (claim,) = await bot.queue.take("bench", max_batch=1, wait=30.0)
    queued = _queued(claim)
    parts["in"].append(queued - bot.told(sent))
    parts["fetching"].append(sum(one.answered - one.came for one in bot.fetching(sent)))
    replied = time.time()
    await samples.answer(bot.queue, [claim])
    await bot.until(lambda: len(bot.answers()) > number)
    parts["out"].append(bot.answers()[-1].came - replied)


async def _decode(intake: Intake, photo: bytes, parts: Parts) -> None:
    """The same photo through an intake of our own, just before the adapter's turn."""
    started = time.perf_counter()
    await intake.clean(photo)
    parts["decoding"].append(time.perf_counter() - started)


def _queued(claim: Claim) -> float:
    """When Redis put a job on the queue; its clock has milliseconds, so half of one is added."""
    milliseconds = claim.entry.rpartition("/")[2].partition("-")[0]
    return (int(milliseconds) + 0.5) / 1000


MEASUREMENT = Measurement(
    name="adapters",
    title="The adapters' own part",
    about=(
        "`captionbot telegram` and `captionbot discord` as processes, with the real libraries, a "
        "real Redis, and the platforms on loopback. In: from the moment at which the platform "
        "tells of a photo of 200 kB until its job is on the queue, less what the platform took to "
        "hand it over and less what decoding the same photo took just before. Out: from the moment "
        "at which a worker finishes the job until the platform is called with the answer. The "
        "processor time of the bot's process alone does not grow on a busy machine; the last line "
        "has that of its decoding process as well."
    ),
    pieces={name: partial(_measure, name) for name in _PLATFORMS},
)
