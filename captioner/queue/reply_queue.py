"""An adapter's replies within one process, from when they are posted until they are sent."""

from __future__ import annotations

import itertools
import logging
import time
from collections import deque
from dataclasses import dataclass

from captioner.queue.base import Delivery
from captioner.queue.common import DROPPED, worn
from captioner.queue.messages import CaptionReply

_NEVER = float("inf")
_entries = itertools.count(1)

log = logging.getLogger("captioner.queue")


@dataclass(slots=True)
class _Reply:
    entry: str
    reply: CaptionReply
    deliveries: int = 0
    held_until: float = 0.0  # by the monotonic clock


class ReplyQueue:
    """Replies that wait, and those that an adapter's process holds."""

    def __init__(self) -> None:
        self._waiting: deque[_Reply] = deque()
        self._held: dict[str, _Reply] = {}

    def post(self, reply: CaptionReply) -> None:
        """Have a reply delivered."""
        self._waiting.append(_Reply(str(next(_entries)), reply))

    def claim(self, count: int, *, seconds: float) -> list[Delivery]:
        """Replies for somebody to hold so long; first those that were held and never done."""
        now = time.monotonic()
        deliveries: list[Delivery] = []
        while len(deliveries) < count and (one := self._next(now)):
            one.deliveries += 1
            one.held_until = now + seconds
            self._held[one.entry] = one
            if reply := worn(one.reply, one.deliveries):
                deliveries.append(Delivery(one.entry, reply, repeated=one.deliveries > 1))
            else:
                log.warning(DROPPED, one.reply.adapter, one.reply.job_id[:8], one.deliveries - 1)
                self.done(one.entry)
        return deliveries

    def _next(self, now: float) -> _Reply | None:
        for one in self._held.values():
            if one.held_until <= now:
                return one
        return self._waiting.popleft() if self._waiting else None

    def hold(self, entry: str, *, seconds: float) -> bool:
        """Offer a reply that is held to nobody for so long; False if it is not."""
        reply = self._held.get(entry)
        if reply is not None:
            reply.held_until = time.monotonic() + seconds
        return reply is not None

    def next_expiry(self) -> float:
        """When the first of those that are held may be claimed again, by the monotonic clock."""
        return min((reply.held_until for reply in self._held.values()), default=_NEVER)

    def done(self, entry: str) -> None:
        """Forget a reply that was sent."""
        self._held.pop(entry, None)
