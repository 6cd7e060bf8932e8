"""Sends answers until they arrive or it is clear that they never can."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
import discord

from bot.adapters.discord.answers import Answer
from bot.adapters.discord.place import Place

log = logging.getLogger(__name__)

# Discord's codes for an interaction that takes no more answers.
_OVER = {10015, 10062, 50027}  # unknown webhook, unknown interaction, invalid webhook token
_MAY_NOT_REPLY = 160002  # the bot may not read the channel's history
_MAX_NONCE = 25  # characters
_ATTEMPT_SECONDS = 120.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds between attempts
_GIVE_UP_AFTER = 3600.0  # seconds


class Outbox:
    """One client's way to Discord. Nobody is ever pinged: the client allows no mentions.

    Sending the same thing twice shows it once: an interaction's answer is edited into place,
    and a message to a channel has a nonce that Discord compares.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def deliver(self, place: Place, answer: Answer, *, nonce: str) -> bool:
        """Whether it arrived. Errors that pass are waited out, the others are logged."""
        clock = asyncio.get_running_loop().time
        give_up, pause = clock() + _GIVE_UP_AFTER, _SHORTEST_PAUSE
        while True:
            try:
                async with asyncio.timeout(_ATTEMPT_SECONDS):
                    await self._attempt(place, answer, nonce)
            except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
                if not _passes(error):
                    log.warning("an answer cannot be delivered: %s", _describe(error))
                    return False
                if clock() > give_up:
                    log.error("an answer was given up after many tries: %s", _describe(error))
                    return False
                log.warning("an answer was not delivered (%s); trying on", _describe(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                return True

    async def _attempt(self, place: Place, answer: Answer, nonce: str) -> None:
        if place.by_interaction():
            try:
                await self._fill_in(place, answer)
            except discord.HTTPException as error:
                if error.code not in _OVER:
                    raise
            else:
                return
        if answer.content is not None:
            await self._post(place, answer, nonce)

    async def _fill_in(self, place: Place, answer: Answer) -> None:
        """Put the answer where Discord shows that the bot is thinking."""
        webhook = discord.Webhook.partial(place.application, place.token, client=self._client)
        original: Any = "@original"  # Discord's name for it, where discord.py foresees an id
        await webhook.edit_message(original, **_parts(answer, edit=True))

    async def _post(self, place: Place, answer: Answer, nonce: str) -> None:
        """A message to the channel, as a reply where there is something to reply to."""
        channel = self._client.get_partial_messageable(place.channel)
        nonce = nonce[:_MAX_NONCE]
        if place.message:
            reference = discord.MessageReference(
                message_id=place.message, channel_id=place.channel, fail_if_not_exists=False
            )
            try:
                await channel.send(**_parts(answer), nonce=nonce, reference=reference)
            except discord.HTTPException as error:
                if error.code != _MAY_NOT_REPLY:
                    raise
            else:
                return
        await channel.send(**_parts(answer), nonce=nonce)


def _parts(answer: Answer, *, edit: bool = False) -> dict[str, Any]:
    """An answer as discord.py takes it; files are made anew for each attempt."""
    parts: dict[str, Any] = {}
    if answer.content is not None:
        parts["content"] = answer.content
    if answer.picture is not None:
        file = answer.picture.file()
        parts |= {"attachments": [file]} if edit else {"file": file}
    view = answer.view()
    if view is not None:
        parts["view"] = view
    return parts


def _passes(error: Exception) -> bool:
    """Whether the same call may succeed later."""
    if isinstance(error, discord.HTTPException):
        return error.status == 429 or error.status >= 500
    return True


def _describe(error: Exception) -> str:
    """An error without what may be in its text: addresses hold an interaction's token."""
    if isinstance(error, discord.HTTPException):
        return f"HTTP {error.status}, code {error.code}"
    return type(error).__name__
