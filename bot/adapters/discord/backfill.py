"""What people asked while no process of ours listened, or one ended with the question in hand.

Discord tells a program that starts nothing of what was said before. What mentions the bot is found
in the channels of its guilds; private channels, and commands that somebody was told are being
looked at, by the journal that processes keep (see PendingInteractions). Whatever was on the queue
already is known there, so that nobody is answered twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

import aiohttp
import discord

from bot.adapters.discord.attachments import attached, is_picture
from bot.adapters.discord.messages import asks
from bot.adapters.discord.pending_interactions import PendingInteractions, Question
from bot.adapters.discord.place import DiscordPlace
from bot.store import StoreUnavailable

T = TypeVar("T")

log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds between two tries to read notes
_AGO = timedelta(hours=1)  # who asked before does not wait any more
_MOST_CHANNELS, _MOST_MESSAGES = 100, 1000
_Channel = discord.TextChannel | discord.VoiceChannel | discord.Thread
_ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


class Backfill:
    """Finds what was missed, and has it answered."""

    def __init__(
        self,
        client: discord.Client,
        pending: PendingInteractions,
        *,
        message: Callable[[discord.Message], Awaitable[None]],
        question: Callable[[DiscordPlace, Question], Awaitable[None]],
    ) -> None:
        self._client, self._pending = client, pending
        self._message, self._question = message, question

    async def run(self) -> None:
        """Look once; to be called whenever Discord begins to tell what happens."""
        since = discord.utils.utcnow() - _AGO
        asked = await _until_read(self._pending.left_behind)
        await asyncio.gather(*(self._question(place, question) for place, question in asked))
        for channel in await self._channels(since):
            try:
                await self._look_into(channel, since)
            except _ERRORS as error:
                log.info("discord: a channel cannot be looked into: %s", type(error).__name__)

    async def _channels(self, since: datetime) -> list[discord.abc.Messageable]:
        """Where something was said since then, as far as that can be known."""
        found = [channel for guild in self._client.guilds for channel in _readable(guild)]
        talked = [(channel.last_message_id or 0, channel) for channel in found]
        talked = [pair for pair in talked if discord.utils.snowflake_time(pair[0]) > since]
        talked.sort(key=lambda pair: pair[0], reverse=True)
        channels: list[discord.abc.Messageable] = [channel for _, channel in talked]
        direct = [
            self._client.get_partial_messageable(channel, type=discord.ChannelType.private)
            for channel in await _until_read(self._pending.all_direct)
        ]
        return (direct + channels)[:_MOST_CHANNELS]

    async def _look_into(self, channel: discord.abc.Messageable, since: datetime) -> None:
        """Have those answered whose photos or questions nobody replied to."""
        newest_first = channel.history(after=since, limit=_MOST_MESSAGES, oldest_first=False)
        said = [message async for message in newest_first]
        replied = {
            message.reference.message_id
            for message in said
            if message.reference and message.author == self._client.user
        }
        missed = [
            message
            for message in reversed(said)
            if message.id not in replied
            and (any(map(is_picture, attached(message))) or asks(message, self._client.user))
        ]
        await asyncio.gather(*map(self._message, missed))


async def _until_read(read: Callable[[], Awaitable[T]]) -> T:
    """What can be read in the store, as soon as the store is there."""
    while True:
        try:
            return await read()
        except (StoreUnavailable, TimeoutError) as error:
            log.info("discord: notes cannot be read yet: %s", type(error).__name__)
            await asyncio.sleep(_PAUSE)


def _readable(guild: discord.Guild) -> list[_Channel]:
    """The channels and threads whose past the bot may read."""
    channels: list[_Channel] = [*guild.text_channels, *guild.voice_channels, *guild.threads]
    me = guild.me
    if me is None:
        return []
    return [channel for channel in channels if channel.permissions_for(me).read_message_history]
