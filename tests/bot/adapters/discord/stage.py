"""The whole of it for tests: discord.py, adapter, service, queue and a stand-in for a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from bot.adapters.discord import DiscordSettings
from bot.adapters.discord.adapter import DiscordAdapter
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake, VideoIntake
from bot.store import MemoryStore
from captioner.queue.base import JobQueue, Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import Answer, Caption, CaptionJob, CaptionReply
from tests.support.discord_server import DiscordServer, Interaction, Message, Person
from tests.support.intake import SharedIntake
from tests.support.photos import photo
from tests.support.scripted_worker import scripted_reply
from tests.support.stage import BotStage, Script

CAPTION = "a dog runs over the grass"


class Sentences(Script):
    """Says sentences that a test can change, whatever the photos show."""

    def __init__(self) -> None:
        super().__init__()
        self.says: Sequence[str] = (CAPTION,)  # of a job's photos, in turn
        self.others: Sequence[str] = ("a cat", "an animal")
        self.confidence = 0.8
        self.reply = self._said

    def _said(self, job: CaptionJob) -> CaptionReply:
        first, *more = [
            tuple(
                Caption(text=text, log_prob=-1.0 - rank)
                for rank, text in enumerate((self.says[n % len(self.says)], *self.others))
            )
            for n in range(len(job.photos))
        ]
        return replace(
            scripted_reply(job),
            captions=first,
            failure=None,
            confidence=self.confidence,
            more=tuple(Answer(captions=one, confidence=self.confidence) for one in more),
        )


class Stage(BotStage[Sentences]):
    """A bot on a loopback Discord, with a worker that says always the same."""

    platform = "discord"

    def __init__(
        self, server: DiscordServer, intake: Intake, queue: JobQueue, **limits: Any
    ) -> None:
        super().__init__(queue, Sentences())
        self.server = server
        self.store = MemoryStore()
        self.service = CaptionService(
            self.queue, intake, adapter="discord", store=self.store, **limits
        )
        self.person = server.world.person("ann")
        self.channel = server.world.text_channel

    def adapter(self, **changes: Any) -> DiscordAdapter:
        """An adapter for the loopback Discord."""
        settings = {
            "DISCORD_BOT_TOKEN": self.server.world.token,
            "DISCORD_API_URL": self.server.api_url,
            "DISCORD_GATEWAY_URL": self.server.gateway_url,
            "DISCORD_CDN_URL": self.server.url,
            **{name: changes.pop(name) for name in [*changes] if name.isupper()},
        }
        options: dict[str, Any] = {"consumer": "test", "store": self.store}
        return DiscordAdapter(
            DiscordSettings.model_validate(settings), self.service, **(options | changes)
        )

    def begin(self, **changes: Any) -> asyncio.Task[None]:
        """Start the bot; it may take its time, or fail."""
        self.running = self.adapter(**changes)
        return self.run(self.running.run())

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

    # --- what tests do

    async def use_caption(
        self, data: bytes | None = None, name: str = "cat.jpg", **use: Any
    ) -> Interaction:
        """Use /caption with a photo."""
        attachment = self.server.world.attachment(name, photo() if data is None else data)
        return await self.server.caption(self.person, attachment, **use)

    def photos(self, *names: str) -> list[dict[str, Any]]:
        """Attachments: a photo for each name, none like another."""
        world = self.server.world
        return [world.attachment(name, photo(seed=n)) for n, name in enumerate(names)]

    async def told(self, command: str, **use: Any) -> Message:
        """Use a command without pictures and wait for what it says."""
        return await self.answered(await self.server.command(self.person, command, **use))

    async def mention(self, *names: str, **post: Any) -> Message:
        """Mention the bot, with photos of these names."""
        text = f"<@{self.server.world.bot.id}> what is this?"
        use: dict[str, Any] = {"channel": self.channel, "attachments": self.photos(*names)} | post
        return await self.server.post(self.person, content=text, **use)

    async def said(self, count: int = 1) -> list[Message]:
        """Wait until the bot has said so much in the channel."""
        await self.server.until(lambda: len(self.server.said(self.channel)) >= count)
        return self.server.said(self.channel)

    async def answered(self, interaction: Interaction) -> Message:
        """Wait for the text that answers an interaction."""

        def there() -> bool:
            answer = interaction.original
            return answer is not None and bool(answer.content)

        await self.server.until(there)
        assert interaction.original is not None
        return interaction.original

    async def pressed(self, message: Message, which: int | str) -> Message:
        """Press one of a message's buttons, by its number or label; wait for what comes of it."""
        number = which if isinstance(which, int) else labels(message).index(which)
        custom_id = message.custom_ids[number]
        return await self.answered(await self.server.press(self.person, message, custom_id))


@asynccontextmanager
async def stage(
    server: DiscordServer,
    queue: JobQueue | None = None,
    *,
    start: bool = True,
    worker: bool = True,
    video: VideoIntake | None = None,
    limits: Mapping[str, int] = MappingProxyType({}),
    **options: Any,
) -> AsyncIterator[Stage]:
    """A stage with its bot running; the bot ends before the queue and the server do.

    `worker` says whether anybody answers, `limits` are the service's, `options` the adapter's.
    """
    queue = queue or MemoryQueue(Limits())
    async with queue, SharedIntake() as intake:
        made = Stage(server, intake, queue, video=video, **limits)
        async with made.attended(worker=worker):
            if start:
                await made.start(**options)
            yield made


def labels(message: Message) -> list[str]:
    """What is written on a message's buttons."""
    return [button["label"] for button in message.buttons]


def stranger(server: DiscordServer) -> Person:
    """Somebody else."""
    return server.world.person("bob")


async def logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    """Wait until something is in the log."""
    async with asyncio.timeout(60):
        while words not in caplog.text:
            await asyncio.sleep(0.01)
