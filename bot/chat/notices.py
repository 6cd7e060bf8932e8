"""What people are told while they wait: how many are in front of them, or that no worker is there.

It is said before the answer or not at all, and taken away where the answer is another message.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.chat.messenger import Messenger, Undeliverable
from bot.chat.models import Place, Ticket
from bot.locales import say

if TYPE_CHECKING:
    from bot.chat.service import CaptionService


log = logging.getLogger(__name__)

# Seconds from one look at what there is to say to the next: whom we answer sooner need not be told
# that they wait, and whoever waits for nobody is told within three.
_CHECKS = (1.0, 1.4)
_LOOK = 5.0  # seconds between looks whether another process has answered
_STANDS = 3600.0  # seconds for which a notice stands
_SAYING = 10.0  # seconds for which an answer waits for a notice that is on its way
_CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Notice:
    """What is said of one job."""

    over: asyncio.Event = field(default_factory=asyncio.Event)  # nothing is to be said any more
    settled: asyncio.Event = field(default_factory=asyncio.Event)  # it is said, or never will be
    gone: asyncio.Event = field(default_factory=asyncio.Event)  # it is to be taken away


class Notices:
    """What was said to people who wait, by job."""

    def __init__(self, service: CaptionService) -> None:
        self._service = service
        self._open: dict[str, _Notice] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, messenger: Messenger[Any], place: Place, ticket: Ticket) -> None:
        """Say something in a while to whoever asked for a job, unless its answer comes first."""
        if ticket.job_id in self._open:
            return
        notice = self._open[ticket.job_id] = _Notice()
        running = self._run(messenger, place, ticket, notice)
        task = asyncio.create_task(running, name=f"notice {ticket.job_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def before_answer(self, job_id: str) -> None:
        """The answer is there: returns when nothing is said of the job any more."""
        if notice := self._open.get(job_id):
            notice.over.set()
            await _within(_SAYING, notice.settled)

    def end(self, job_id: str) -> None:
        """The answer was sent, or cannot be: what was said is taken away."""
        if notice := self._open.get(job_id):
            notice.over.set()
            notice.gone.set()

    async def close(self) -> None:
        """Say nothing any more, and take away what was said."""
        for job_id in list(self._open):
            self.end(job_id)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(
        self, messenger: Messenger[Any], place: Place, ticket: Ticket, notice: _Notice
    ) -> None:
        try:
            text = await self._due(place, ticket, notice.over)
            remove = await messenger.note(place, text) if text else None
            notice.settled.set()
            if remove is not None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_STANDS):
                        while not await _within(_LOOK, notice.gone):
                            if await self._service.was_answered(ticket.job_id):
                                break
                await remove()
        except Undeliverable as error:
            log.info("a word on the waiting was not taken, or not taken away: %s", error)
        except Exception:  # nobody's answer may fail for it
            log.exception("a word on the waiting could not be said")
        finally:
            notice.settled.set()
            del self._open[ticket.job_id]

    async def _due(self, place: Place, ticket: Ticket, over: asyncio.Event) -> str | None:
        """What there is to say, as soon as it is to be said."""
        for pause in _CHECKS:
            if await _within(pause, over):
                return None
            text = ticket.notice(place.lang)
            if text is None and await self._service.unattended():
                text = say("photo-waits", place.lang)
            # Another process may have been the one to answer.
            if text is not None and not await self._service.was_answered(ticket.job_id):
                return None if over.is_set() else text
        return None


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Whether something happens within a time; returns as soon as it does."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
