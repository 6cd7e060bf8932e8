"""Processes that are measured: bots on loopback platforms, workers, and how much each used.

A bot runs in a process of its own, with the real library and a real Redis; the platform runs here
and notes when each call came and when it was answered, by the clock that Redis has too.
"""

from __future__ import annotations

import asyncio
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from captioner.queue import Limits
from captioner.queue.redis import RedisQueue
from tests.support.command import Command, captionbot
from tests.support.discord_server import DiscordServer, discord_server
from tests.support.redis_server import running_redis
from tests.support.telegram_server import TOKEN, TelegramServer

# Settings under which nobody is ever refused or, if workers have them too, answered from the cache.
PLENTY: Mapping[str, str] = {
    "CAPTIONBOT_WEB_PER_MINUTE": "10000",
    "CAPTIONBOT_PERSON_PER_MINUTE": "10000",
    "CAPTIONBOT_PER_PERSON": "1000",
    "CAPTIONBOT_CACHE_HOURS": "0",
}


@asynccontextmanager
async def scripted_worker_process(
    url: str,
    prefix: str,
    name: str = "scripted",
    *,
    max_batch: int = 16,
    batch_seconds: float = 0.0,
    photo_seconds: float = 0.0,
) -> AsyncIterator[None]:
    """A worker in a process of its own whose model takes a known time; ready when entered.

    Its answers are not kept, so the same photo is work for it again.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.worker_process", url, prefix, name,
        "--max-batch", str(max_batch),
        "--batch-seconds", str(batch_seconds),
        "--photo-seconds", str(photo_seconds),
        "--cache-for", "0",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = await process.stdout.readline()
        if said.strip() != b"ready":
            raise RuntimeError(f"the scripted worker does not start: {said!r}")
        draining = asyncio.create_task(process.stdout.read())
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    await draining


def processor_seconds(pid: int) -> float:
    """Processor time that a process and its children have used, those that have ended included."""
    own, *children = [one.cpu_times() for one in _family(pid)]
    ended = own.children_user + own.children_system
    return float(ended + sum(one.user + one.system for one in (own, *children)))


def own_processor_seconds(pid: int) -> float:
    """Processor time that a process itself has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def resident(pid: int) -> tuple[float, float]:
    """Resident megabytes of a process, and of its children together."""
    own, *children = [one.memory_info().rss / 1e6 for one in _family(pid)]
    return own, sum(children)


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


_NOT_CACHED = Limits(cache_for=0)  # or the same photo would be answered without a worker

Send = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call that a platform got: what for, when it came, and when it was answered."""

    method: str
    path: str
    came: float  # seconds since 1970
    answered: float


class Stamps:
    """Notes every call; `middleware` is aiohttp's."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    @property
    def middleware(self) -> Middleware:
        """For an application that is to be watched."""

        @web.middleware
        async def stamped(request: web.Request, handler: Handler) -> web.StreamResponse:
            came = time.time()
            try:
                return await handler(request)
            finally:
                self.exchanges.append(Exchange(request.method, request.path, came, time.time()))

        return stamped


