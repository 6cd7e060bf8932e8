"""Where an answer goes; travels with a job as its context."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta

import discord

from bot.texts import ENGLISH
from captioner.jobs import Context

# Discord takes answers to an interaction for so long, then only messages to the channel.
INTERACTION_LIFE = timedelta(minutes=15)


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

    @classmethod
    def of_message(cls, message: discord.Message) -> Place:
        """Below a message, as a reply to it."""
        return cls(channel=message.channel.id, message=message.id)

    @classmethod
    def of_interaction(cls, interaction: discord.Interaction, message: int | None) -> Place:
        """The answer to an interaction; `message` is the bot's own, which will be filled in."""
        return cls(
            channel=interaction.channel_id or 0,
            message=message or 0,
            interaction=interaction.id,
            application=interaction.application_id,
            token=interaction.token,
            lang=interaction.locale.value,
        )

    @classmethod
    def from_context(cls, context: Context) -> Place:
        """The place that a job's context names. Raises ValueError for anything else."""
        try:
            place = cls(**context)  # type: ignore[arg-type]  # checked right below
        except TypeError as error:
            raise ValueError("a context that names no place on Discord") from error
        numbers = (place.channel, place.message, place.interaction, place.application)
        if not all(type(number) is int and number >= 0 for number in numbers):
            raise ValueError("a context whose ids are no ids")
        if not isinstance(place.token, str) or not isinstance(place.lang, str):
            raise ValueError("a context whose texts are no texts")
        return place

    def to_context(self) -> Context:
        """The place as a job carries it."""
        return asdict(self)

    def by_interaction(self) -> bool:
        """Whether the interaction that asked can still be answered."""
        if not self.token:
            return False
        asked = discord.utils.snowflake_time(self.interaction)
        return discord.utils.utcnow() < asked + INTERACTION_LIFE
