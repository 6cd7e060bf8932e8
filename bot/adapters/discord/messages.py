"""Messages → photos and questions: in private all is meant for us, elsewhere what names us.

Discord tells a program that starts nothing of what was said before. What mentions the bot is then
found in the channels of its guilds; private channels, which Discord does not list, by the journal
of those in which somebody wrote. Whatever was on the queue already is known there, so that nobody
is answered twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import discord

from bot.adapters.discord.attachments import (
    asks,
    has_pictures,
    is_reply,
    pictures_in,
    replied_to,
    shown_by,
    words_of,
)
from bot.adapters.discord.messenger import OUTAGES, DiscordMessenger, tried
from bot.adapters.discord.replies import DiscordPlace, photo_holder
from bot.chat.conversation import Conversation
from bot.chat.dialogue import MENTION, Above, Asking, Dialogue, Incoming
from bot.chat.media import Link, LinkedFile
from bot.chat.pending import Journal, in_time
from bot.locales import say
from bot.media.downloads import Downloads

log = logging.getLogger(__name__)

OWNER = "owner"  # the names of owners' commands are the same in all languages: docs say them
_FROM_PEOPLE = {discord.MessageType.default, discord.MessageType.reply}
_PREVIEW_SECONDS = 1.5
_DIRECT_FOR = 86_400.0  # seconds for which a private channel is known
_AGO = timedelta(hours=1)  # who asked before does not wait any more
_MOST_CHANNELS, _MOST_MESSAGES = 100, 1000

_Channel = discord.TextChannel | discord.VoiceChannel | discord.Thread
_Incoming = Incoming[DiscordPlace, discord.Message]


class Messages(Dialogue[DiscordPlace, discord.Message]):
    """Answers what is written in channels; each call returns when the work is queued."""

    picture = Link
    messenger: DiscordMessenger
    syntax = f"/{OWNER} "

    def __init__(
        self,
        client: discord.Client,
        conversation: Conversation[DiscordPlace],
        downloads: Downloads,
    ) -> None:
        super().__init__(conversation, DiscordMessenger(client))
        self._client, self._downloads = client, downloads
        # Where somebody writes to the bot in private: Discord lists no such channels.
        self._direct = Journal(conversation.notes, "direct", seconds=_DIRECT_FOR)

    def read(self, message: discord.Message) -> _Incoming | None:
        """A message that may be for us; None for all others."""
        if message.author.bot or message.type not in _FROM_PEOPLE:
            return None
        guild, us = message.guild, self._client.user
        pictured, typed = has_pictures(message), is_named(message, us)
        # A reply to the bot mentions it, too, without anybody having typed so: most say "thanks".
        meant = guild is None or typed or (us in message.mentions and pictured)
        ordinary = self._client.intents.message_content and pictured
        reply = is_reply(message, us)
        if not (meant or ordinary or reply):
            return None
        channel = message.channel
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        return Incoming(
            source=message,
            place=DiscordPlace.of_message(message),
            id=message.id,
            here=guild.id if guild else None,
            chat=channel.id if guild else None,
            wish=MENTION if meant else "",
            words=words_of(message) if reply else "",
            told=meant,
            ordinary=ordinary,
            channels=tuple(filter(None, (channel.id, parent))),
        )

    async def answer(self, message: _Incoming) -> None:
        """Caption what a message shows; of the pictures of links Discord tells only after it."""
        if await self.replied(message) or not (message.told or message.ordinary):
            return
        if not await self.admits(message):
            return
        source = message.source
        if source.guild is None:
            await self._direct.keep(str(source.channel.id))
        found = shown_by(source)
        if not found and "http" in source.content:
            await asyncio.sleep(_PREVIEW_SECONDS)
            again = await _fetched(source.channel, source.id)
            found = shown_by(again) if again else []
        await super().answer(replace(message, pictures=found, words=""))

    # --- what a conversation wants to know of a message

    async def admits(self, message: _Incoming) -> bool:
        return await self.conversation.may_use(message.place.person, message.here)

    def file(self, picture: Any, *, pressed: bool) -> LinkedFile:  # noqa: ANN401, ARG002 - as in Dialogue
        return LinkedFile(picture, self._downloads, self.conversation.service.videos)

    async def spot(self, message: _Incoming, asking: Asking) -> DiscordPlace:
        holder = 0 if asking.shown == message.id else int(asking.shown)
        return replace(message.place, holder=holder)

    async def above(self, message: _Incoming, *, asks: bool) -> Above | None:
        answer = replied_to(message.source)
        holder = photo_holder(answer) if answer is not None and asks else None
        if answer is None or holder is None:
            return None
        found = await self.held(message.source.channel, holder, answer)
        return Above(pictures=found, shown=holder, ours=True, gone=not found)

    async def why_not(self, message: _Incoming) -> str:
        source, text_id = message.source, "no-picture-discord"
        by_role = self._client.user not in source.mentions
        if source.guild is None:
            text_id = "help-discord"
        elif by_role and not source.content:  # Discord hides what stands in such a message
            text_id = "mention-me-discord"
        lang = await self.lang(message)
        return say(text_id, lang, **await self.conversation.facts(lang))

    # --- what nobody listened to

    async def backfill(self, answer: Callable[[discord.Message], Awaitable[None]]) -> None:
        """Find what was missed, and have it answered.

        To be called whenever Discord begins to tell what happens.
        """
        since = discord.utils.utcnow() - _AGO
        for channel in await self._talked_in(since):
            try:
                await asyncio.gather(*map(answer, await self._missed(channel, since)))
            except OUTAGES as error:
                log.info("discord: a channel cannot be looked into: %s", type(error).__name__)

    async def _talked_in(self, since: datetime) -> list[discord.abc.Messageable]:
        """Where something was said since then, as far as that can be known."""
        talked = [
            channel
            for guild in self._client.guilds
            for channel in chain[_Channel](guild.text_channels, guild.voice_channels, guild.threads)
            if discord.utils.snowflake_time(channel.last_message_id or 0) > since
            and guild.me
            and channel.permissions_for(guild.me).read_message_history
        ]
        talked.sort(key=lambda one: one.last_message_id or 0, reverse=True)
        kind = discord.ChannelType.private
        private = {int(channel) for channel in await in_time(self._direct.all)}
        channels: list[discord.abc.Messageable] = [
            self._client.get_partial_messageable(ident, type=kind) for ident in private
        ]
        return [*channels, *talked][:_MOST_CHANNELS]

    async def _missed(
        self, channel: discord.abc.Messageable, since: datetime
    ) -> list[discord.Message]:
        """Messages with photos or questions that nobody replied to, oldest first."""
        us = self._client.user
        newest_first = channel.history(after=since, limit=_MOST_MESSAGES, oldest_first=False)
        said = [message async for message in newest_first]
        replied = {
            message.reference.message_id
            for message in said
            if message.reference and message.author == us
        }
        return [
            message
            for message in reversed(said)
            if message.id not in replied and (pictures_in(message) or asks(message, us))
        ]

    @staticmethod
    async def held(
        channel: discord.abc.Messageable, holder: int, known: discord.Message | None
    ) -> list[Link]:
        """The pictures that a message of a channel shows; [] where it cannot be read now."""
        there = known is not None and known.id == holder
        message = known if there else await _fetched(channel, holder)
        return pictures_in(message) if message else []


async def _fetched(channel: discord.abc.Messageable, ident: int) -> discord.Message | None:
    return await tried(channel.fetch_message(ident), "a message cannot be read again")


def is_named(message: discord.Message, us: discord.abc.User | None) -> bool:
    """Whether somebody wrote the bot's name, or that of the role that Discord made for it."""
    role = message.guild.self_role if message.guild else None
    return us is not None and (us.id in message.raw_mentions or role in message.role_mentions)