class Bot(ABC):
    """A running bot, and what it takes to see what it does."""

    def __init__(self, command: Command, queue: RedisQueue, stamps: Stamps) -> None:
        self.command, self.queue, self._stamps = command, queue, stamps

    @abstractmethod
    def sender(self) -> Send:
        """Somebody new, who sends photos."""

    async def send(self, photo: bytes) -> None:
        """Have somebody new send a photo."""
        await self.sender()(photo)

    @abstractmethod
    def answers(self) -> list[Exchange]:
        """The calls so far by which the bot wrote something to people."""

    @abstractmethod
    def captions(self, words: str) -> int:
        """How many messages of the bot there are to be read that say these words."""

    @abstractmethod
    def told(self, since: float) -> float:
        """When, after `since`, the platform told the bot of a photo."""

    @abstractmethod
    def fetching(self, since: float) -> list[Exchange]:
        """Calls after `since` for which the bot had to wait to have the photo."""

    async def until(self, condition: Callable[[], bool], *, seconds: float = 120.0) -> None:
        """Return when something holds that follows from what the bot did."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(0.002)

    def _since(self, since: float, *words: str) -> list[Exchange]:
        return [
            one for one in self._stamps.exchanges
            if one.answered >= since and any(word in one.path for word in words)
        ]  # fmt: skip


class TelegramBot(Bot):
    """On Telegram."""

    def __init__(
        self, command: Command, queue: RedisQueue, stamps: Stamps, server: TelegramServer
    ) -> None:
        super().__init__(command, queue, stamps)
        self.server = server

    def sender(self) -> Send:
        person = self.server.person()

        async def send(photo: bytes) -> None:
            person.sends_photo(photo)

        return send

    def answers(self) -> list[Exchange]:
        return self._since(0.0, "/sendMessage")

    def captions(self, words: str) -> int:
        messages = self.server.world.messages.values()
        return sum(words in one.get("text", "").lower() for one in messages)

    def told(self, since: float) -> float:
        return self._since(since, "/getUpdates")[0].answered

    def fetching(self, since: float) -> list[Exchange]:
        return self._since(since, "/getFile", "/file/")


class DiscordBot(Bot):
    """On Discord, in direct messages."""

    def __init__(
        self, command: Command, queue: RedisQueue, stamps: Stamps, server: DiscordServer
    ) -> None:
        super().__init__(command, queue, stamps)
        self.server = server
        self._count = 0
        self._told = 0.0

    def sender(self) -> Send:
        self._count += 1
        person = self.server.world.person(f"person {self._count}")
        channel = self.server.world.dm(person)

        async def send(photo: bytes) -> None:
            attachment = self.server.world.attachment("photo.jpg", photo)
            self._told = time.time()
            await self.server.post(person, channel, attachments=[attachment])

        return send

    def answers(self) -> list[Exchange]:
        return [
            one for one in self._stamps.exchanges
            if one.method == "POST" and one.path.endswith("/messages")
        ]  # fmt: skip

    def captions(self, words: str) -> int:
        world = self.server.world
        said = [one.content.lower() for one in world.messages.values() if one.author is world.bot]
        return sum(words in one for one in said)

    def told(self, since: float) -> float:
        return max(since, self._told)

    def fetching(self, since: float) -> list[Exchange]:
        return self._since(since, "/attachments/")


@asynccontextmanager
async def telegram_bot(
    folder: Path, module: Sequence[str] = ("bot.cli",), **settings: str
) -> AsyncIterator[TelegramBot]:
    """A bot on Telegram that waits for updates."""
    stamps, server = Stamps(), TelegramServer()
    server.middlewares.append(stamps.middleware)
    with running_redis(folder, appendonly=True) as redis:
        async with (
            server,
            captionbot(
                "telegram", folder=folder, module=module, REDIS_URL=redis.url,
                TELEGRAM_BOT_TOKEN=TOKEN,
                TELEGRAM_API_URL=server.url, **{**PLENTY, **settings},
            ) as command,
            RedisQueue(redis.url, _NOT_CACHED) as queue,
        ):  # fmt: skip
            await server.until(lambda: server.polls, seconds=90)
            yield TelegramBot(command, queue, stamps, server)


@asynccontextmanager
async def discord_bot(
    folder: Path, module: Sequence[str] = ("bot.cli",), **settings: str
) -> AsyncIterator[DiscordBot]:
    """A bot on Discord that is online."""
    stamps = Stamps()
    with running_redis(folder, appendonly=True) as redis:
        async with discord_server(stamps.middleware) as server:
            given = {
                "REDIS_URL": redis.url,
                "DISCORD_BOT_TOKEN": server.world.token,
                "DISCORD_API_URL": server.api_url,
                "DISCORD_GATEWAY_URL": server.gateway_url,
                "DISCORD_CDN_URL": server.url,
                **PLENTY,
                **settings,
            }
            async with (
                captionbot("discord", folder=folder, module=module, **given) as command,
                RedisQueue(redis.url, _NOT_CACHED) as queue,
            ):
                await server.until_online(seconds=90)
                async with asyncio.timeout(60):
                    # It is online before it has told them.
                    while not server.world.commands:  # noqa: ASYNC110 - another process
                        await asyncio.sleep(0.02)
                yield DiscordBot(command, queue, stamps, server)
