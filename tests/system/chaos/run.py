"""A chaos run: real processes, a real Redis, loopback platforms, people, and trouble.

The promise that is put to the test: every photo gets its answer or an honest refusal, none is
lost, hardly any is answered twice, and afterwards the queue holds nothing.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from captioner.queue.redis.schema import GROUP
from tests.support.chat_completions_server import MODEL
from tests.support.command import environment
from tests.support.discord_server import DiscordServer
from tests.support.redis_server import running_redis
from tests.support.telegram_server import TOKEN, TelegramServer
from tests.system.chaos import model
from tests.system.chaos.people import OnDiscord, OnTelegram
from tests.system.chaos.photos import Kind, Tag
from tests.system.chaos.processes import Service
from tests.system.chaos.report import Report
from tests.system.chaos.trouble import Stage, Trouble

_ROOT = Path(__file__).parents[3]
_ONLINE_SECONDS = 120.0
_QUIET_SECONDS = 20.0  # without any news: so long until something counts as left over


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large a run is."""

    seed: int
    photos: int
    people: int
    pace: float  # photos a second
    trouble: float  # events for each photo, on average; less than 1
    poison: int  # photos of each kind of poison
    at_once: int = 60  # photos that wait for their answers; then people wait, too
    workers: int = 3
    visibility: float = 5.0
    patience: float = 5.0  # seconds until a model counts as stuck
    settle: float = 240.0  # seconds after the last photo within which all must be settled
    address: bool = False  # the workers ask one model behind an address, which is in trouble, too


