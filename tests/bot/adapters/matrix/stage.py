"""The whole of it for tests: matrix-nio, adapter, service, queue and a stand-in for a worker."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from bot.store import MemoryStore, Store
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import CaptionJob
from tests.bot.adapters.telegram.conftest import CAPTION, GIF, Script
from tests.support.intake import SharedIntake
from tests.support.matrix_server import HOST, MatrixServer
from tests.support.photos import photo
from tests.support.scripted_worker import scripted_worker

ANN, BOB, EVE = f"@ann:{HOST}", f"@bob:{HOST}", "@eve:elsewhere.test"

__all__ = ["ANN", "BOB", "CAPTION", "EVE", "GIF", "Stage", "stage"]


class Stage:
    """A bot on a loopback homeserver; it can be started, stopped and started again."""

    def __init__(self, server: MatrixServer, queue: MemoryQueue, intake: Intake) -> None:
        self.server = server
        self.queue = queue
        self.intake = intake
        self.script = Script()
        self.store: Store = MemoryStore()
        self.direct = server.room(ANN)
        self._task: asyncio.Task[None] | None = None

    def begin(self, **options: Any) -> asyncio.Task[None]:
        """Start the bot; it may take its time, or fail."""
        service = CaptionService(
            self.queue,
            self.intake,
            adapter="matrix",
            hash_key=b"k" * 32,
            store=self.store,
            person_per_minute=options.pop("person_per_minute", 0),
        )
        settings: dict[str, Any] = {
            "token": self.server.token,
            "homeserver": self.server.url,
            "consumer": "test",
            "grace": 1.0,
            "store": self.store,
        }
        self.adapter = MatrixAdapter(service, **(settings | options))
        self._task = asyncio.create_task(self.adapter.run())
        return self._task

    async def start(self, **options: Any) -> None:
        """Start the bot and wait until it follows its rooms."""
        running, syncs = self.begin(**options), self.server.syncs
        await self.server.until(lambda: self.server.syncs > syncs + 1 or running.done())
        if running.done():
            await running

    async def stop(self) -> None:
        """Stop the bot."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    @property
    def jobs(self) -> list[CaptionJob]:
        """What the worker was given so far."""
        return self.script.jobs

    def send_photo(self, text: str = "", **how: Any) -> str:
        """Ann sends the bot a photo directly."""
        return self.server.photo(self.direct, ANN, photo(seed=how.pop("seed", 0)), text, **how)

    async def said(self, count: int = 1, room: str = "") -> list[str]:
        """Wait until the bot has said so much in a room, Ann's if none is named."""
        await self.server.until(lambda: len(self.server.said(room or self.direct)) >= count)
        return self.server.texts(room or self.direct)

    async def told(self, text: str, room: str = "", person: str = ANN, **how: Any) -> str:
        """What the bot says to what somebody writes."""
        before = len(self.server.said(room or self.direct))
        self.server.says(room or self.direct, person, text, **how)
        return (await self.said(before + 1, room))[before]

    async def rest(self) -> list[str]:
        """All that was said to Ann, once everything sent so far is dealt with."""
        count = len(self.server.said(self.direct))
        await self.told("!start")
        await self.emptied()
        return self.server.texts(self.direct)[: count or None]

    async def emptied(self) -> None:
        """Wait until nothing is left to do: no job, and no reply that was not done."""
        box = self.queue._reply_queues.get("matrix")
        async with asyncio.timeout(60):
            while await self.queue.depth() or (box and (box._waiting or box._held)):
                await asyncio.sleep(0.01)


@asynccontextmanager
async def stage(
    server: MatrixServer, *, start: bool = True, **options: Any
) -> AsyncIterator[Stage]:
    """A stage with its bot running; the bot ends before the queue and the server do."""
    async with MemoryQueue(Limits()) as queue, SharedIntake() as intake:
        made = Stage(server, queue, intake)
        async with scripted_worker(queue, made.script):
            try:
                if start:
                    await made.start(**options)
                yield made
            finally:
                made.script.working.set()
                await made.stop()
