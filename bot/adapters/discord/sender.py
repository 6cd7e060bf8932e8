"""Sends answers until they arrive or it is clear that they never can."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeGuard

import aiohttp
import discord

from bot.adapters.discord.message_payload import MAX_CONTENT, Payload, Upload, cut, written
from bot.adapters.discord.place import DiscordPlace, in_words, missing
from bot.asyncio_utils import Turns
from bot.chat.messenger import Remove
from bot.locales import say

log = logging.getLogger(__name__)

# Discord's codes for an interaction that takes no more answers.
_ORIGINAL: Any = "@original"  # Discord's name for it, where discord.py foresees an id
_GONE = {401, 404}
_OVER = {10015, 10062, 50027}  # unknown webhook, unknown interaction, invalid webhook token
_MAY_NOT_REPLY = 160002  # the bot may not read the channel's history
_BARRED = {50001, 50013}  # it may not see the channel, or not do that in it
_TOO_LARGE = 40005
_TOO_LARGE_STATUS = 413
_MAX_NONCE = 25  # characters
PATIENCE = 3600.0  # seconds for which an answer is worth sending
_ATTEMPT_SECONDS = 120.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds between attempts
_ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)


class Sender:
    """One client's way to Discord. Nobody is ever pinged: the client allows no mentions.

    Sending the same thing twice shows it once: an interaction's answer is edited into place,
    and a message to a channel has a nonce that Discord compares.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._turns = Turns()

    def turn(self, place: DiscordPlace) -> asyncio.Lock:
        """Held by whoever fills in a place: what there is to see until then, then the answer."""
        return self._turns.of(place.token or f"{place.channel}/{place.message}")

    async def deliver(
        self, place: DiscordPlace, payload: Payload, *, key: str, patience: float = PATIENCE
    ) -> bool:
        """Whether it arrived. Errors that pass are waited out for `patience` seconds.

        What the bot may not post there is told to the person who asked, as far as it may, with
        the name of the permission that is missing.
        """
        payload = payload.fitting(place.limit)
        try:
            sent = await _persist(lambda: self._attempt(place, payload, key), patience)
        except discord.HTTPException as problem:
            log.warning("an answer cannot be delivered: %s", _describe(problem))
            return await self._otherwise(place, payload, key, problem)
        if sent and payload.sound and place.by_interaction():
            await self._follow_up(place, payload.sound)
        return sent

    async def type(self, channel: int) -> bool:
        """Show for ten seconds that an answer is coming; nobody misses it where that fails."""
        try:
            await self._client.get_partial_messageable(channel).typing()
        except _ERRORS as error:
            log.info("typing could not be shown: %s", _describe(error))
            return False
        return True

    async def note(self, place: DiscordPlace, text: str) -> Remove | None:
        """Say something below a message; what takes it away, None where it cannot be said now."""
        channel = self._client.get_partial_messageable(place.channel)
        reference = discord.MessageReference(
            message_id=place.message, channel_id=place.channel, fail_if_not_exists=False
        )
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                said = await channel.send(text, reference=reference)
        except _ERRORS as error:
            log.info("a word on the waiting was not taken: %s", _describe(error))
            return None

        async def remove() -> None:
            try:
                await said.delete()
            except _ERRORS as error:
                log.info("a message could not be taken away: %s", _describe(error))

        return remove

    async def shown(self, place: DiscordPlace) -> int | None:
        """The bot's own message that an interaction was answered with; None if there is none.

        0 where that cannot be found out now.
        """
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                return (await self._interaction(place).fetch_message(_ORIGINAL)).id
        except discord.HTTPException as error:
            return None if error.status in _GONE else 0
        except _ERRORS:
            return 0

    # --- what Discord refuses

    async def _otherwise(
        self, place: DiscordPlace, payload: Payload, key: str, problem: discord.HTTPException
    ) -> bool:
        """Say what can be said where Discord refused the answer as it was."""
        if payload.content is None:
            return False
        if payload.uploads or payload.sound:
            if problem.code == _TOO_LARGE or problem.status == _TOO_LARGE_STATUS:
                return await self.deliver(place, payload.fitting(0), key=key)
            lacks = missing(self._client, place.channel, files=True)
            if problem.code in _BARRED and (place.token or "attach_files" in lacks):
                lang = place.lang
                remark = say(
                    "cannot-attach-discord", lang, permission=in_words(["attach_files"], lang)
                )
                return await self.deliver(place, payload.bare(remark), key=key)
        if problem.code in _BARRED and place.person and not place.unasked:
            return await self._in_private(place, payload, key)
        return False

    async def _in_private(self, place: DiscordPlace, payload: Payload, key: str) -> bool:
        """A direct message: the answer to a command, or why a message got none."""
        if not place.token:
            lacks = missing(self._client, place.channel, files=False)
            why = say(
                "missing-permission-discord",
                place.lang,
                channel=f"<#{place.channel}>",
                permissions=in_words(lacks, place.lang),
            )
            payload = Payload(cut(why, MAX_CONTENT), lang=place.lang)
        try:
            return await _persist(lambda: self._direct(place, payload, key), PATIENCE)
        except discord.HTTPException as problem:
            log.info("somebody cannot be told why: %s", _describe(problem))
            return False

    # --- single attempts

    async def _attempt(self, place: DiscordPlace, payload: Payload, key: str) -> None:
        if place.by_interaction():
            try:
                await self._fill_in(place, payload)
            except discord.HTTPException as error:
                if error.code not in _OVER:
                    raise
            else:
                return
        if payload.content is None:
            return
        if place.private:
            await self._direct(place, payload, key)
        else:
            await self._post(place, payload, key)

    async def _fill_in(self, place: DiscordPlace, payload: Payload) -> None:
        """Put the answer where Discord shows that the bot is thinking."""
        await self._interaction(place).edit_message(
            _ORIGINAL, **_parts(replace(payload, sound=None), edit=True)
        )

    async def _follow_up(self, place: DiscordPlace, sound: Upload) -> None:
        """The voice behind an answer: one attempt, for a second could be heard twice."""
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                await self._interaction(place).send(file=sound.file(), ephemeral=place.private)
        except _ERRORS as error:
            log.warning("a voice was not delivered: %s", _describe(error))

    def _interaction(self, place: DiscordPlace) -> discord.Webhook:
        """What an interaction is answered by."""
        webhook = discord.Webhook.partial(place.application, place.token, client=self._client)
        webhook.type = discord.WebhookType.application  # discord.py takes it for a channel's own
        webhook.proxy = self._client.http.proxy  # and does not pass it on
        return webhook

    async def _post(self, place: DiscordPlace, payload: Payload, key: str) -> None:
        """A message to the channel, as a reply where there is something to reply to."""
        channel = self._client.get_partial_messageable(place.channel)
        nonce = key[-_MAX_NONCE:]
        if place.message:
            reference = discord.MessageReference(
                message_id=place.message, channel_id=place.channel, fail_if_not_exists=False
            )
            try:
                await channel.send(**_parts(payload), nonce=nonce, reference=reference)
            except discord.HTTPException as error:
                if error.code != _MAY_NOT_REPLY:
                    raise
            else:
                return
        await channel.send(**_parts(payload), nonce=nonce)

    async def _direct(self, place: DiscordPlace, payload: Payload, key: str) -> None:
        """A message to the person alone, without buttons: they would not find the photo."""
        channel = await self._client.create_dm(discord.Object(int(place.person)))
        await channel.send(**_parts(replace(payload, controls=None)), nonce=key[-_MAX_NONCE:])


