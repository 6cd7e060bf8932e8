"""What the bot posts on Discord: text, files with descriptions, and the buttons below them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import discord

from bot.adapters.discord.buttons import LOOKS, Controls
from bot.adapters.discord.place import DiscordPlace
from bot.chat.buttons import buttons_below
from bot.chat.models import Reply
from bot.chat.spoilers import bare, covered, pieces, shown
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
