"""How far a bot has read, written down so that the next process goes on from there."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque

from bot.asyncio_utils import finish
from bot.chat.pending import Notes

_KEPT = 7 * 86_400.0  # seconds
_AGAIN = 86_400.0  # seconds after which the same is written down once more, so that it is kept


class Position:
    """The token of the last sync of which everything was dealt with.

    A process that ends in between reads some events twice: the queue knows what it was asked, and
    the store what was said.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._note = ""
        self._saved = (0.0, "")  # when, and which token
        self._open: deque[tuple[str, set[asyncio.Task[None]]]] = deque()

    async def load(self) -> str | None:
        """Where to go on, if that is known. Raises StoreUnavailable, TimeoutError."""
        notes = await self._notes.read("sync")
        newest = max(map(_read, notes), default=(0.0, ""))
        for note in notes:
            if _read(note) != newest:
                await self._notes.take_back("sync", note)
            else:
                self._note = note
        return newest[1] or None

    @property
    def busy(self) -> bool:
        """Whether something is being dealt with."""
        return bool(self._open)

    def add(self, token: str, tasks: set[asyncio.Task[None]]) -> None:
        """Deal with the events up to a token: these tasks do."""
        self._open.append((token, tasks))

    async def save(self) -> None:
        """Write down how far everything is dealt with, if that is further than before."""
        token = ""
        while self._open and all(task.done() for task in self._open[0][1]):
            if any(task.cancelled() for task in self._open[0][1]):
                break  # the next process is to take it up
            token = self._open.popleft()[0]
        now = time.time()
        if not token or (token == self._saved[1] and now < self._saved[0] + _AGAIN):
            return
        note = json.dumps([now, token])
        if await self._notes.leave("sync", note, seconds=_KEPT):
            if self._note:
                await self._notes.take_back("sync", self._note)
            self._note, self._saved = note, (now, token)

    async def finish(self, grace: float) -> None:
        """Give what is in hand `grace` seconds, then cancel it, and write down how far it went."""
        await finish((task for _, tasks in self._open for task in tasks), grace)
        await self.save()


def _read(note: str) -> tuple[float, str]:
    try:
        when, token = json.loads(note)
        return float(when), str(token)
    except (ValueError, TypeError):  # of another version
        return 0.0, ""
