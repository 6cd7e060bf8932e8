"""Updates that Telegram is told are done before they are, written down until they are.

Whatever a process had in hand when it ended, Telegram brings again, save what was confirmed. That
is so for updates that take too long: those that follow are shown to nobody before.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time

from telegram import Bot, Update

from bot.adapters.telegram.parsing import update_in
from bot.adapters.telegram.preferences import Choices
from bot.store import StoreUnavailable

log = logging.getLogger(__name__)

_SECONDS = 2.0  # that writing one down may take
_KEPT = 3600.0  # seconds; who asked before does not wait any more
_OUT_OF_REACH = (StoreUnavailable, TimeoutError)


class Aside:
    """Notes in the store, under a key for each stretch of time, so that old ones go."""

    def __init__(self, choices: Choices, bot: Bot) -> None:
        self._choices, self._bot = choices, bot
        self._notes: dict[int, tuple[str, str]] = {}  # update → the key of its note, and that
        self._returning: set[asyncio.Task[None]] = set()

    async def put(self, update: Update, task: asyncio.Task[None]) -> bool:
        """Whether an update is written down for as long as its task goes on."""
        key, note = _keys()[0], update.to_json()
        try:
            async with asyncio.timeout(_SECONDS):
                await self._choices.leave(key, note, seconds=_KEPT)
        except _OUT_OF_REACH:
            return False
        self._notes[update.update_id] = (key, note)
        self.watch(update, task)
        return True

    async def left_behind(self) -> list[Update]:
        """What processes wrote down that ended since. Raises StoreUnavailable, TimeoutError."""
        found = []
        for key in _keys():
            async with asyncio.timeout(_SECONDS):
                notes = await self._choices.notes(key)
            for note in notes:
                if update := update_in(json.loads(note), self._bot):
                    self._notes[update.update_id] = (key, note)
                    found.append(update)
        return sorted(found, key=lambda update: update.update_id)

    def watch(self, update: Update, task: asyncio.Task[None]) -> None:
        """Forget what was written down of an update once its task is done, and not cancelled."""

        def ended(_: asyncio.Task[None]) -> None:
            if not task.cancelled():
                returning = asyncio.create_task(self._take_back(update.update_id))
                self._returning.add(returning)
                returning.add_done_callback(self._returning.discard)

        task.add_done_callback(ended)

    async def finish(self) -> None:
        """Returns when all is forgotten that is to be."""
        await asyncio.sleep(0)  # tasks that are done say so in the loop's next turn
        await asyncio.gather(*self._returning)

    async def _take_back(self, ident: int) -> None:
        key, note = self._notes.pop(ident)
        try:
            async with asyncio.timeout(_SECONDS):
                await self._choices.take_back(key, note)
        except _OUT_OF_REACH:
            log.info("telegram: a note could not be taken back: it goes by itself")


def _keys() -> tuple[str, str]:
    """Where notes lie now, and where they lay before."""
    now = int(time.time() // _KEPT)
    return f"aside:{now}", f"aside:{now - 1}"
