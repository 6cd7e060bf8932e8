"""What the bot says on Discord: text, pictures with alt text, and the buttons below them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import discord

from bot.adapters.discord.buttons import look_buttons
from bot.adapters.discord.place import Place
from bot.texts import say
from captioner.jobs import CaptionReply, Output

MAX_CONTENT = 2000  # characters of a message
MAX_ALT = 1024  # characters of an attachment's description


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file to post; none goes out without a description."""

    name: str
    data: bytes = field(repr=False)
    alt: str = field(repr=False)

    def file(self) -> discord.File:
        """The picture for one attempt at sending it."""
        return discord.File(
            io.BytesIO(self.data), filename=self.name, description=_cut(self.alt, MAX_ALT)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A message to be: what is None is left as it was when an answer is edited."""

    content: str | None = field(default=None, repr=False)
    picture: Picture | None = None
    look_at: int = 0  # the message whose photo the buttons are about; 0: no buttons
    lang: str = "en"

    def view(self) -> discord.ui.View | None:
        """The buttons, if there are any."""
        return look_buttons(self.look_at, self.lang) if self.look_at else None


def text(text_id: str, lang: str, **args: str | int) -> Answer:
    """A sentence of the bot's own."""
    return Answer(_cut(say(text_id, lang, **args), MAX_CONTENT), lang=lang)


def answer(reply: CaptionReply, place: Place, *, photo: bytes = b"") -> Answer:
    """A reply as people see it; `photo` is shown with it where it is not seen otherwise."""
    if reply.failure is not None:
        return text(reply.failure, place.lang)
    caption = reply.captions[0].text
    if reply.output is Output.CAPTION:
        said = say("caption", place.lang, caption=discord.utils.escape_markdown(caption))
        return Answer(
            _cut(said, MAX_CONTENT),
            Picture("photo.jpg", photo, caption) if photo else None,
            place.message,
            place.lang,
        )
    name, alt = _MEDIA[reply.output]
    said = say("attention", place.lang, caption=discord.utils.escape_markdown(caption))
    picture = Picture(name, reply.media, say(alt, place.lang, caption=caption))
    return Answer(_cut(said, MAX_CONTENT), picture, lang=place.lang)


def shown(photo: bytes, lang: str) -> Answer:
    """The photo that somebody gave to a command, which nobody would see otherwise."""
    return Answer(None, Picture("photo.jpg", photo, say("alt-photo", lang)), lang=lang)


_MEDIA = {
    Output.ATTENTION_GIF: ("attention.gif", "alt-attention-gif"),
    Output.ATTENTION_SHEET: ("attention.png", "alt-attention-sheet"),
}


def _cut(said: str, limit: int) -> str:
    return said if len(said) <= limit else said[: limit - 1] + "…"
