"""A loopback Telegram, a real service and queue, and the bot between them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bot.adapters.telegram import command_registration
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.chat import access_control, pending, preferences, service
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from bot.store import MemoryStore, Store
from bot.store.redis import RedisStore
from captioner.queue.base import Delivery, Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import Answer, Caption, CaptionJob, CaptionReply, Output
from tests.support.intake import SharedIntake
from tests.support.scripted_worker import (
    colour_of,
    scripted_reply,
    scripted_worker,
)
from tests.support.stage import Script
from tests.support.telegram_server import TelegramServer

CAPTION = "a house under a bright sun"
OTHER_CAPTION = "an animal outdoors"
GIF = b"GIF89a" + bytes(200)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def good_answer(job: CaptionJob) -> CaptionReply:
    media = {Output.CAPTION: b"", Output.ATTENTION_GIF: GIF, Output.ATTENTION_SHEET: PNG}
    captions = tuple(Caption(text=text, log_prob=-1.0) for text in (CAPTION, OTHER_CAPTION))
    more = (Answer(captions=captions, confidence=0.8),) * len(job.more_photos)
    reply = replace(scripted_reply(job), captions=captions, more=more)
    return replace(reply, media=media[job.output])


def by_colour(job: CaptionJob) -> CaptionReply:
    """Tells the photos of an album, or the scenes of a video, from each other."""
    first, *more = [_colour(photo) for photo in job.photos]
    return replace(good_answer(job), captions=first.captions, more=tuple(more))


def _colour(jpeg: bytes) -> Answer:
    with Image.open(io.BytesIO(jpeg)) as image:
        text = f"a {colour_of(image)} picture"
    return Answer(captions=(Caption(text=text, log_prob=-1.0),), confidence=0.8)


class GoodAnswers(Script):
    """Answers each job well, unless a test wants another answer."""

    def __init__(self) -> None:
        super().__init__()
        self.reply = good_answer


class WatchedQueue(MemoryQueue):
    """A queue that remembers whose replies the adapter has done with."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.answered: set[str] = set()

    async def done(self, adapter: str, delivery: Delivery) -> None:
        await super().done(adapter, delivery)
        self.answered.add(delivery.reply.job_id)


class Bench:
    """Everything a test of the bot needs; the bot can be started, stopped and started again."""

    def __init__(
        self, server: TelegramServer, queue: WatchedQueue, intake: Intake, script: Script
    ) -> None:
        self.server = server
        self.queue = queue
        self.intake = intake
        self.script = script
        self.working = script.working
        self.store: Store = MemoryStore()
        self._bot: asyncio.Task[None] | None = None

    @property
    def jobs(self) -> list[CaptionJob]:
        """Those that the worker has answered."""
        return self.script.jobs

    def adapter(self, **options: Any) -> TelegramAdapter:
        made = CaptionService(
            self.queue,
            self.intake,
            adapter="telegram",
            video=options.pop("video", None),
            hash_key=b"k" * 32,
            store=self.store,
            person_per_minute=options.pop("person_per_minute", 0),
            chat_per_minute=options.pop("chat_per_minute", 0),
        )
        settings: dict[str, Any] = {
            "token": self.server.token,
            "api_url": self.server.url,
            "consumer": "test",
            "grace": 1.0,
            "settle": 0.2,
            "store": self.store,
        }
        return TelegramAdapter(made, **(settings | options))

    async def start(self, **options: Any) -> None:
        """Start a bot; returns when it waits for updates."""
        polls = self.server.polls
        self._bot = asyncio.create_task(self.adapter(**options).run())
        hooked = "webhook" in options
        await self.server.until(
            lambda: (
                (self.server.webhook.info if hooked else self.server.polls > polls) or self.stopped
            )
        )
        if self.stopped:
            await self._bot

    async def stop(self) -> None:
        if self._bot is not None:
            self._bot.cancel()
            await asyncio.wait({self._bot})
            self._bot = None

    @property
    def stopped(self) -> bool:
        return self._bot is None or self._bot.done()

    @property
    def bot(self) -> asyncio.Task[None]:
        assert self._bot is not None
        return self._bot

    async def settled(self) -> None:
        """Return when the bot has confirmed all it was sent and is done with every reply."""
        await self.server.until(lambda: not self.server.world.updates)
        async with asyncio.timeout(30):
            while await self.queue.depth() or {j.id for j in self.jobs} - self.queue.answered:
                await asyncio.sleep(0.01)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A Bot API; fails the test if the bot made a call that the real one would refuse."""
    async with TelegramServer() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram knows the commands already, as at every start of a day but the first."""
    monkeypatch.setattr(command_registration, "_calls", lambda _bot, _lacking: iter(()))


@pytest.fixture
async def idle(announced: None, server: TelegramServer, limits: Limits) -> AsyncIterator[Bench]:
    """The bench with no bot started."""
    async with (
        WatchedQueue(limits) as queue,
        SharedIntake() as intake,
        scripted_worker(queue, GoodAnswers()) as script,
    ):
        assert isinstance(script, Script)
        bench = Bench(server, queue, intake, script)
        try:
            yield bench
        finally:
            script.working.set()
            await bench.stop()
            await bench.store.close()


@pytest.fixture
async def bench(idle: Bench) -> Bench:
    """The bench with a bot that waits for updates."""
    await idle.start()
    return idle


@pytest.fixture
def gone_store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose server cannot be reached, and a bot that does not wait long for it."""
    for one in (access_control, pending, preferences, service):
        name = "_SECONDS" if hasattr(one, "_SECONDS") else "_PATIENCE"
        monkeypatch.setattr(one, name, 0.1)
    return RedisStore("redis://127.0.0.1:1/0")
