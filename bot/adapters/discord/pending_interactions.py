"""What a process leaves behind for the next one, in case it ends before somebody is answered."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord

from bot.adapters.discord.preferences import Choices
from bot.adapters.discord.reply_target import INTERACTION_LIFE, Place

log = logging.getLogger(__name__)

_CHANNELS_FOR = 86_400.0  # seconds
_QUESTIONS_FOR = INTERACTION_LIFE.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know about attachments."""

    id: int  # of the message or interaction that asked
    attachments: Sequence[discord.Attachment]
    chat: str = ""  # the channel, where it is not the person's own
    about_one: bool = False  # the first of them
    moment: int | None = None  # of a film, where it is about that alone


class Notes:
    """Notes in the store, for as long as somebody may wait; without a store there are none.

    They lie under a key for each stretch of time, so that old ones go although new ones come.
    """

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._noted: set[tuple[str, int]] = set()  # channels, by their key

    async def direct(self, channel: int) -> None:
        """Somebody writes to the bot in private: Discord lists no such channels."""
        key = _keys("direct", _CHANNELS_FOR)[0]
        if (key, channel) not in self._noted:
            self._noted = {known for known in self._noted if known[0] == key} | {(key, channel)}
            await self._choices.leave(key, str(channel), seconds=_CHANNELS_FOR)

    @asynccontextmanager
    async def asked(self, place: Place, question: Question) -> AsyncIterator[bool]:
        """A command or button is being looked at; whether there is a note of it.

        To be left before Discord is told that an answer comes: whoever asked sees the bot think
        from then on, however the process ends.
        """
        key, note = _keys("asked", _QUESTIONS_FOR)[0], _written(place, question)
        left = await self._choices.leave(key, note, seconds=_QUESTIONS_FOR)
        try:
            yield left
        except asyncio.CancelledError:
            raise  # somebody else is to take it up
        except BaseException:
            await self._choices.take_back(key, note)
            raise
        await self._choices.take_back(key, note)

    async def forget(self, place: Place, question: Question) -> None:
        """A question that another process left behind is looked after."""
        for key in _keys("asked", _QUESTIONS_FOR):
            await self._choices.take_back(key, _written(place, question))

    async def all_direct(self) -> set[int]:
        """The private channels in which somebody wrote within a day. Raises StoreUnavailable."""
        return {int(note) for note in await self._all("direct", _CHANNELS_FOR)}

    async def left_behind(self, client: discord.Client) -> list[tuple[Place, Question]]:
        """The questions of processes that ended with them in hand, if they can be answered.

        Raises StoreUnavailable.
        """
        notes = await self._all("asked", _QUESTIONS_FOR)
        found = [read for note in notes if (read := _read(json.loads(note), client))]
        return [(place, question) for place, question in found if place.by_interaction()]

    async def _all(self, what: str, seconds: float) -> list[str]:
        return [note for key in _keys(what, seconds) for note in await self._choices.notes(key)]


def _keys(what: str, seconds: float) -> tuple[str, str]:
    """Where notes lie now, and where they lay before."""
    now = int(time.time() // seconds)
    return f"{what}:{now}", f"{what}:{now - 1}"


def _written(place: Place, question: Question) -> str:
    return json.dumps({
        "place": place.to_context(),
        "id": question.id,
        "attachments": [attachment.to_dict() for attachment in question.attachments],
        "chat": question.chat,
        "about_one": question.about_one,
        "moment": question.moment,
    })  # fmt: skip


def _read(note: dict[str, Any], client: discord.Client) -> tuple[Place, Question] | None:
    try:
        state = client._connection  # discord.py has no other way to make an attachment
        attachments = [discord.Attachment(data=one, state=state) for one in note["attachments"]]
        question = Question(
            id=note["id"],
            attachments=attachments,
            chat=note["chat"],
            about_one=note["about_one"],
            moment=note["moment"],
        )
        return Place.from_context(note["place"]), question
    except (KeyError, ValueError, TypeError):  # of another version
        log.info("discord: a question of another version of this bot is passed over")
        return None
