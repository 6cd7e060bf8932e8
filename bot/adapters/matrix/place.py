"""Where answers go on Matrix."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from bot.chat.models import Place

TEXT_LENGTH = 4000  # characters: an event has 65,536 bytes at most, and a text is in it twice


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPlace(Place):
    """A room, and the event there that an answer replies to."""

    lang: str | None = None  # Matrix does not say what people read
    room: str
    event: str  # of the photo; of the message where there is none
    thread: str = ""  # the event that a thread begins with
    asked: str = ""  # the event that asked, where it is another

    @property
    def key(self) -> str:
        """What asked for what: nothing is wanted twice at a time."""
        return f"{self.room}:{self.asked or self.event}:{self.wish}"

    @property
    def spot(self) -> Hashable:
        """Where it shows that somebody waits."""
        return self.room

    def relation(self) -> dict[str, Any]:
        """How a message stands below the one that it replies to."""
        reply = {"m.in_reply_to": {"event_id": self.event}}
        if not self.thread:
            return reply
        return reply | {"rel_type": "m.thread", "event_id": self.thread, "is_falling_back": False}


def cut(text: str) -> str:
    """The text, not longer than a message should be."""
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"
