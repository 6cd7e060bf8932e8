"""Questions that people are told to wait for, written down in case the process ends before."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.adapters.discord.attachments import Found
from bot.adapters.discord.place import INTERACTION_LIFE, DiscordPlace
from bot.chat.pending import Journal, Notes
from captioner.queue.messages import Context

log = logging.getLogger(__name__)

_CHANNELS_FOR = 86_400.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know about pictures."""

    id: int  # of the message or interaction that asked
    found: Sequence[Found]
    chat: str = ""  # the channel, where it is not the person's own
    moment: int = 0  # of a video, where it is about that alone


_NOTE = TypeAdapter(tuple[Context, Question])


class PendingInteractions:
    """The journals of one bot: see `bot.chat.pending`."""

    def __init__(self, notes: Notes) -> None:
        self._questions = Journal(notes, "asked", seconds=INTERACTION_LIFE.total_seconds())
        self._channels = Journal(notes, "direct", seconds=_CHANNELS_FOR)

    async def direct(self, channel: int) -> None:
        """Somebody writes to the bot in private: Discord lists no such channels."""
        await self._channels.keep(str(channel))

    async def all_direct(self) -> set[int]:
        """The private channels in which somebody wrote within a day. Raises StoreUnavailable."""
        return {int(channel) for channel in await self._channels.all()}

    def asked(self, place: DiscordPlace, question: Question) -> AbstractAsyncContextManager[bool]:
        """A command or button is being looked at; whether it could be written down.

        To be done before Discord is told that an answer comes: whoever asked sees the bot think
        from then on, however the process ends.
        """
        return self._questions.during(_written(place, question))

    async def forget(self, place: DiscordPlace, question: Question) -> None:
        """A question that another process left behind is looked after."""
        await self._questions.remove(_written(place, question))

    async def left_behind(self) -> list[tuple[DiscordPlace, Question]]:
        """The questions of processes that ended with them in hand, if they can be answered.

        Raises StoreUnavailable.
        """
        notes = await self._questions.left_behind()
        found = [read for note in notes if (read := _read(note))]
        return [(place, question) for place, question in found if place.by_interaction()]


def _written(place: DiscordPlace, question: Question) -> str:
    return _NOTE.dump_json((place.to_context(), question)).decode()


def _read(note: str) -> tuple[DiscordPlace, Question] | None:
    try:
        context, question = _NOTE.validate_json(note)
        return DiscordPlace.from_context(context), question
    except ValueError:  # of another version
        log.info("discord: a question of another version of this bot is passed over")
        return None
