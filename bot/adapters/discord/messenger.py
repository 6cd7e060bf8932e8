"""Answers, refusals and other sentences on Discord, sent until they arrive or never can.

Where they never can, the permission that is missing is named.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, TypeVar

import aiohttp
import discord

from bot.adapters.discord.replies import DiscordPlace, Payload, compose, upload
from bot.asyncio_utils import GaveUpError, Turns, persist
from bot.chat.access_control import Id
from bot.chat.messenger import Messenger, Remove
from bot.chat.models import Action, Reply, Ticket, covered
from bot.chat.rendering import Style
from bot.chat.speech import in_language
from bot.locales import say

log = logging.getLogger(__name__)

T = TypeVar("T")

_COVER = re.compile(r"(?<!\\)\|\|")  # bars that a caption has are escaped
_ORIGINAL: Any = "@original"  # Discord's name for it, where discord.py foresees an id
_GONE = {401, 404}
# Discord's codes for an interaction that takes no more answers.
_OVER = {10015, 10062, 50027}  # unknown webhook, unknown interaction, invalid webhook token
_MAY_NOT_REPLY = 160002  # the bot may not read the channel's history
_BARRED = {50001, 50013}  # it may not see the channel, or not do that in it
_TOO_LARGE = 40005
_TOO_LARGE_STATUS = 413
_MAX_NONCE = 25  # characters
PATIENCE = 3600.0  # seconds for which an answer is worth sending
_SHOW_PATIENCE = 60.0  # seconds; a photo that is not there by then is not worth its answer waiting
_ATTEMPT_SECONDS = 120.0
OUTAGES = (discord.DiscordException, aiohttp.ClientError, OSError)


class DiscordMessenger(Messenger[DiscordPlace]):
    """One client's way to people. Nobody is ever pinged: the client allows no mentions.

    Sending the same thing twice shows it once: an interaction's answer is edited into place,
    and a message to a channel has a nonce that Discord compares.
    """

    place = DiscordPlace
    style = Style(discord.utils.escape_markdown)
    repeatable = True
    every: ClassVar[float] = 8.0  # `show` lasts ten

    def __init__(self, client: discord.Client) -> None:
        super().__init__()
        self._client = client
        self._turns = Turns()

    async def send(self, place: DiscordPlace, reply: Reply, *, key: str) -> bool:
        payload = compose(reply, place)
        if place.voice and reply.looks and reply.spoken:
            payload = replace(payload, sound=await self.sound(reply.spoken, reply.language))
        return await self.deliver(place, payload, key=key)

    async def say(self, place: DiscordPlace, text: str, *, key: str) -> None:
        await self.deliver(place, Payload(text), key=f"{key}?")

    async def read_aloud(self, place: DiscordPlace, said: str, *, key: str, language: str) -> None:
        """Send what stands in an answer of ours as a sound, with it; or say that this cannot be."""
        text = discord.utils.remove_markdown(said) or say("photo-expired", place.lang)
        sound = await self.sound([in_language(text, language)], language)
        if sound is None:
            payload = Payload(say("speech-unavailable", place.lang))
        elif _COVER.search(said):
            payload = Payload(covered(text), (replace(sound, spoiler=True, alt="…"),))
        else:
            payload = Payload(text, (sound,))
        await self.deliver(place, payload, key=key)

    # --- while somebody waits

    def key(self, place: DiscordPlace) -> str:
        return f"{place.channel}/{place.message}"

    def spot(self, place: DiscordPlace) -> int:
        return place.channel

    def begin(self, place: DiscordPlace) -> bool:
        # For an interaction Discord itself shows that the bot is thinking.
        return bool(place.token) or place.unasked or super().begin(place)

    def turn(self, place: DiscordPlace) -> asyncio.Semaphore:
        return self._turns.of(place.token or self.key(place))

    async def show(self, place: DiscordPlace) -> bool:
        try:
            await self._client.get_partial_messageable(place.channel).typing()
        except OUTAGES as error:
            log.info("typing could not be shown: %s", describe(error))
            return False
        return True

    async def accepted(self, place: DiscordPlace, ticket: Ticket) -> None:
        # What was given to a command is seen by nobody until the answer shows it.
        if place.token and place.wish in {Action.CAPTION, Action.QUESTION} and ticket.photos:
            until_then = Payload(pictures=ticket.shown(place.lang))
            await self.deliver(place, until_then, key="", patience=_SHOW_PATIENCE)

    async def note(self, place: DiscordPlace, text: str) -> Remove | None:
        """Where a command was used, in the place of its answer, which takes it away."""
        if place.token:
            # Once only: another process may have the answer before a second try arrives.
            async with self.turn(place):
                await self.deliver(place, Payload(text), key="", patience=0)
            return None
        channel = self._client.get_partial_messageable(place.channel)
        sending = channel.send(text, reference=_reference(place))
        said = await tried(sending, "a word on the waiting was not taken")
        if said is None:
            return None
        return lambda: tried(said.delete(), "a message could not be taken away")

    # --- whatever is sent

    async def deliver(
        self, place: DiscordPlace, payload: Payload, *, key: str, patience: float = PATIENCE
    ) -> bool:
        """Whether it arrived. Errors that pass are waited out for `patience` seconds.

        What the bot may not post there is told to the person who asked, as far as it may, with
        the name of the permission that is missing.
        """
        payload = payload.fitting(place.limit, place.lang)
        attempt = partial(self._attempt, place, payload, key)
        try:
            await persist(
                attempt, wait=_wait, describe=describe, patience=patience, seconds=_ATTEMPT_SECONDS
            )
        except GaveUpError as error:
            log.error("an answer was given up: %s", error)
            return False
        except discord.HTTPException as problem:
            log.warning("an answer cannot be delivered: %s", describe(problem))
            return await self._otherwise(place, payload, key, problem)
        if payload.sound and place.by_interaction():
            # One attempt, for a second could be heard twice.
            sound, send = upload(payload.sound), self._interaction(place).send
            await tried(send(file=sound, ephemeral=place.private), "a voice was not delivered")
        return True

    async def shown(self, place: DiscordPlace) -> int | None:
        """The bot's own message that an interaction was answered with; None if there is none.

        0 where that cannot be found out now.
        """
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                return (await self._interaction(place).fetch_message(_ORIGINAL)).id
        except OUTAGES as error:
            return None if getattr(error, "status", 0) in _GONE else 0

    async def _otherwise(
        self, place: DiscordPlace, payload: Payload, key: str, problem: discord.HTTPException
    ) -> bool:
        """Say what can be said where Discord refused the answer as it was."""
        if payload.content is None:
            return False
        lang, barred = place.lang, problem.code in _BARRED
        if payload.files:
            if problem.code == _TOO_LARGE or problem.status == _TOO_LARGE_STATUS:
                return await self.deliver(place, payload.fitting(0, lang), key=key)
            if barred and (place.token or "attach_files" in self._lacking(place, "attach_files")):
                lacked = say("permission-attach-files", lang)
                remark = say("cannot-attach-discord", lang, permission=lacked)
                return await self.deliver(place, payload.bare(remark), key=key)
        in_channel = place.token or not place.private
        if not barred or not in_channel or not place.person or place.unasked:
            return False
        # The answer to a command can be told in private; of a message, why it got none.
        if not place.token:
            payload = Payload(which_lack(place.channel, self._lacking(place), lang))
        return await self.deliver(replace(place, token="", private=True), payload, key=key)

    def _lacking(self, place: DiscordPlace, *further: str) -> list[str]:
        """Permissions that the bot lacks in a channel; all of them where that cannot be told."""
        channel, nothing = self._client.get_channel(place.channel), discord.Permissions.none()
        granted = nothing
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread) and channel.guild.me:
            granted = channel.permissions_for(channel.guild.me)
        return lacking(channel, granted, *further) or lacking(channel, nothing, *further)

    async def _attempt(self, place: DiscordPlace, payload: Payload, key: str) -> None:
        """Post something once: in the place of an interaction's answer, or as a message."""
        if place.by_interaction():
            # Where Discord shows that the bot is thinking.
            shown = replace(payload, sound=None).arguments(edit=True)
            try:
                await self._interaction(place).edit_message(_ORIGINAL, **shown)
            except discord.HTTPException as error:
                if error.code not in _OVER:
                    raise
            else:
                return
        if payload.content is None:
            return
        nonce = key[-_MAX_NONCE:]
        if place.private:  # to the person alone, without buttons: they would not find the photo
            person = await self._client.create_dm(discord.Object(int(place.person)))
            await person.send(**replace(payload, view=None).arguments(), nonce=nonce)
            return
        channel = self._client.get_partial_messageable(place.channel)
        reply: dict[str, Any] = {"reference": _reference(place)} if place.message else {}
        try:
            await channel.send(**payload.arguments(), nonce=nonce, **reply)
        except discord.HTTPException as error:
            if not reply or error.code != _MAY_NOT_REPLY:
                raise
            await channel.send(**payload.arguments(), nonce=nonce)

    def _interaction(self, place: DiscordPlace) -> discord.Webhook:
        """What an interaction is answered by."""
        webhook = discord.Webhook.partial(place.application, place.token, client=self._client)
        webhook.type = discord.WebhookType.application  # discord.py takes it for a channel's own
        webhook.proxy = self._client.http.proxy  # and does not pass it on
        return webhook