async def run(plan: Plan, folder: Path, tell: Callable[[str], object]) -> Report:
    """Carries a plan out in a folder, where logs stay; `tell` is given lines of progress."""
    started = time.monotonic()
    chance = random.Random(plan.seed)
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(_stage(plan, folder))
        telegram = OnTelegram(stage.telegram, plan.people // 2)
        discord = OnDiscord(stage.discord, plan.people - plan.people // 2)
        stack.push_async_callback(discord.close)
        async with asyncio.timeout(_ONLINE_SECONDS):
            await stage.telegram.until(lambda: stage.telegram.polls, seconds=_ONLINE_SECONDS)
            await stage.discord.until_online(seconds=_ONLINE_SECONDS)
        await discord.greet()
        tell(f"{time.monotonic() - started:5.0f} s  the bots are online")
        trouble = Trouble(stage, chance)
        tags: dict[str, dict[int, Tag]] = {"Telegram": {}, "Discord": {}}
        crowds: dict[str, OnTelegram | OnDiscord] = {"Telegram": telegram, "Discord": discord}

        def settled() -> int:
            heard = [crowd.heard() for crowd in crowds.values()]
            return sum(one.settled for by_number in heard for one in by_number.values())

        for sent, tag in enumerate(_tags(plan, chance)):
            await asyncio.sleep(chance.expovariate(plan.pace))
            while sent - settled() >= plan.at_once:
                await asyncio.sleep(0.1)
            where = chance.choice(list(crowds))
            tags[where][tag.number] = tag
            await crowds[where].send(tag, chance)
            if chance.random() < plan.trouble:
                await trouble.make()
            if tag.number % 50 == 0:
                seconds = time.monotonic() - started
                tell(f"{seconds:5.0f} s  {tag.number} photos sent, {settled()} settled")
        await trouble.calm()
        tell(f"{time.monotonic() - started:5.0f} s  all sent, trouble is over")
        await _until(lambda: settled() == plan.photos, plan.settle, tell)
        report = Report(plan.seed, 0.0)
        await _until_empty(stage.redis.url)
        for service in (*stage.bots, *stage.workers):
            if status := await service.stop():
                report.stopped_badly.append(f"{service.name} ({status})")
        report.left = await left_over(stage.redis.url)
        for where, crowd in crowds.items():
            report.count(where, tags[where], crowd.heard(), crowd.ways)
        report.seconds = time.monotonic() - started
        report.troubles = trouble.events
        report.ends = {s.name: s.ends for s in (*stage.bots, *stage.workers)}
        report.violations = [*stage.telegram.violations, *stage.discord.rest.violations]
        return report


def _tags(plan: Plan, chance: random.Random) -> list[Tag]:
    """All photos in the order in which they are sent, the poison at random places."""
    kinds: list[Kind] = [Kind.KILLS, Kind.HANGS, Kind.RAISES] * plan.poison
    kinds += [Kind.PLAIN] * (plan.photos - len(kinds))
    chance.shuffle(kinds)
    return [Tag(number, kind) for number, kind in enumerate(kinds, 1)]


@asynccontextmanager
async def _stage(plan: Plan, folder: Path) -> AsyncIterator[Stage]:
    """Servers and services, running."""
    async with AsyncExitStack() as stack:
        (folder / "redis").mkdir()
        redis = stack.enter_context(running_redis(folder / "redis", appendonly=True))
        telegram = await stack.enter_async_context(TelegramServer())
        discord = DiscordServer()
        await discord.start()
        stack.push_async_callback(discord.stop)
        settings = environment(
            PYTHONPATH=str(_ROOT),
            REDIS_URL=redis.url,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            DISCORD_BOT_TOKEN=discord.world.token,
            DISCORD_API_URL=discord.api_url,
            DISCORD_GATEWAY_URL=discord.gateway_url,
            DISCORD_CDN_URL=discord.url,
            CAPTIONBOT_VISIBILITY_SECONDS=str(plan.visibility),
            CAPTIONBOT_PERSON_PER_MINUTE="10000",
            CAPTIONBOT_CHAT_PER_MINUTE="10000",
        )
        work = ["-m", "tests.system.chaos.worker", str(plan.patience)]
        behind = stack.enter_context(model.reading()) if plan.address else None
        if behind is not None:
            work = ["-m", "bot.cli", "worker"]
            settings |= {
                "CAPTIONBOT_ENGINE": "openai",
                "CAPTIONBOT_OPENAI_URL": behind.url,
                "CAPTIONBOT_OPENAI_MODEL": MODEL,
                "CAPTIONBOT_OPENAI_TIMEOUT": str(model.TIMEOUT),
            }
        bots = [
            Service(name, ["-m", "bot.cli", name], settings, folder)
            for name in ("telegram", "discord")
        ]
        workers = [Service(f"worker{n}", work, settings, folder) for n in range(plan.workers)]
        for service in (*bots, *workers):
            stack.push_async_callback(service.end)
            await service.start()
        yield Stage(
            redis=redis,
            telegram=telegram,
            discord=discord,
            bots=bots,
            workers=workers,
            visibility=plan.visibility,
            model=behind,
        )


async def _until(
    condition: Callable[[], bool], seconds: float, tell: Callable[[str], object]
) -> None:
    """Return when it holds, or after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    if not condition():
        tell("time is over, and not every photo is settled")


async def _until_empty(url: str) -> None:
    """Return when nothing is left in Redis, or it has not changed for a while."""
    before: list[str] = []
    since = time.monotonic()
    while (left := await left_over(url)) and time.monotonic() - since < _QUIET_SECONDS:
        if left != before:
            before, since = left, time.monotonic()
        await asyncio.sleep(0.2)


async def left_over(url: str) -> list[str]:
    """What is in a Redis that should not be: entries, what somebody holds, keys for ever."""
    left: list[str] = []
    client: Any = Redis.from_url(url, protocol=2)
    try:
        async for raw in client.scan_iter(count=1000):
            key, kind = raw.decode(), await client.type(raw)
            if kind == b"stream" and ":dead" not in key:
                if entries := await client.xlen(key):
                    left.append(f"{key} ({entries} entries)")
                if pending := (await client.xpending(key, GROUP))["pending"]:
                    left.append(f"{key} ({pending} held)")
            elif await client.ttl(key) == -1:
                left.append(f"{key} (for ever)")
            elif ":person:" in key:
                left.append(f"{key} (in flight)")
    finally:
        await client.aclose()
    return left
