"""What the bot posts on Discord: text, files with descriptions, and the buttons below them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field, replace

import discord

from bot.adapters.discord.buttons import Controls
from bot.chat.spoilers import pieces, shown
from bot.locales import ENGLISH, say

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
