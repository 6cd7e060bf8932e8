"""The client: which of Discord's events are questions to the bot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import discord
from discord import app_commands

from bot.adapters.discord.asking import Asking
from bot.adapters.discord.buttons import LookButton
from bot.adapters.discord.commands import Interaction, add_commands, sync
from bot.adapters.discord.outbox import Outbox
from bot.adapters.discord.photos import Downloads, is_picture
from bot.desk import Desk
from captioner.jobs import Output

log = logging.getLogger(__name__)

_ALREADY_ANSWERED = {10062, 40060}  # too late, or another process was first
_FROM_PEOPLE = {discord.MessageType.default, discord.MessageType.reply}


def _intents() -> discord.Intents:
    """None that Discord has to approve: direct messages and mentions bring their contents."""
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = True
    return intents


class _Tree(app_commands.CommandTree["CaptionClient"]):
    async def on_error(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002 - discord.py gives it
        error: app_commands.AppCommandError,
    ) -> None:
        _report("a command", getattr(error, "original", error))


class CaptionClient(discord.Client):
    """Listens to Discord; keeps nothing of what it hears."""

    def __init__(self, desk: Desk, downloads: Downloads) -> None:
        # Nobody needs to be warned that this bot cannot speak in voice channels.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.outbox = Outbox(self)
        self._asking = Asking(desk, downloads, self.outbox)
        self._tree = _Tree(self)
        self._busy: set[asyncio.Task[Any]] = set()
        add_commands(self._tree, self)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(LookButton)
        await sync(self._tree)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot; be silent at every other."""
        if message.author.bot or message.type not in _FROM_PEOPLE or not self._is_meant(message):
            return
        with self._at_work():
            await self._asking.by_message(message)

    def _is_meant(self, message: discord.Message) -> bool:
        if message.guild is None:
            return True
        if self.user is None or self.user not in message.mentions:
            return False
        # A reply to the bot mentions it, too, without anybody having typed so: most say "thanks".
        typed = self.user.id in message.raw_mentions
        return typed or any(is_picture(a) for a in message.attachments)

    async def by_command(
        self,
        interaction: Interaction,
        found: list[discord.Attachment],
        output: Output = Output.CAPTION,
    ) -> None:
        """Answer a command about attachments."""
        with self._at_work():
            await self._asking.by_command(interaction, found, output)

    async def look(self, interaction: Interaction, output: Output, message: int) -> None:
        """Answer a press of a button about a message's photo."""
        with self._at_work():
            try:
                await self._asking.by_button(interaction, output, message)
            except discord.HTTPException as error:
                _report("a button", error)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Know the task, for discord.py forgets the tasks that it starts."""
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            yield
        finally:
            self._busy.discard(task)

    async def close(self) -> None:
        """Give up what is being asked, then close the connection."""
        tasks = list(self._busy)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await super().close()


def _report(what: str, error: BaseException) -> None:
    if isinstance(error, discord.HTTPException) and error.code in _ALREADY_ANSWERED:
        log.info("discord: %s was answered already, or too late", what)
    else:
        log.error("discord: %s failed", what, exc_info=error)
