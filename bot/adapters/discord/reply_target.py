"""Where an answer goes, and in which form; travels with a job as its context."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Self

import discord

from bot.adapters.discord.actions import Wish
from bot.adapters.discord.media_manifest import Part, decode, encode
from bot.locales import ENGLISH
from captioner.queue.messages import Context

# Discord takes answers to an interaction for so long, then only messages to the channel.
INTERACTION_LIFE = timedelta(minutes=15)
UPLOAD_LIMIT = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES  # where Discord says nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The channel, and either the message or the interaction that asked.

    `message` holds the photo, so that buttons find it again: the message that asked, or else
    the bot's own answer to the interaction, which shows the photo. 0 where there is none.
    """

    channel: int
    message: int = 0
    interaction: int = 0  # 0: a message asked
    application: int = 0
    token: str = field(default="", repr=False)  # lets anybody answer in our name: never logged
    lang: str = ENGLISH
    person: int = 0  # who asked; 0 in contexts of an older version
    wish: str = Wish.CAPTION.value
    written_parts: str = ""
    limit: int = UPLOAD_LIMIT  # bytes that a file may have there
    private: bool = False  # for the person's eyes alone
    voice: bool = False  # the person wants captions read aloud as well
    unasked: bool = False  # a channel where every photo is answered

    @classmethod
    def of_message(cls, message: discord.Message) -> Place:
        """Below a message, as a reply to it."""
        guild = message.guild
        return cls(
            channel=message.channel.id,
            message=message.id,
            person=message.author.id,
            lang=guild.preferred_locale.value if guild else ENGLISH,
            limit=guild.filesize_limit if guild else UPLOAD_LIMIT,
        )

    @classmethod
    def of_interaction(cls, interaction: discord.Interaction, message: int | None) -> Place:
        """The answer to an interaction; `message` is the bot's own, which will be filled in."""
        return cls(
            channel=interaction.channel_id or 0,
            message=message or 0,
            interaction=interaction.id,
            application=interaction.application_id,
            token=interaction.token,
            person=interaction.user.id,
            lang=interaction.locale.value,
            limit=interaction.filesize_limit,
        )

    @classmethod
    def from_context(cls, context: Context) -> Place:
        """The place that a job's context names. Raises ValueError for anything else."""
        try:
            place = cls(**context)  # type: ignore[arg-type]  # checked right below
        except TypeError as error:
            raise ValueError("a context that names no place on Discord") from error
        numbers = (place.channel, place.message, place.interaction, place.application,
                   place.person, place.limit)  # fmt: skip
        if not all(type(number) is int and number >= 0 for number in numbers):
            raise ValueError("a context whose ids are no ids")
        texts = (place.token, place.lang, place.wish, place.written_parts)
        if not all(isinstance(text, str) for text in texts) or place.wish not in set(Wish):
            raise ValueError("a context whose texts are no texts")
        if not all(type(flag) is bool for flag in (place.private, place.voice, place.unasked)):
            raise ValueError("a context whose choices are no choices")
        decode(place.written_parts)
        return place

    def to_context(self) -> Context:
        """The place as a job carries it."""
        return asdict(self)

    def of_parts(self, parts: tuple[Part, ...]) -> Self:
        """The same place for an answer that is about these."""
        return replace(self, written_parts=encode(parts))

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the answer is about."""
        return decode(self.written_parts)

    def by_interaction(self) -> bool:
        """Whether the interaction that asked can still be answered."""
        if not self.token:
            return False
        asked = discord.utils.snowflake_time(self.interaction)
        return discord.utils.utcnow() < asked + INTERACTION_LIFE
