"""The whole of it for tests: discord.py, adapter, desk, intake, queue and a worker's stand-in."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.discord import DiscordAdapter
from bot.desk import Desk
from bot.intake import Intake
from captioner.jobs import Caption, CaptionJob, CaptionReply
from captioner.queue.contract import JobQueue, Limits
from captioner.queue.memory import MemoryQueue
from tests.support.discord_server import DiscordServer, Interaction, Message, Person
from tests.support.photos import photo
from tests.support.scripted_worker import ScriptedCaptions, scripted_reply, scripted_worker

CAPTION = "a dog runs over the grass"


class Script(ScriptedCaptions):
    """Answers that a test can change, once `working` is set."""

    def __init__(self) -> None:
        super().__init__(before=lambda _: self.working.wait())
        self.working = threading.Event()
        self.working.set()
        self.reply: Callable[[CaptionJob], CaptionReply] = _reply

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        super().answer(jobs)
        return [self.reply(job) for job in jobs]


class Stage:
    """A bot on a loopback Discord, with a worker that says always the same."""

    def __init__(self, server: DiscordServer, intake: Intake, queue: JobQueue) -> None:
        self.server = server
        self.queue = queue
        self.desk = Desk(self.queue, intake, adapter="discord")
        self.person = server.world.person("ann")
        self.channel = server.world.text_channel
        self.script = Script()
        self._task: asyncio.Task[None] | None = None

    def adapter(self, **changes: Any) -> DiscordAdapter:
        """An adapter for the loopback Discord."""
        options: dict[str, Any] = {
            "token": self.server.world.token,
            "api_url": self.server.api_url,
            "gateway_url": self.server.gateway_url,
            "cdn": [self.server.url],
            "consumer": "test",
        }
        return DiscordAdapter(self.desk, **(options | changes))

    def begin(self, **changes: Any) -> asyncio.Task[None]:
        """Start the bot; it may take its time, or fail."""
        self._task = asyncio.create_task(self.adapter(**changes).run())
        return self._task

    async def start(self, **changes: Any) -> None:
        """Start the bot and wait until it is there."""
        before = self.server.gateway.identified
        running = self.begin(**changes)
        online = asyncio.create_task(self.server.until_online(before + 1))
        await asyncio.wait({running, online}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            online.cancel()
            self.forget()
            running.result()
        await online

    @property
    def begun(self) -> asyncio.Task[None]:
        """The running bot."""
        assert self._task is not None
        return self._task

    def forget(self) -> None:
        """There is no bot to stop any more."""
        self._task = None

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

    # --- what tests do

    async def use_caption(self, data: bytes | None = None, name: str = "cat.jpg") -> Interaction:
        """Use /caption with a photo."""
        return await self.server.caption(
            self.person, self.server.world.attachment(name, photo() if data is None else data)
        )

    async def mention(self, *names: str, **post: Any) -> Message:
        """Mention the bot, with photos of these names."""
        world = self.server.world
        files = [world.attachment(name, photo(seed=i)) for i, name in enumerate(names)]
        return await self.server.post(
            self.person, self.channel, f"<@{world.bot.id}> what is this?", attachments=files, **post
        )

    async def said(self, count: int = 1) -> list[Message]:
        """Wait until the bot has said so much in the channel."""
        await self.server.until(lambda: len(self.server.said(self.channel)) >= count)
        return self.server.said(self.channel)

    async def answered(self, interaction: Interaction) -> Message:
        """Wait for the text that answers an interaction."""

        def there() -> bool:
            return interaction.original is not None and bool(interaction.original.content)

        await self.server.until(there)
        assert interaction.original is not None
        return interaction.original

    async def pressed(self, message: Message, which: int) -> Message:
        """Press one of a message's buttons and wait for what comes of it."""
        custom_id = message.custom_ids[which]
        return await self.answered(await self.server.press(self.person, message, custom_id))

    async def emptied(self) -> None:
        """Wait until nothing is left to do: no job, and no reply that was not done."""
        box = getattr(self.queue, "_mailboxes", {}).get("discord")
        async with asyncio.timeout(60):
            while await self.queue.depth() or (box and (box.waiting or box.held)):
                await asyncio.sleep(0.01)


def _reply(job: CaptionJob) -> CaptionReply:
    words = Caption(text=CAPTION, log_prob=-1.0)
    return replace(scripted_reply(job), captions=(words,), failure=None)


@asynccontextmanager
async def stage(
    server: DiscordServer, queue: JobQueue | None = None, *, start: bool = True
) -> AsyncIterator[Stage]:
    """A stage with its bot running; the bot ends before the queue and the server do."""
    queue = queue or MemoryQueue(Limits())
    async with queue, Intake() as intake:
        made = Stage(server, intake, queue)
        async with scripted_worker(queue, made.script):
            try:
                if start:
                    await made.start()
                yield made
            finally:
                made.script.working.set()
                await made.stop()


def stranger(server: DiscordServer) -> Person:
    """Somebody else."""
    return server.world.person("bob")


async def logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    """Wait until something is in the log."""
    async with asyncio.timeout(60):
        while words not in caplog.text:
            await asyncio.sleep(0.01)
