"""A question that somebody asks about pictures in a chat."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.telegram.actions import Wish
from bot.adapters.telegram.media import Picture
from bot.adapters.telegram.sender import Place
from captioner.queue.messages import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is wanted, of which pictures, by whom, and where the answer goes."""

    pictures: tuple[Picture | None, ...]  # of an album several; None for what is not looked at
    place: Place
    person: int
    group: int | None = None  # the chat, unless it is that person's own
    asked: str  # nothing is wanted twice at a time
    dedupe: str  # one asking has one key, however often Telegram delivers it
    wish: Wish = Wish.CAPTION
    voice: bool = False  # the answer is read aloud, too
    unasked: bool = False  # nobody asked: the group has us answer every photo
    if_gone: str = "download-failed"

    def context(self) -> Context:
        """What the answer has to know of the question."""
        return self.place.context() | {
            "asked": self.asked,
            "person": self.person,
            "wish": self.wish.value,
            "voice": self.voice,
        }
