"""What people asked while no process of ours listened, or one ended with the question in hand.

Discord tells a program that starts nothing of what was said before. What mentions the bot is found
in the channels of its guilds; private channels, and commands that somebody was told are being
looked at, by the journal that processes keep (see PendingInteractions). Whatever was on the queue
already is known there, so that nobody is answered twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import aiohttp
import discord
from pydantic import TypeAdapter

from bot.adapters.discord.attachments import Found, asks, attached, is_picture
from bot.adapters.discord.place import INTERACTION_LIFE, DiscordPlace
from bot.chat.pending import Journal, Notes
from bot.store import StoreUnavailable
from captioner.queue.messages import Context

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


# --- what people are told to wait for, written down in case the process ends before

_CHANNELS_FOR = 86_400.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know about pictures."""

    id: int  # of the message or interaction that asked
    found: Sequence[Found]
    chat: str = ""  # the channel, where it is not the person's own
    moment: int = 0  # of a video, where it is about that alone


_NOTE = TypeAdapter(tuple[Context, Question])


class PendingInteractions:
    """The journals of one bot: see `bot.chat.pending`."""

    def __init__(self, notes: Notes) -> None:
        self._questions = Journal(notes, "asked", seconds=INTERACTION_LIFE.total_seconds())
        self._channels = Journal(notes, "direct", seconds=_CHANNELS_FOR)

    async def direct(self, channel: int) -> None:
        """Somebody writes to the bot in private: Discord lists no such channels."""
        await self._channels.keep(str(channel))

    async def all_direct(self) -> set[int]:
        """The private channels in which somebody wrote within a day. Raises StoreUnavailable."""
        return {int(channel) for channel in await self._channels.all()}

    def asked(self, place: DiscordPlace, question: Question) -> AbstractAsyncContextManager[bool]:
        """A command or button is being looked at; whether it could be written down.

        To be done before Discord is told that an answer comes: whoever asked sees the bot think
        from then on, however the process ends.
        """
        return self._questions.during(_written(place, question))

    async def forget(self, place: DiscordPlace, question: Question) -> None:
        """A question that another process left behind is looked after."""
        await self._questions.remove(_written(place, question))

    async def left_behind(self) -> list[tuple[DiscordPlace, Question]]:
        """The questions of processes that ended with them in hand, if they can be answered.

        Raises StoreUnavailable.
        """
        notes = await self._questions.left_behind()
        found = [read for note in notes if (read := _read(note))]
        return [(place, question) for place, question in found if place.by_interaction()]


def _written(place: DiscordPlace, question: Question) -> str:
    return _NOTE.dump_json((place.to_context(), question)).decode()


def _read(note: str) -> tuple[DiscordPlace, Question] | None:
    try:
        context, question = _NOTE.validate_json(note)
        return DiscordPlace.from_context(context), question
    except ValueError:  # of another version
        log.info("discord: a question of another version of this bot is passed over")
        return None