def lacking(channel: object, granted: discord.Permissions, *further: str) -> list[str]:
    """Permissions that are not granted, of those that an answer takes there and further ones."""
    thread = isinstance(channel, discord.Thread)
    wanted = ("view_channel", "send_messages_in_threads" if thread else "send_messages", *further)
    return [name for name in wanted if not getattr(granted, name)]


def which_lack(channel: Id, permissions: Iterable[str], lang: str | None) -> str:
    """A sentence on permissions that the bot lacks in a channel."""
    names = (say(f"permission-{name.replace('_', '-')}", lang) for name in permissions)
    where = f"<#{channel}>"
    return say("missing-permission-discord", lang, channel=where, permissions=", ".join(names))


async def tried(call: Awaitable[T], otherwise: str) -> T | None:
    """What a call gives that may fail; None where it does, which is logged."""
    try:
        async with asyncio.timeout(_ATTEMPT_SECONDS):
            return await call
    except OUTAGES as error:
        log.warning("%s: %s", otherwise, describe(error))
        return None


def _wait(error: Exception) -> float | None:
    """As `persist` wants to know it; discord.py waits by itself if it is not for long."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    if isinstance(error, discord.DiscordException):
        status = getattr(error, "status", 0)
        return 0.0 if status == 429 or status >= 500 else None
    return 0.0 if isinstance(error, OUTAGES) else None


def _reference(place: DiscordPlace) -> discord.MessageReference:
    """The message that an answer replies to, if it is still there."""
    return discord.MessageReference(
        message_id=place.message, channel_id=place.channel, fail_if_not_exists=False
    )


def describe(error: Exception) -> str:
    """An error without what may be in its text: addresses hold an interaction's token."""
    if isinstance(error, discord.HTTPException):
        return f"HTTP {error.status}, code {error.code}"
    return type(error).__name__
