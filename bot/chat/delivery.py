"""An adapter's replies: taken from the queue, held while they are sent, and done."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from captioner.queue.base import Delivery, JobQueue, QueueUnavailable

log = logging.getLogger(__name__)

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0  # seconds between tries during an outage
_MARKING_PAUSE = 0.05  # seconds: what is not marked may be sent twice

T = TypeVar("T")


class Postbox:
    """Where an adapter finds its replies. Whatever the queue's server does, none is lost."""

    def __init__(self, queue: JobQueue, adapter: str) -> None:
        self._queue, self._adapter = queue, adapter
        self._outage = _Outage(adapter)
        self._consumer = ""
        self._held: dict[str, Delivery] = {}  # by entry: taken, and not done

    async def prepare(self) -> None:
        """Called before replies are taken, again and again."""

    async def replies(self, consumer: str) -> AsyncIterator[Delivery]:
        """Replies for this adapter, for ever; survives a queue that goes away for a while.

        The adapter sends each, then calls `done`; or `let_go`, and it comes again. Until then, and
        as long as this goes on, no other process is offered it.
        """
        self._consumer = consumer
        holding = asyncio.create_task(self._hold())
        try:
            while True:
                await self.prepare()
                for delivery in await self._taken():
                    yield delivery
        finally:
            holding.cancel()
            self._held.clear()

    async def _taken(self) -> list[Delivery]:
        """What there is to send, held; [] for now, if nothing came or it could not be taken."""
        try:
            deliveries = await self._queue.take_replies(self._adapter, self._consumer)
        except QueueUnavailable as error:
            await self._outage.pause(error)
            return []
        except Exception:
            # One reply that cannot be read must not silence the adapter for good.
            log.exception("%s: taking replies failed; trying on", self._adapter)
            await asyncio.sleep(_LONGEST_PAUSE)
            return []
        self._outage.over()
        self._held |= {delivery.entry: delivery for delivery in deliveries}
        return deliveries

    async def _hold(self) -> None:
        """Keep what the adapter has in hand from being offered to others."""
        while True:
            await asyncio.sleep(self._queue.limits.visibility / 3)
            with contextlib.suppress(QueueUnavailable):
                await self._queue.hold(self._adapter, self._consumer, list(self._held.values()))

    def let_go(self, delivery: Delivery) -> None:
        """The adapter no longer tries to send this reply: after a while it comes again."""
        self._held.pop(delivery.entry, None)

    async def is_new(self, delivery: Delivery) -> bool:
        """Whether a reply comes for the first time and nobody else was offered it since.

        Waits while the queue cannot be reached: what is sent while nothing can be written down
        would be sent again by whoever takes over.
        """
        if delivery.repeated:
            return False
        return bool(
            await self._reached(lambda: self._queue.hold(self._adapter, self._consumer, [delivery]))
        )

    async def was_sent(self, delivery: Delivery) -> bool:
        """Whether somebody sent this reply before. Waits while the queue cannot be reached."""
        return await self._reached(lambda: self._queue.was_sent(delivery.reply.job_id))

    async def first_sending(self, delivery: Delivery) -> bool:
        """Whether the adapter should send this reply now: False if it was already sent.

        Waits while the queue cannot be reached, unless the reply was never delivered before:
        then nobody else can have sent it.
        """
        while True:
            try:
                first = await self._queue.mark_sent(delivery.reply.job_id)
            except QueueUnavailable as error:
                if not delivery.repeated:
                    return True
                await self._outage.pause(error)
                continue
            self._outage.over()
            return first

    async def mark_sent(self, delivery: Delivery) -> None:
        """Remember that the adapter has just sent this reply, as soon as that can be.

        Whoever takes over from a process that ends before would send it again, so this waits in
        short steps while the queue cannot be reached.
        """
        while True:
            try:
                await self._queue.mark_sent(delivery.reply.job_id)
            except QueueUnavailable:
                await asyncio.sleep(_MARKING_PAUSE)
            else:
                return

    async def done(self, delivery: Delivery) -> None:
        """The reply was sent, or can never be. Waits while the queue cannot be reached."""
        await self._reached(lambda: self._queue.done(self._adapter, delivery))
        self.let_go(delivery)

    async def _reached(self, call: Callable[[], Awaitable[T]]) -> T:
        """What a call of the queue gives, as soon as the queue can be reached."""
        while True:
            try:
                given = await call()
            except QueueUnavailable as error:
                await self._outage.pause(error)
                continue
            self._outage.over()
            return given


class _Outage:
    """Waits between tries, ever longer; says once that the queue is gone, once that it is back."""

    def __init__(self, adapter: str) -> None:
        self._adapter = adapter
        self._logged = False
        self._next = _SHORTEST_PAUSE

    async def pause(self, error: QueueUnavailable) -> None:
        if not self._logged:
            self._logged = True
            log.warning("%s: the queue cannot be reached (%s); trying on", self._adapter, error)
        seconds, self._next = self._next, min(2 * self._next, _LONGEST_PAUSE)
        await asyncio.sleep(seconds)

    def over(self) -> None:
        if self._logged:
            log.info("%s: the queue is back", self._adapter)
        self._logged, self._next = False, _SHORTEST_PAUSE
