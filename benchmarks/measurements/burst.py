"""Very many photos from many people at once: are all answered, and in a fair order?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement
from benchmarks.processes import Bot, discord_bot, telegram_bot
from benchmarks.results import Record, Statistic
from benchmarks.simulation import Served, latest_before_a_first

PLATFORMS = {"Telegram": telegram_bot, "Discord": discord_bot}
_BATCH, _BATCH_SECONDS = 16, 0.1
_PATIENCE = 900.0  # seconds; decoding 500 photos takes a busy machine minutes


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who sends how much: some people send many photos each, before all others send few."""

    eager: int
    eager_photos: int
    others: int
    others_photos: int
    queued: int  # photos that wait before the worker begins

    @property
    def people(self) -> int:
        """How many people."""
        return self.eager + self.others

    @property
    def photos(self) -> int:
        """How many photos."""
        return self.eager * self.eager_photos + self.others * self.others_photos


@dataclass(frozen=True, slots=True)
class Burst:
    """What became of a crowd's photos."""

    answered: int
    left: int  # jobs on the queue at the end
    latest_before_a_first: int  # see benchmarks.simulation


CROWD = Crowd(eager=10, eager_photos=30, others=40, others_photos=5, queued=400)


async def burst(
    bot: Bot,
    crowd: Crowd,
    *,
    batch_seconds: float = _BATCH_SECONDS,
    size: tuple[int, int] = (640, 480),
    say: Callable[[str], object] = lambda _: None,
) -> Burst:
    """Have a crowd send its photos to a bot, answer all, and see in which order that was."""
    served: list[Served] = []
    await _send(bot, crowd, size)
    await _until_queued(bot, crowd.queued)
    while len(served) < crowd.photos:
        claims = await bot.queue.take("bench", max_batch=_BATCH, wait=_PATIENCE)
        if not claims:
            break
        now = time.time()
        served += [Served(c.job.person, now - c.waited, now) for c in claims]
        await asyncio.sleep(batch_seconds)
        await samples.answer(bot.queue, claims)
        say(f"{len(served)} of {crowd.photos}")
    await bot.until(lambda: bot.captions(samples.TEXT) >= len(served), seconds=_PATIENCE)
    return Burst(
        answered=bot.captions(samples.TEXT),
        left=await bot.queue.depth(),
        latest_before_a_first=latest_before_a_first(served),
    )


async def _send(bot: Bot, crowd: Crowd, size: tuple[int, int]) -> None:
    """Everybody's photos, person by person, those with most of them first."""
    for person in range(crowd.people):
        sender = bot.sender()
        many = crowd.eager_photos if person < crowd.eager else crowd.others_photos
        for number in range(many):
            await sender(samples.jpeg(*size, (person + number) % 4))


async def _until_queued(bot: Bot, count: int) -> None:
    """So that it is the queue that decides who comes next, whatever decoding takes here."""
    async with asyncio.timeout(_PATIENCE):
        while await bot.queue.depth() < count:  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0.1)


def _measure(platform: str, bench: BenchContext) -> Record:
    return asyncio.run(_timed(platform, bench))


async def _timed(platform: str, bench: BenchContext) -> Record:
    most = str(CROWD.eager_photos)
    async with PLATFORMS[platform](bench.folder, CAPTIONBOT_PER_PERSON=most) as bot:
        started = time.perf_counter()
        came = await burst(bot, CROWD, say=bench.say)
        seconds = time.perf_counter() - started
    return Record(
        {
            "answered": Statistic.exactly(came.answered, ""),
            "left on the queue": Statistic.exactly(came.left, ""),
            "latest photo before somebody's first": Statistic.exactly(
                came.latest_before_a_first, ""
            ),
            "until the last answer": Statistic.exactly(seconds, "s"),
        },
        note=(
            f"{CROWD.photos} photos, {CROWD.people} people; "
            f"a worker that takes {_BATCH} in {_BATCH_SECONDS} s"
        ),
    )


MEASUREMENT = Measurement(
    name="burst",
    title="A burst",
    about=(
        f"{CROWD.photos} photos from {CROWD.people} people at once through a bot's process and a "
        f"real Redis: {CROWD.eager} people send {CROWD.eager_photos} each, before {CROWD.others} "
        f"others send {CROWD.others_photos} each. The worker begins when {CROWD.queued} wait, so "
        "that it is the queue that decides. “Before somebody's first” is the number, among its "
        "sender's, of the latest photo that was taken while another person's first one waited."
    ),
    pieces={name: partial(_measure, name) for name in PLATFORMS},
)
