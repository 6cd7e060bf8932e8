"""What is written down of an album's messages: each comes by itself, to any process of the bot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from telegram import Message

from bot.adapters.telegram.media import Picture
from bot.chat.albums import known
from bot.chat.pending import Notes
from captioner.queue.messages import MAX_PHOTOS


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message of an album as all processes of a bot need to know it; nothing of its author."""

    message: int
    picture: Picture | None  # None where there is nothing that we look at
    wish: str = ""  # what its text asks for

    def note(self) -> str:
        """The item as a text."""
        picture = astuple(self.picture) if self.picture else None
        return json.dumps([self.message, picture, self.wish])

    @classmethod
    def from_note(cls, note: str) -> Item:
        """The item in a text that `note` made."""
        message, picture, wish = json.loads(note)
        return cls(message=message, picture=Picture(*picture) if picture else None, wish=wish)


def name_of(message: Message) -> str:
    """The album that a message belongs to, of all albums."""
    return f"{message.chat.id}:{message.media_group_id}"


def in_order(notes: Sequence[str]) -> list[Item]:
    """The items in notes, as they were sent."""
    return sorted(map(Item.from_note, notes), key=lambda item: item.message)[:MAX_PHOTOS]


async def known_items(notes: Notes, message: Message) -> list[Item]:
    """The items of the album that a message belongs to, as far as they were seen lately."""
    return in_order(await known(notes, name_of(message)))
