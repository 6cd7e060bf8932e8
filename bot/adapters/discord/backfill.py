"""What people asked in channels while no process of ours listened.

Discord tells a program that starts nothing of what was said before. What mentions the bot is found
in the channels of its guilds; in private channels, which Discord does not list, by the journal of
those in which somebody wrote. Whatever was on the queue already is known there, so that nobody is
answered twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.adapters.discord.attachments import asks, pictures_in
from bot.chat.pending import Journal, in_time

log = logging.getLogger(__name__)

_AGO = timedelta(hours=1)  # who asked before does not wait any more
_MOST_CHANNELS, _MOST_MESSAGES = 100, 1000
_Channel = discord.TextChannel | discord.VoiceChannel | discord.Thread
_ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


async def backfill(
    client: discord.Client, direct: Journal, answer: Callable[[discord.Message], Awaitable[None]]
) -> None:
    """Find what was missed, and have it answered; `direct` are the private channels.

    To be called whenever Discord begins to tell what happens.
    """
    since = discord.utils.utcnow() - _AGO
    for channel in await _channels(client, direct, since):
        try:
            missed = await _missed(client, channel, since)
            await asyncio.gather(*map(answer, missed))
        except _ERRORS as error:
            log.info("discord: a channel cannot be looked into: %s", type(error).__name__)


async def _channels(
    client: discord.Client, direct: Journal, since: datetime
) -> list[discord.abc.Messageable]:
    """Where something was said since then, as far as that can be known."""
    there: list[_Channel] = []
    for guild in client.guilds:
        there += [*guild.text_channels, *guild.voice_channels, *guild.threads]
    talked = [
        (channel.last_message_id or 0, channel)
        for channel in there
        if (us := channel.guild.me) and channel.permissions_for(us).read_message_history
    ]
    talked = [pair for pair in talked if discord.utils.snowflake_time(pair[0]) > since]
    talked.sort(key=lambda pair: pair[0], reverse=True)
    private = {int(channel) for channel in await in_time(direct.all)}
    channels: list[discord.abc.Messageable] = [
        client.get_partial_messageable(one, type=discord.ChannelType.private) for one in private
    ]
    return [*channels, *(channel for _, channel in talked)][:_MOST_CHANNELS]


async def _missed(
    client: discord.Client, channel: discord.abc.Messageable, since: datetime
) -> list[discord.Message]:
    """Messages with photos or questions that nobody replied to, oldest first."""
    newest_first = channel.history(after=since, limit=_MOST_MESSAGES, oldest_first=False)
    said = [message async for message in newest_first]
    replied = {
        message.reference.message_id
        for message in said
        if message.reference and message.author == client.user
    }
    return [
        message
        for message in reversed(said)
        if message.id not in replied and (pictures_in(message) or asks(message, client.user))
    ]
