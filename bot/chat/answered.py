"""Which photo an answer of the bot's is about, where a platform does not say that with a reply."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from bot.chat.pending import Journal, Notes
from bot.chat.preferences import OUT_OF_REACH, Id
from bot.chat.refusals import Refusal, RefusalCode

KEPT = 86_400.0  # seconds


class AnsweredPhotos:
    """Notes of a day: what it takes to fetch a photo again, under the answer about it."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def keep(self, answer: str, photo: str, *, person: Id) -> None:
        """Note what an answer to a person is about, if that can be."""
        # First whose it is: what nobody could delete must not be kept.
        if await self._of(person).add(answer):
            await self._notes.leave(_name(answer), photo, seconds=KEPT)

    async def find(self, answer: str) -> str:
        """What an answer is about; "" where that is not known, or not any more."""
        try:
            return next(iter(await self._notes.read(_name(answer))), "")
        except OUT_OF_REACH:
            return ""

    async def forget(self, answer: str) -> None:
        """An answer was deleted."""
        await self._notes.collect(_name(answer))

    async def forget_person(self, person: Id) -> None:
        """Remove all that is noted of answers to somebody. Raises Refusal."""
        journal = self._of(person)
        try:
            for answer in await journal.all():
                await self.forget(answer)
                await journal.remove(answer)
        except OUT_OF_REACH:
            raise Refusal(RefusalCode.CHOICES_UNAVAILABLE) from None

    def _of(self, person: Id) -> Journal:
        return Journal(self._notes, f"answers-to:{person}", seconds=KEPT)


def noted(pictures: Sequence[Any]) -> str:
    """The first of some pictures, dataclasses of a platform, and how many there are, as a note.

    "" where there is none that we look at.
    """
    first = next(filter(None, pictures), None)
    return json.dumps([astuple(first), len(pictures)]) if first else ""


def pictures_in(note: str, kind: type[Any]) -> list[Any]:
    """The pictures of a kind in a note: of those after the first nothing is known.

    [] for a note of another version.
    """
    try:
        picture, count = json.loads(note)
        return [kind(*picture), *[None] * (int(count) - 1)]
    except (ValueError, TypeError):
        return []


def _name(answer: str) -> str:
    return f"answer:{answer}"
