"""An adapter's replies within one process, from when they are posted until they are sent."""

from __future__ import annotations

import itertools
import time
from collections import deque
from dataclasses import dataclass

from captioner.jobs import CaptionReply
from captioner.queue.contract import Delivery

_NEVER = float("inf")
_entries = itertools.count(1)


@dataclass(slots=True)
class _Reply:
    entry: str
    reply: CaptionReply
    deliveries: int = 0
    held_until: float = 0.0  # by the monotonic clock


class Mailbox:
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
        found = [reply for reply in self._held.values() if reply.held_until <= now][:count]
        while self._waiting and len(found) < count:
            found.append(self._waiting.popleft())
        for reply in found:
            reply.deliveries += 1
            reply.held_until = now + seconds
            self._held[reply.entry] = reply
        return [Delivery(r.entry, r.reply, repeated=r.deliveries > 1) for r in found]

    def next_expiry(self) -> float:
        """When the first of those that are held may be claimed again, by the monotonic clock."""
        return min((reply.held_until for reply in self._held.values()), default=_NEVER)

    def done(self, entry: str) -> None:
        """Forget a reply that was sent."""
        self._held.pop(entry, None)
