"""The data structures of the in-process queue: replies, waiting jobs in fair order, workers."""

from __future__ import annotations

import itertools
import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from captioner.queue import common
from captioner.queue.base import Delivery, Workers
from captioner.queue.common import (
    DROPPED_MESSAGE,
    HeardWorker,
    count_workers,
    limit_deliveries,
)
from captioner.queue.messages import CaptionReply

_NEVER = float("inf")
_entries = itertools.count(1)

log = logging.getLogger("captioner.queue")


@dataclass(slots=True)
class _HeldReply:
    entry: str
    reply: CaptionReply
    deliveries: int = 0
    held_until: float = 0.0  # by the monotonic clock


class ReplyQueue:
    """An adapter's replies: those that wait, and those that are being sent."""

    def __init__(self) -> None:
        self._waiting: deque[_HeldReply] = deque()
        self._held: dict[str, _HeldReply] = {}

    def post(self, reply: CaptionReply) -> None:
        """Add a reply to be delivered."""
        self._waiting.append(_HeldReply(str(next(_entries)), reply))

    def claim(self, count: int, *, seconds: float) -> list[Delivery]:
        """Take up to `count` replies for `seconds`; those whose time is over come first."""
        now = time.monotonic()
        deliveries: list[Delivery] = []
        while len(deliveries) < count and (one := self._next(now)):
            one.deliveries += 1
            one.held_until = now + seconds
            self._held[one.entry] = one
            if reply := limit_deliveries(one.reply, one.deliveries):
                deliveries.append(Delivery(one.entry, reply, repeated=one.deliveries > 1))
            else:
                log.warning(
                    DROPPED_MESSAGE, one.reply.adapter, one.reply.job_id[:8], one.deliveries - 1
                )
                self.done(one.entry)
        return deliveries

    def _next(self, now: float) -> _HeldReply | None:
        for one in self._held.values():
            if one.held_until <= now:
                return one
        return self._waiting.popleft() if self._waiting else None

    def hold(self, entry: str, *, seconds: float) -> bool:
        """Hold a reply for another `seconds`; False if it is not held."""
        reply = self._held.get(entry)
        if reply is not None:
            reply.held_until = time.monotonic() + seconds
        return reply is not None

    def next_expiry(self) -> float:
        """When the first held reply can be claimed again, by the monotonic clock."""
        return min((reply.held_until for reply in self._held.values()), default=_NEVER)

    def done(self, entry: str) -> None:
        """Forget a reply, because it was sent."""
        self._held.pop(entry, None)


T = TypeVar("T")


class FairQueue(Generic[T]):
    """Items that wait, each in a lane, in the order that `captioner.queue.base` promises."""

    def __init__(self) -> None:
        self._lanes: list[deque[tuple[float, T]]] = [deque() for _ in range(common.LANES)]
        self._taken = 0

    def __len__(self) -> int:
        return sum(map(len, self._lanes))

    def put(self, thing: T, lane: int) -> None:
        """Add an item at the end of its lane."""
        self._lanes[lane].append((time.monotonic(), thing))

    def take(self, room: int) -> list[T]:
        """Take up to `room` items: first those that the long-wait share allows, then by lane."""
        owed = (self._taken + room) // common.SHARE - self._taken // common.SHARE
        found: list[T] = []
        while owed > len(found) and (lane := self._overdue()):
            found.append(lane.popleft()[1])
        for lane in self._lanes:
            while lane and len(found) < room:
                found.append(lane.popleft()[1])
        self._taken += len(found)
        return found

    def _overdue(self) -> deque[tuple[float, T]] | None:
        """The lane whose first item has waited longest, if that is longer than LONG_WAIT."""
        waiting = [lane for lane in self._lanes if lane]
        longest = min(waiting, key=lambda lane: lane[0][0], default=None)
        if longest is None or longest[0][0] > time.monotonic() - common.LONG_WAIT:
            return None
        return longest


def lane_of(in_flight: int) -> int:
    """The lane of a job whose person has `in_flight` other jobs waiting or held."""
    return min(in_flight, common.LANES - 1)


class WorkerRegistry:
    """The workers with a heartbeat in the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[str, tuple[float, HeardWorker]] = {}

    def register(self, consumer: str, worker: HeardWorker) -> None:
        """Record a worker's heartbeat."""
        self._known[consumer] = (time.monotonic() + self._seconds, worker)

    def leave(self, consumer: str) -> None:
        """Forget a worker."""
        self._known.pop(consumer, None)

    def count(self) -> Workers:
        """Count the workers."""
        now = time.monotonic()
        self._known = {who: said for who, said in self._known.items() if said[0] > now}
        latest = max((till for till, _ in self._known.values()), default=0.0)
        silent = now + self._seconds - latest
        return count_workers([worker for _, worker in self._known.values()], silent)
