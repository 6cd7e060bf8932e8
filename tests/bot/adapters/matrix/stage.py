"""The whole of it for tests: matrix-nio, adapter, service, queue and a stand-in for a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from bot.store import MemoryStore, Store
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.bot.adapters.telegram.conftest import CAPTION, GIF, GoodAnswers
from tests.support.intake import SharedIntake
from tests.support.matrix_server import HOST, MatrixServer
from tests.support.photos import photo
from tests.support.stage import BotStage, Script

ANN, BOB, EVE = f"@ann:{HOST}", f"@bob:{HOST}", "@eve:elsewhere.test"

__all__ = ["ANN", "BOB", "CAPTION", "EVE", "GIF", "Stage", "stage"]


class Stage(BotStage[Script]):
    """A bot on a loopback homeserver."""

    platform = "matrix"

    def __init__(
        self,
        server: MatrixServer,
        queue: MemoryQueue,
        intake: Intake,
        script: Script | None = None,
    ) -> None:
        super().__init__(queue, script or GoodAnswers())
        self.server = server
        self.intake = intake
        self.store: Store = MemoryStore()
        self.direct = server.room(ANN)

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
        return self.run(self.adapter.run())

    async def start(self, **options: Any) -> None:
        """Start the bot and wait until it follows its rooms."""
        running, syncs = self.begin(**options), self.server.syncs
        await self.server.until(lambda: self.server.syncs > syncs + 1 or running.done())
        if running.done():
            await running

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


@asynccontextmanager
async def stage(
    server: MatrixServer, *, start: bool = True, script: Script | None = None, **options: Any
) -> AsyncIterator[Stage]:
    """A stage with its bot running; the bot ends before the queue and the server do."""
    async with MemoryQueue(Limits()) as queue, SharedIntake() as intake:
        made = Stage(server, queue, intake, script)
        async with made.attended():
            if start:
                await made.start(**options)
            yield made
