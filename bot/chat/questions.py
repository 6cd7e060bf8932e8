"""Questions about photos: as they may travel to a worker, and which photo is meant.

Where a platform does not say with a reply which photo an answer of the bot's is about, a note does.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from bot.chat.pending import Journal, Notes
from bot.chat.preferences import OUT_OF_REACH, Id
from bot.chat.refusals import Refusal, RefusalCode
from captioner.queue.messages import MAX_QUESTION

KEPT = 86_400.0  # seconds for which it is known what an answer is about
_SPACES = {"Cc", "Zl", "Zp", "Zs"}
# Directions, invisible signs, halves of surrogates and what has no meaning; but letters and emoji
# are joined by two of them.
_NOTHING = {"Cf", "Cn", "Co", "Cs"}
_SAYING = "LNS"  # letters, numbers and symbols, such as emoji; a lone question mark asks nothing
_JOINERS = {"\u200c", "\u200d"}


def clean_question(text: str) -> str:
    """A question in one line, without control characters.

    Raises Refusal: question-empty, question-too-long.
    """
    # What is cut off here is too long in any case, unless it is nothing but spaces.
    signs = (_printable(sign) for sign in text[: 100 * MAX_QUESTION])
    question = " ".join("".join(signs).split())
    if not any(unicodedata.category(sign)[0] in _SAYING for sign in question):
        raise Refusal(RefusalCode.QUESTION_EMPTY)
    if len(question) > MAX_QUESTION:
        raise Refusal(RefusalCode.QUESTION_TOO_LONG, limit=MAX_QUESTION)
    return question


def _printable(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in _SPACES:
        return " "
    return "" if category in _NOTHING and sign not in _JOINERS else sign


# --- answers that can be asked about


class AnsweredPhotos:
    """Notes of a day: what it takes to fetch a photo again, under the answer about it."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def keep(self, answer: str, photo: str, *, person: Id) -> None:
        """Note what an answer to a person is about, if that can be."""
        # First whose it is: what nobody could delete must not be kept.
        if await self._of(person).add(answer):
            await self._notes.leave(f"answer:{answer}", photo, seconds=KEPT)

    async def find(self, answer: str) -> str:
        """What an answer is about; "" where that is not known, or not any more."""
        try:
            return next(iter(await self._notes.read(f"answer:{answer}")), "")
        except OUT_OF_REACH:
            return ""

    async def forget(self, answer: str) -> None:
        """An answer was deleted."""
        await self._notes.collect(f"answer:{answer}")

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