async def _persist(attempt: Callable[[], Awaitable[None]], patience: float) -> bool:
    """Whether an attempt succeeded; one is made even without patience.

    Raises HTTPException where Discord refuses for a reason that stays.
    """
    clock = asyncio.get_running_loop().time
    give_up, pause = clock() + patience, _SHORTEST_PAUSE
    while True:
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                await attempt()
        except _ERRORS as error:
            if not _passes(error):
                raise
            wait = max(pause, error.retry_after) if _limited(error) else pause
            if clock() + wait > give_up:
                log.error("an answer was given up: %s", _describe(error))
                return False
            log.warning("an answer was not delivered (%s); trying on", _describe(error))
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return True


def _parts(payload: Payload, *, edit: bool = False) -> dict[str, Any]:
    """An answer as discord.py takes it; files are made anew for each attempt."""
    parts: dict[str, Any] = {}
    if payload.content is not None:
        parts["content"] = written(payload.content)
    files = [upload.file() for upload in payload.uploads]
    if payload.sound is not None:
        files.append(payload.sound.file())
    if files:
        parts["attachments" if edit else "files"] = files
    if payload.controls is not None:
        parts["view"] = payload.controls.view()
    return parts


def _limited(error: Exception) -> TypeGuard[discord.RateLimited]:
    """Whether Discord said how long to wait, and it is longer than discord.py waits by itself."""
    return isinstance(error, discord.RateLimited)


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
