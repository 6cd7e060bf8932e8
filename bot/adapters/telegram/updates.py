"""Updates that Telegram is told are done before they are, written down until they are.

Whatever a process had in hand when it ended, Telegram brings again, save what was confirmed. That
is so for updates that take too long: those that follow are shown to nobody before.
"""

from __future__ import annotations

import asyncio
import json

from telegram import Bot, Update

from bot.adapters.telegram.parsing import update_in
from bot.chat.pending import Journal, Notes

_KEPT = 3600.0  # seconds; who asked before does not wait any more


class PendingUpdates:
    """The journal of updates that are confirmed and not done."""

    def __init__(self, notes: Notes, bot: Bot) -> None:
        self._journal, self._bot = Journal(notes, "updates", seconds=_KEPT), bot
        self._written: dict[int, str] = {}  # update → what was written down of it
        self._removing: set[asyncio.Task[None]] = set()

    async def put(self, update: Update, task: asyncio.Task[None]) -> bool:
        """Whether an update is written down for as long as its task goes on."""
        written = update.to_json()
        if not await self._journal.add(written):
            return False
        self._written[update.update_id] = written
        self.watch(update, task)
        return True

    async def left_behind(self) -> list[Update]:
        """What processes wrote down that ended since. Raises StoreUnavailable, TimeoutError."""
        found = []
        for written in await self._journal.left_behind():
            if update := update_in(json.loads(written), self._bot):
                self._written[update.update_id] = written
                found.append(update)
        return sorted(found, key=lambda update: update.update_id)

    def watch(self, update: Update, task: asyncio.Task[None]) -> None:
        """Forget what was written down of an update once its task is done, and not cancelled."""

        def ended(_: asyncio.Task[None]) -> None:
            if not task.cancelled():
                written = self._written.pop(update.update_id)
                removing = asyncio.create_task(self._journal.remove(written))
                self._removing.add(removing)
                removing.add_done_callback(self._removing.discard)

        task.add_done_callback(ended)

    async def finish(self) -> None:
        """Returns when all is forgotten that is to be."""
        await asyncio.sleep(0)  # tasks that are done say so in the loop's next turn
        await asyncio.gather(*self._removing)
