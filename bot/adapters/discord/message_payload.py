"""What the bot posts on Discord: text, files with descriptions, and the buttons below them."""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, cast

import discord

from bot.adapters.discord.place import DiscordPlace
from bot.chat.models import Action, Reply, bare, covered, pieces, shown
from bot.chat.rendering import DELETE, Button, buttons_below
from bot.locales import ENGLISH, say
from bot.media.sanitizer import CleanPhoto
from captioner.queue.messages import Output

_NAMES = {Output.ATTENTION_GIF: "attention.gif", Output.ATTENTION_SHEET: "attention.png"}
MAX_CONTENT = 2000  # characters of a message
_BARS = "||"
MAX_ALT = 1024  # characters of an attachment's description


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to post; none goes out without a description."""

    name: str
    data: bytes = field(repr=False)
    alt: str = field(repr=False)
    spoiler: bool = False  # to be covered

    def file(self) -> discord.File:
        """The file for one attempt at sending it."""
        return discord.File(
            io.BytesIO(self.data),
            filename=self.name,
            spoiler=self.spoiler,
            description=cut(self.alt, MAX_ALT),
        )


@dataclass(frozen=True, slots=True)
class Payload:
    """A message to be: what is None or empty is left as it was when a message is edited.

    What is covered in its content stands between the signs of `bot.chat.spoilers`.
    """

    content: str | None = field(default=None, repr=False)
    uploads: tuple[Upload, ...] = ()
    controls: Controls | None = None  # the buttons
    sound: Upload | None = None  # beside the answer: an edit would take away what it shows
    lang: str = ENGLISH

    def bare(self, remark: str) -> Payload:
        """The same without files, and a remark that says why."""
        said = cut(f"{self.content}\n{remark}" if self.content else remark, MAX_CONTENT)
        return replace(self, content=said, uploads=(), sound=None)

    def fitting(self, limit: int) -> Payload:
        """The same without the files that Discord would not take: of more than `limit` bytes."""
        files = [*self.uploads, *([self.sound] if self.sound else [])]
        if all(len(file.data) <= limit for file in files):
            return self
        return self.bare(say("too-large-to-send", self.lang, limit=max(1, limit // 1_048_576)))


def compose(reply: Reply, place: DiscordPlace) -> Payload:
    """An answer as Discord shows it."""
    lang, text = place.lang, cut(_with_question(reply.text, place), MAX_CONTENT)
    if reply.media is not None:
        media = reply.media
        upload = Upload(_NAMES[media.output], media.data, media.alt, media.spoiler)
        return Payload(text, (upload,), lang=lang)
    if reply.copies:
        return Payload(_blocks(reply.copies, lang), lang=lang)
    if not place.message or not reply.looks:  # no message shows the photos
        return Payload(text, lang=lang)
    # What only one person sees goes away by itself.
    below = buttons_below(reply, place, most=LOOKS, deletable=not place.private)
    controls = Controls(
        message=place.holder or place.message,
        buttons=tuple(below),
        person=place.person,
        own=bool(place.token),
        language=reply.language,
    )
    return Payload(text, controls=controls, lang=lang)


def _with_question(text: str, place: DiscordPlace) -> str:
    """The text below what was asked with a command, which nobody else would know.

    Between backticks Discord reads no markup, mention or link.
    """
    if not place.token or not place.question:
        return text
    return f"> `{place.question.replace('`', '’')}`\n{text}"


def showing(photos: Sequence[CleanPhoto], spoilers: Sequence[bool], lang: str) -> Payload:
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


def written(said: str) -> str:
    """A text as Discord reads it: what is covered is between bars, however it was cut."""
    covers = sum(hidden for _, hidden in pieces(said))
    return shown(cut(said, MAX_CONTENT - 2 * len(_BARS) * covers), _BARS)


def has_bars(said: str) -> bool:
    """Whether a text of Discord's has something covered; bars that a caption has are escaped."""
    return bool(re.search(r"(?<!\\)\|\|", said))


def cut(said: str, limit: int) -> str:
    """A text that is not too long for Discord."""
    return said if len(said) <= limit else said[: limit - 1] + "…"


# --- buttons that work for ever: all that they need to know is written in their own ids

if TYPE_CHECKING:
    _Button = discord.ui.Button[discord.ui.View]
else:
    _Button = discord.ui.Button

