"""Replies on Discord: where they go and in which form: text, described files, buttons below."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Annotated, Any

import discord
from pydantic import Field

from bot.chat.models import Action, Media, Place, Reply, bare, covered, cut, pieces, shown
from bot.chat.rendering import DELETE, Button, buttons_below
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
        asked = discord.utils.snowflake_time(self.interaction)
        return bool(self.token) and discord.utils.utcnow() < asked + INTERACTION_LIFE


# --- what is posted there

MAX_CONTENT = 2000  # characters of a message
_MAX_ALT = 1024  # characters of an attachment's description
_BARS = "||"


@dataclass(frozen=True, slots=True)
class Payload:
    """A message to be: what is None or empty is left as it was when a message is edited.

    What is covered in its content stands between the signs of `bot.chat.models`.
    """

    content: str | None = field(default=None, repr=False)
    pictures: tuple[Media, ...] = ()
    view: Buttons | None = None
    sound: Media | None = None  # beside the answer: an edit would take away what it shows

    @property
    def files(self) -> tuple[Media, ...]:
        """All that goes with it."""
        return (*self.pictures, self.sound) if self.sound else self.pictures

    def bare(self, remark: str) -> Payload:
        """The same without files, and a remark that says why."""
        said = f"{self.content}\n{remark}" if self.content else remark
        return replace(self, content=said, pictures=(), sound=None)

    def fitting(self, limit: int, lang: str | None = ENGLISH) -> Payload:
        """The same without the files that Discord would not take: of more than `limit` bytes."""
        if all(len(file.data) <= limit for file in self.files):
            return self
        return self.bare(say("too-large-to-send", lang, limit=max(1, limit // 1_048_576)))

    def arguments(self, *, edit: bool = False) -> dict[str, Any]:
        """The message as discord.py takes it; files are made anew for each attempt."""
        said: dict[str, Any] = {}
        if self.content is not None:
            said["content"] = written(self.content)
        if self.files:
            said["attachments" if edit else "files"] = list(map(upload, self.files))
        if self.view is not None:
            said["view"] = self.view
        return said


def upload(media: Media) -> discord.File:
    """A file for one attempt at sending it; none goes out without a description."""
    data, alt = io.BytesIO(media.data), cut(media.alt, _MAX_ALT)
    return discord.File(data, media.name, spoiler=media.spoiler, description=alt)


def compose(reply: Reply, place: DiscordPlace) -> Payload:
    """An answer as Discord shows it."""
    text = reply.text
    if place.token and place.question:
        # What was asked with a command, which nobody else would know. Between backticks Discord
        # reads no markup, mention or link.
        text = f"> `{place.question.replace('`', '’')}`\n{text}"
    if reply.media is not None:
        return Payload(text, (reply.media,))
    if reply.copies:
        return Payload(_blocks(reply.copies, place.lang))
    if not place.message or not reply.looks:  # no message shows the photos
        return Payload(text)
    return Payload(text, view=_below(reply, place))


def _blocks(texts: Sequence[str], lang: str) -> str:
    """Texts to copy as they are: in code blocks, where nothing has to be escaped."""
    said = [say("alt-text-ready", lang)]
    longest = (MAX_CONTENT - len(said[0])) // len(texts) - len("\n||```\n\n```||")
    for text in texts:
        block = f"```\n{cut(bare(text).replace('```', '‘‘‘').replace('||', '¦¦'), longest)}\n```"
        said.append(covered(block) if text != bare(text) else block)
    return "\n".join(said)


def written(said: str) -> str:
    """A text as Discord reads it: what is covered is between bars, however it was cut."""
    said = cut(said, MAX_CONTENT)
    covers = sum(hidden for _, hidden in pieces(said))
    return shown(cut(said, MAX_CONTENT - 2 * len(_BARS) * covers), _BARS)


# --- buttons

YES, NO = "yes", "no"
_MAX_LABEL = 80  # characters
BUTTON = re.compile(r"captionbot:(?P<action>[a-z_]{1,20}):(?P<about>\S{1,85})")
_OF_AN_ANSWER = re.compile(r"captionbot:[a-z_]+:([0-9]{1,20}):")
# A message, a photo in it by its place there, maybe a moment of a video, maybe a language.
ABOUT_PHOTOS = re.compile(
    r"(?P<message>[0-9]{1,20})(?::(?P<at>[0-9]{1,2})(?:\.(?P<moment>[0-9]{1,2}))?)?"
    r"(?::(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?"
)
_LOOKS, _THIRD_ROW = 10, 2  # photos that can be looked at more closely, in two rows


class Buttons(discord.ui.View):
    """Buttons that work for ever: all that they need to know is written in their own ids.

    Discord brings an id back with each press, so a bot that was started anew knows what to do.
    """

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.stop()  # discord.py keeps nothing of it

    def add(
        self, action: str, about: str, label: str, *, danger: bool = False, row: int | None = None
    ) -> None:
        """Add one, as BUTTON reads it."""
        style = discord.ButtonStyle.danger if danger else discord.ButtonStyle.secondary
        ident, label = f"captionbot:{action}:{about}", label[:_MAX_LABEL]
        self.add_item(discord.ui.Button(label=label, style=style, custom_id=ident, row=row))


def _below(reply: Reply, place: DiscordPlace) -> Buttons:
    """The buttons for an answer about the photos in a message."""
    # What only one person sees goes away by itself.
    below = [*buttons_below(reply, place, most=_LOOKS, deletable=not place.private)]
    several = sum(button.does == Action.ATTENTION_GIF for button in below) > 1
    view = Buttons()
    for button in below:
        danger = button.does == DELETE
        about = str(place.person) if danger else _about(button, place, reply.language)
        row = _THIRD_ROW if several and button.does != Action.ATTENTION_GIF else None
        view.add(button.does, about, button.label, danger=danger, row=row)
    return view


def _about(button: Button, place: DiscordPlace, language: str) -> str:
    """What a button is about, as ABOUT_PHOTOS reads it; the language if it is to be spoken."""
    look = button.look
    # The answer to a command shows its photos itself, one behind the other.
    slot = str(look.photo if place.token else look.at)
    if look.moment is not None and not place.token:
        slot = f"{slot}.{look.moment}"
    named = button.does == Action.SPEECH and language != ENGLISH
    holder = place.holder or place.message
    return ":".join(filter(None, (str(holder), slot, language if named else "")))


def confirmation(question: str, lang: str | None) -> Buttons:
    """Yes and no, for what an owner is asked."""
    view = Buttons()
    for word in (YES, NO):
        view.add(word, question, say(f"button-{word}", lang), danger=word == YES)
    return view


def photo_holder(message: discord.Message | None) -> int | None:
    """The message with the photo that an answer of ours is about, as its buttons have it."""
    for row in message.components if message else ():
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            if found := _OF_AN_ANSWER.match(str(getattr(item, "custom_id", ""))):
                return int(found[1])
    return None
