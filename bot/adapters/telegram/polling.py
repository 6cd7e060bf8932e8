"""Updates from Telegram, each confirmed only after it was handled.

The library's own updater confirms an update when it has it in memory, so a process that is killed
loses what it was about to do. Here the offset stays at the oldest update that is still being
handled: whatever a killed process had not finished comes again after its restart.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Iterator

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.adapters.telegram.handling import KINDS, Handling
from bot.adapters.telegram.pictures import seconds_to_wait

log = logging.getLogger(__name__)

_LONG_POLL = 30  # seconds
_GLANCE = 0.25  # seconds between looks for new updates while earlier ones are being handled
_REMEMBERED = 2000  # updates; Telegram shows at most 100 that are not confirmed


def pauses(longest: float = 30.0) -> Iterator[float]:
    """Seconds to wait after each failure in a row: 0.5, 1, 2, … up to the longest."""
    return (min(0.5 * 2.0**n, longest) for n in itertools.count())


class Poller:
    """Has every update handled, many at a time, and confirms those that are."""

    def __init__(self, bot: Bot, handling: Handling) -> None:
        self._bot = bot
        self._handling = handling
        self._open: dict[int, asyncio.Task[None]] = {}  # to be confirmed when done
        self._known: dict[int, None] = {}  # by age
        self._next: int | None = None  # one more than the newest update seen

    async def run(self) -> None:
        """Poll for ever. Raises InvalidToken if the token stops being one."""
        outage: type[TelegramError] | None = None
        waits = pauses()
        while True:
            try:
                updates = await self._fetch()
            except InvalidToken:
                raise
            except TelegramError as error:
                if outage is not type(error):
                    log.warning("%s", _diagnosis(error))
                outage = type(error)
                await asyncio.sleep(max(next(waits), seconds_to_wait(error)))
                continue
            if outage is not None:
                log.info("telegram: connected again")
                outage, waits = None, pauses()
            self._start(updates)
            if self._open:
                await asyncio.wait(self._open.values(), timeout=_GLANCE)
            self._close()

    async def finish(self, grace: float) -> None:
        """Give what is being handled `grace` seconds, then confirm what is done."""
        await self._handling.finish(grace)
        await asyncio.gather(*self._open.values(), return_exceptions=True)
        self._close()
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
        for update in updates:
            self._next = update.update_id + 1
            if update.update_id in self._known:
                continue
            self._known[update.update_id] = None
            if len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]
            handled = self._handling.handle(update)
            task = asyncio.create_task(handled, name=f"update {update.update_id}")
            self._open[update.update_id] = task

    def _close(self) -> None:
        for ident in [ident for ident, task in self._open.items() if _confirmed(task)]:
            del self._open[ident]


def _confirmed(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled()


def _diagnosis(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return (
            "telegram: something else receives this bot's messages (a second bot process with "
            "the same token, or a webhook); stop it. Trying on"
        )
    return f"telegram: cannot be reached ({error}); trying on"
