"""Updates from Telegram, each confirmed only after it was handled.

The library's own updater confirms an update when it has it in memory, so a process that is killed
loses what it was about to do. Here the offset stays at the oldest update that is still being
handled: whatever a killed process had not finished comes again after its restart.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.adapters.telegram.media import seconds_to_wait
from bot.adapters.telegram.updates import KINDS, Dispatcher, PendingUpdates
from bot.asyncio_utils import pauses
from bot.store import StoreUnavailable

log = logging.getLogger(__name__)

_LONG_POLL = 30  # seconds
# Seconds between looks for new updates while earlier ones are being handled; more, if none come.
_GLANCE, _SLOWEST_GLANCE = 0.25, 2.0
_CROWD = 50  # updates; of more than so many those that are slow are confirmed although not done
_REMEMBERED = 2000  # updates; Telegram shows at most 100 that are not confirmed


class Poller:
    """Has every update handled, many at a time, and confirms those that are.

    Telegram shows a hundred at most that are not confirmed. So that a few chats that cannot be
    answered do not hold up all others, slow ones are confirmed before there are so many, and
    written down for the next process: see PendingUpdates.
    """

    def __init__(self, bot: Bot, dispatcher: Dispatcher, pending: PendingUpdates) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._pending = pending
        self._caught_up = False  # with what was written down before this start
        self._open: dict[int, _Open] = {}  # to be confirmed when done, oldest first
        self._glance = _GLANCE
        self._known: dict[int, None] = {}  # by age
        self._next: int | None = None  # one more than the newest update seen
        self.connected = True  # whether Telegram answered the last time that it was asked

    async def run(self) -> None:
        """Poll for ever. Raises InvalidToken if the token stops being one."""
        outage: type[TelegramError] | None = None
        waits = pauses()
        while True:
            if not self._caught_up:
                await self._catch_up()
            try:
                updates = await self._fetch()
            except InvalidToken:
                raise
            except TelegramError as error:
                self.connected = False
                if outage is not type(error):
                    log.warning("%s", _diagnosis(error))
                outage = type(error)
                await asyncio.sleep(max(next(waits), seconds_to_wait(error)))
                continue
            self.connected = True
            if outage is not None:
                log.info("telegram: connected again")
                outage, waits = None, pauses()
            self._start(updates)
            if self._open:
                tasks = [one.task for one in self._open.values()]
                await asyncio.wait(tasks, timeout=self._glance)
            await self._close()

    async def finish(self, grace: float) -> None:
        """Give what is being handled `grace` seconds, then confirm what is done."""
        await self._dispatcher.finish(grace)
        tasks = [one.task for one in self._open.values()]
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._close()
        await self._pending.finish()
        if self._next is None:
            return
        try:
            async with asyncio.timeout(grace):
                await self._bot.get_updates(self._offset(), limit=1, timeout=0)
        except (TelegramError, TimeoutError):
            log.debug("the last updates could not be confirmed: they will come again")

    def _offset(self) -> int | None:
        return min(self._open, default=self._next)

    async def _fetch(self) -> tuple[Update, ...]:
        timeout = 0 if self._open else _LONG_POLL
        return await self._bot.get_updates(
            offset=self._offset(), timeout=timeout, allowed_updates=KINDS
        )

    def _start(self, updates: tuple[Update, ...]) -> None:
        self._glance = min(1.5 * self._glance, _SLOWEST_GLANCE)
        for update in updates:
            self._next = update.update_id + 1
            if update.update_id in self._known:
                continue
            self._known[update.update_id] = None
            if len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._glance = _GLANCE
            now = asyncio.get_running_loop().time()
            self._open[update.update_id] = _Open(update, self._dispatcher.start(update), now)

    async def _catch_up(self) -> None:
        """Have done what was written down; later, if the store cannot be reached."""
        try:
            updates = await self._pending.left_behind()
        except (StoreUnavailable, TimeoutError):
            return
        self._caught_up = True
        for update in updates:
            self._pending.watch(update, self._dispatcher.start(update))

    async def _close(self) -> None:
        late = asyncio.get_running_loop().time() - self._dispatcher.patience
        for ident, one in list(self._open.items()):
            if one.task.done():
                if not one.task.cancelled():
                    del self._open[ident]
            elif len(self._open) > _CROWD and one.since < late:
                if not await self._pending.put(one.update, one.task):
                    return  # the store is away: rather nothing new is seen for a while
                log.warning("telegram: update %d takes very long; the next go before it", ident)
                del self._open[ident]


@dataclass(frozen=True, slots=True)
class _Open:
    """An update in hand."""

    update: Update
    task: asyncio.Task[None]
    since: float  # by the loop's clock


def _diagnosis(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return (
            "telegram: something else receives this bot's messages (a second bot process with "
            "the same token, or a webhook); stop it. Trying on"
        )
    return f"telegram: cannot be reached ({error}); trying on"
