"""What an adapter itself takes for a photo, and whether a crowd is answered in fair order.

In: from update to queue; out: from reply to call. And through which of our code a photo goes.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter

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
from benchmarks.simulation import Served, latest_before_a_first
from bot.media.sanitizer import Intake
from captioner.queue import Claim

OWN = "own processor time, in and out together"
_PHOTO_BYTES = 200_000
_WARM_UP = 5
PLATFORMS = {"Telegram": telegram_bot, "Discord": discord_bot}

Parts = dict[str, list[float]]


def _measure(platform: str, bench: BenchContext) -> Record:
    return asyncio.run(_one_by_one(platform, bench))


async def _one_by_one(platform: str, bench: BenchContext) -> Record:
    photo, parts = samples.of_bytes(_PHOTO_BYTES), defaultdict[str, list[float]](list)
    count = bench.rounds(100)
    async with PLATFORMS[platform](bench.folder) as bot, Intake() as intake:
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


ADAPTERS = Measurement(
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
    pieces={name: partial(_measure, name) for name in PLATFORMS},
)


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


def _crowded(platform: str, bench: BenchContext) -> Record:
    return asyncio.run(_crowd_timed(platform, bench))


async def _crowd_timed(platform: str, bench: BenchContext) -> Record:
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


BURST = Measurement(
    name="burst",
    title="A burst",
    about=(
        f"{CROWD.photos} photos from {CROWD.people} people at once through a bot's process and a "
        f"real Redis: {CROWD.eager} people send {CROWD.eager_photos} each, before {CROWD.others} "
        f"others send {CROWD.others_photos} each. The worker begins when {CROWD.queued} wait, so "
        "that it is the queue that decides. “Before somebody's first” is the number, among its "
        "sender's, of the latest photo that was taken while another person's first one waited."
    ),
    pieces={name: partial(_crowded, name) for name in PLATFORMS},
)


# --- what code a photo goes through

FILES, FUNCTIONS = "files", "functions"
_BEFORE = 8  # photos that come first: by then a bot has done what comes after its start
_AFTERWARDS = 0.5  # seconds in which a bot does with a reply what comes after its answer


def _traced(platform: str, bench: BenchContext) -> Record:
    called = asyncio.run(trace(platform, bench.folder))
    functions = sum(map(len, called.values()))
    return Record(
        {FILES: Statistic.exactly(len(called), ""), FUNCTIONS: Statistic.exactly(functions, "")}
    )


async def trace(platform: str, folder: Path) -> Mapping[str, Sequence[str]]:
    """The functions of a bot's process that the last of some photos went through, by file."""
    file = folder / "called.json"
    tracer = ("tests.support.call_tracer", str(file))
    # The bot runs in a folder of its own, and tests are not installed.
    root = str(Path(__file__).parents[2])
    async with PLATFORMS[platform](folder, module=tracer, PYTHONPATH=root) as bot:
        await bot.queue.announce("bench", ready=True)  # or the bot goes on looking for one
        for number in range(_BEFORE + 1):
            if number == _BEFORE:
                bot.command.send(signal.SIGUSR1)
            await _one(bot, samples.of_bytes(_PHOTO_BYTES, number), number, defaultdict(list))
            await asyncio.sleep(_AFTERWARDS)
        bot.command.send(signal.SIGUSR1)
        await bot.until(file.exists)
    return TypeAdapter(dict[str, list[str]]).validate_json(file.read_bytes())


PATH = Measurement(
    name="photo-path",
    title="The code that a photo goes through",
    about=(
        "The functions of ours that run in a bot's process between a photo and its answer, and the "
        "files that they stand in: the last of nine photos in a direct chat, with Redis, while "
        "another process is the worker. What the bot does meanwhile for itself is counted too; "
        "comprehensions and lambdas are parts of their functions."
    ),
    pieces={name: partial(_traced, name) for name in PLATFORMS},
)