_ABOUT = {Action.ATTENTION_GIF, Action.ATTENTION_SHEET, Action.OTHERS, Action.SPEECH}
YES, NO = "yes", "no"
_MAX_LABEL = 80  # characters
_OF_AN_ANSWER = re.compile(r"captionbot:[a-z_]+:([0-9]{1,20}):")
_ABOUT_PHOTOS = re.compile(
    r"(?P<message>[0-9]{1,20})(?::(?P<slot>[0-9]{1,2}(?:\.[0-9]{1,2})?))?"
    r"(?::(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?"
)
_A_ROW = 5  # buttons
LOOKS = 10  # photos that can be looked at more closely, in two rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The buttons for an answer about the photos in a message."""

    message: int
    buttons: Sequence[Button]
    person: int | str  # who asked
    own: bool = False  # the answer shows its photos itself, one behind the other
    language: str = ENGLISH  # of the captions

    def view(self) -> discord.ui.View:
        """The buttons as discord.py takes them."""
        # Without a time-out discord.py keeps nothing in memory for a view of such buttons.
        view = discord.ui.View(timeout=None)
        looks = sum(button.does == Action.ATTENTION_GIF for button in self.buttons)
        for n, button in enumerate(self.buttons):
            below = 0 if looks < 2 else LOOKS // _A_ROW
            row = n // _A_ROW if n < looks else below
            danger = button.does == DELETE
            about = str(self.person) if danger else self._about(button)
            view.add_item(CaptionButton(button.does, about, button.label, danger=danger, row=row))
        return view

    def _about(self, button: Button) -> str:
        """What a button is about: a message, a photo in it, and a language if it is to be spoken.

        A photo is named by its place in the message, with a dot and a number behind it for a
        moment of a video.
        """
        look = button.look
        slot = str(look.photo if self.own else look.at)
        if look.moment is not None and not self.own:
            slot = f"{slot}.{look.moment}"
        named = button.does == Action.SPEECH and self.language != ENGLISH
        return ":".join(filter(None, (str(self.message), slot, self.language if named else "")))


def confirmation(question: str, lang: str | None) -> discord.ui.View:
    """Yes and no, for what an owner is asked."""
    view = discord.ui.View(timeout=None)
    for word in (YES, NO):
        label = say(f"button-{word}", lang)
        view.add_item(CaptionButton(word, question, label, danger=word == YES))
    return view


class CaptionButton(
    discord.ui.DynamicItem[_Button],
    template=r"captionbot:(?P<action>[a-z_]{1,20}):(?P<about>\S{1,85})",
):
    """A button of ours.

    Discord brings its id back with each press, so a bot that was started anew knows what to do.
    """

    def __init__(
        self,
        action: str,
        about: str,
        label: str = "",
        *,
        danger: bool = False,
        row: int | None = None,
    ) -> None:
        super().__init__(
            discord.ui.Button(
                label=label[:_MAX_LABEL],
                style=discord.ButtonStyle.danger if danger else discord.ButtonStyle.secondary,
                custom_id=f"captionbot:{action}:{about}",
                row=row,
            )
        )
        self._action, self._about = action, about

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py gives it
        item: discord.ui.Item[Any],  # noqa: ARG003 - discord.py gives it
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(match["action"], match["about"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await cast("Presses", interaction.client).press(interaction, self._action, self._about)


class Presses(Protocol):
    """What a button's client can do."""

    def press(
        self, interaction: discord.Interaction[Any], action: str, about: str
    ) -> Awaitable[None]:
        """Do what a button asks for, by what is written in it."""


class Pressed(NamedTuple):
    """What a button asks about photos."""

    wish: Action
    message: int  # that holds them
    slot: str
    language: str  # of the captions

    @classmethod
    def from_button(cls, action: str, about: str) -> Pressed | None:
        """What stands in a button; None for one of another version."""
        match = _ABOUT_PHOTOS.fullmatch(about)
        if match is None or action not in _ABOUT:
            return None
        language = match["language"] or ENGLISH
        return cls(Action(action), int(match["message"]), match["slot"] or "0", language)


def photo_holder(message: discord.Message) -> int | None:
    """The message with the photo that an answer of ours is about, as its buttons have it."""
    for row in message.components:
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            if found := _OF_AN_ANSWER.match(str(getattr(item, "custom_id", ""))):
                return int(found[1])
    return None
