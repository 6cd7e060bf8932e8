"""Answers, refusals and other sentences, as Discord shows them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import discord

from bot.adapters.discord.buttons import Controls
from bot.adapters.discord.message_payload import MAX_CONTENT, Payload, Upload, cut
from bot.adapters.discord.place import DiscordPlace
from bot.adapters.discord.sender import Sender
from bot.chat.messenger import Messenger, Remove
from bot.chat.models import Action, Look, Reply, Ticket
from bot.chat.progress import Progress
from bot.chat.refusals import Refusal
from bot.chat.rendering import Style
from bot.chat.speech import SpeechUnavailable, in_language, speak
from bot.chat.spoilers import bare, covered
from bot.locales import ENGLISH, say
from bot.media.sanitizer import CleanPhoto
from captioner.queue.messages import Output

log = logging.getLogger(__name__)

_SHOW_PATIENCE = 60.0  # seconds; a photo that is not there by then is not worth its answer waiting
_NAMES = {Output.ATTENTION_GIF: "attention.gif", Output.ATTENTION_SHEET: "attention.png"}


class DiscordMessenger(Messenger[DiscordPlace]):
    """One client's way to people."""

    place = DiscordPlace
    style = Style(discord.utils.escape_markdown)
    repeatable = True  # see Sender
    every: ClassVar[float] = 8.0  # `show` lasts ten

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._progress = Progress[DiscordPlace](self)

    def turn(self, place: DiscordPlace) -> asyncio.Lock:
        return self._sender.turn(place)

    async def send(self, place: DiscordPlace, reply: Reply, *, key: str) -> bool:
        return await self._sender.deliver(place, await compose(reply, place), key=key)

    async def refuse(self, place: DiscordPlace, refusal: Refusal, *, key: str) -> None:
        await self.say(place, refusal.text(place.lang), key=key)

    async def say(self, place: DiscordPlace, text: str, *, key: str) -> None:
        """Say a sentence where an answer would stand."""
        payload = Payload(cut(text, MAX_CONTENT), lang=place.lang)
        await self._sender.deliver(place, payload, key=f"{key}?")

    async def read_aloud(
        self,
        place: DiscordPlace,
        text: str,
        *,
        key: str,
        language: str = ENGLISH,
        spoiler: bool = False,
    ) -> None:
        """Send an answer of ours as a sound, with its text; or say that this cannot be."""
        sound = await _spoken([in_language(text, language)], language)
        payload = (
            Payload(text, (sound,), lang=place.lang)
            if sound
            else Payload(say("speech-unavailable", place.lang), lang=place.lang)
        )
        if sound and spoiler:
            hidden = replace(sound, spoiler=True, alt="…")
            payload = replace(payload, content=covered(text), uploads=(hidden,))
        await self._sender.deliver(place, payload, key=key)

    # --- while somebody waits

    def begin(self, place: DiscordPlace) -> bool:
        # For an interaction Discord itself shows that the bot is thinking.
        quiet = bool(place.token) or place.unasked
        return quiet or self._progress.begin(f"{place.channel}/{place.message}", place)

    def ended(self, place: DiscordPlace) -> None:
        self._progress.end(f"{place.channel}/{place.message}")

    def spot(self, place: DiscordPlace) -> int:
        return place.channel

    async def show(self, place: DiscordPlace) -> bool:
        return await self._sender.type(place.channel)

    async def close(self) -> None:
        """Show nobody any more that they wait."""
        await self._progress.close()

    async def accepted(self, place: DiscordPlace, ticket: Ticket) -> None:
        # What was given to a command is seen by nobody until the answer shows it.
        unseen = bool(place.token) and place.wish in {Action.CAPTION, Action.QUESTION}
        photos = ticket.photos if unseen else ()
        if photos:
            until_then = _shown(photos, ticket.spoilers, place.lang)
            await self._sender.deliver(place, until_then, key="", patience=_SHOW_PATIENCE)

    async def note(self, place: DiscordPlace, text: str) -> Remove | None:
        """Where a command was used, in the place of its answer, which takes it away."""
        if not place.token:
            return await self._sender.note(place, text)
        # Once only: another process may have the answer before a second try arrives.
        async with self.turn(place):
            await self._sender.deliver(place, Payload(text, lang=place.lang), key="", patience=0)
        return None


async def compose(reply: Reply, place: DiscordPlace) -> Payload:
    """An answer as Discord shows it."""
    text = cut(_with_question(reply.text, place), MAX_CONTENT)
    if reply.media is not None:
        media = reply.media
        upload = Upload(_NAMES[media.output], media.data, media.alt, media.spoiler)
        return Payload(text, (upload,), lang=place.lang)
    if reply.copies:
        return Payload(_blocks(reply.copies, place.lang), lang=place.lang)
    return Payload(
        text,
        controls=_controls(reply, place),
        sound=(
            await _spoken(reply.spoken, reply.language) if place.voice and reply.looks else None
        ),
        lang=place.lang,
    )


def _with_question(text: str, place: DiscordPlace) -> str:
    """The text below what was asked with a command, which nobody else would know.

    Between backticks Discord reads no markup, mention or link.
    """
    if not place.token or not place.question:
        return text
    return f"> `{place.question.replace('`', '’')}`\n{text}"


def _shown(photos: Sequence[CleanPhoto], spoilers: Sequence[bool], lang: str) -> Payload:
    """The photos that somebody gave to a command, which nobody would see otherwise."""
    uploads = tuple(
        Upload(
            f"photo-{number}.jpg" if number > 1 else "photo.jpg",
            photo.jpeg,
            say("alt-photo", lang)
            if len(photos) == 1
            else say("alt-photo-number", lang, number=number, count=len(photos)),
            spoiler,
        )
        for number, (photo, spoiler) in enumerate(zip(photos, spoilers, strict=False), 1)
    )
    return Payload(None, uploads, lang=lang)


def _blocks(texts: Sequence[str], lang: str) -> str:
    """Texts to copy as they are: in code blocks, where nothing has to be escaped."""
    said = [say("alt-text-ready", lang)]
    longest = (MAX_CONTENT - len(said[0])) // len(texts) - len("\n||```\n\n```||")
    for text in texts:
        block = f"```\n{cut(bare(text).replace('```', '‘‘‘').replace('||', '¦¦'), longest)}\n```"
        said.append(covered(block) if text != bare(text) else block)
    return "\n".join(said)


async def _spoken(sentences: Sequence[str], language: str) -> Upload | None:
    """The captions as a sound; None where that cannot be done here."""
    try:
        speech = await speak("\n".join(sentences), language=language)
    except SpeechUnavailable as error:
        log.warning("discord: no voice: %s", error)
        return None
    return Upload("caption.ogg", speech.ogg, " ".join(sentences))


def _controls(reply: Reply, place: DiscordPlace) -> Controls | None:
    """The buttons for an answer about photos; none where there is no message that shows them."""
    if not place.message or not reply.looks:
        return None
    return Controls(
        message=place.holder or place.message,
        looks=tuple((_slot(look, place), look.label) for look in reply.looks),
        # What only one person sees goes away by itself.
        deletable_by=0 if place.private else int(place.person),
        lang=place.lang,
        attention=reply.attention,
        others=reply.others,
        language=reply.language,
    )


def _slot(look: Look, place: DiscordPlace) -> str:
    """How a button names its photo: its place in the message that shows it, and its moment."""
    if place.token:  # an answer to a command shows its photos itself, one behind the other
        return str(look.photo)
    return str(look.at) if look.moment is None else f"{look.at}.{look.moment}"
