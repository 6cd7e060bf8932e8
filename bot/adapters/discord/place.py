"""Where an answer on Discord goes and in which form, and which permissions the bot lacks there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

import discord
from pydantic import Field

from bot.chat.models import Place
from bot.locales import ENGLISH, say

# Discord takes answers to an interaction for so long, then only messages to the channel.
INTERACTION_LIFE = timedelta(minutes=15)
UPLOAD_LIMIT = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES  # where Discord says nothing else
Snowflake = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordPlace(Place):
    """The channel, and either the message or the interaction that asked.

    `message` holds the photo, so that buttons find it again: the message that asked, or else
    the bot's own answer to the interaction, which shows the photo. 0 where there is none.
    """

    person: Snowflake = 0
    lang: str = ENGLISH
    channel: Snowflake
    message: Snowflake = 0
    holder: Snowflake = 0  # the message with the photo, where a question stands in another
    interaction: Snowflake = 0  # 0: a message asked
    application: Snowflake = 0
    token: str = field(default="", repr=False)  # lets anybody answer in our name: never logged
    limit: Snowflake = UPLOAD_LIMIT  # bytes that a file may have there
    private: bool = False  # for the person's eyes alone
    direct: bool = False  # in the person's direct messages with the bot

    @property
    def in_company(self) -> bool:
        """Whether others than the person see the answer."""
        return not (self.private or self.direct)

    @classmethod
    def of_message(cls, message: discord.Message) -> DiscordPlace:
        """Below a message, as a reply to it."""
        guild = message.guild
        return cls(
            channel=message.channel.id,
            message=message.id,
            person=message.author.id,
            lang=guild.preferred_locale.value if guild else ENGLISH,
            limit=guild.filesize_limit if guild else UPLOAD_LIMIT,
            direct=isinstance(message.channel, discord.DMChannel),
        )

    @classmethod
    def of_interaction(cls, interaction: discord.Interaction, message: int = 0) -> DiscordPlace:
        """The answer to an interaction; `message` is the bot's own, which will be filled in."""
        return cls(
            channel=interaction.channel_id or 0,
            message=message,
            interaction=interaction.id,
            application=interaction.application_id,
            token=interaction.token,
            person=interaction.user.id,
            lang=interaction.locale.value,
            limit=interaction.filesize_limit,
            direct=interaction.context.dm_channel is True,
        )

    def by_interaction(self) -> bool:
        """Whether the interaction that asked can still be answered."""
        if not self.token:
            return False
        asked = discord.utils.snowflake_time(self.interaction)
        return discord.utils.utcnow() < asked + INTERACTION_LIFE


def lacking(channel: object, granted: discord.Permissions, *further: str) -> list[str]:
    """Permissions that are not granted, of those that an answer takes there and further ones."""
    thread = isinstance(channel, discord.Thread)
    wanted = ("view_channel", "send_messages_in_threads" if thread else "send_messages", *further)
    return [name for name in wanted if not getattr(granted, name)]


def missing(client: discord.Client, channel: int, *further: str) -> list[str]:
    """As `lacking`, of the bot in a channel.

    Where that cannot be told, as for a channel that it cannot see, it is all of them.
    """
    known, nothing = client.get_channel(channel), discord.Permissions.none()
    granted = nothing
    if isinstance(known, discord.abc.GuildChannel | discord.Thread) and known.guild.me:
        granted = known.permissions_for(known.guild.me)
    return lacking(known, granted, *further) or lacking(known, nothing, *further)


def in_words(permissions: list[str], lang: str | None) -> str:
    """Permissions as Discord calls them, in a row."""
    return ", ".join(say(f"permission-{name.replace('_', '-')}", lang) for name in permissions)
