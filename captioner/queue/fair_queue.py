"""Who waits within one process, in the fair order that the contract promises."""

from __future__ import annotations

import time
from collections import deque
from typing import Generic, TypeVar

from captioner.queue import common

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Things that wait, each in a lane; `len` is how many."""

    def __init__(self) -> None:
        self._lanes: list[deque[tuple[float, T]]] = [deque() for _ in range(common.LANES)]
        self._taken = 0

    def __len__(self) -> int:
        return sum(map(len, self._lanes))

    def put(self, thing: T, lane: int) -> None:
        """Have it wait behind the others of its lane."""
        self._lanes[lane].append((time.monotonic(), thing))

    def take(self, room: int) -> list[T]:
        """The next, no more than `room`: first those whose turn is by the share, then by lane."""
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
        """The lane whose first has waited longest of all, and too long."""
        waiting = [lane for lane in self._lanes if lane]
        longest = min(waiting, key=lambda lane: lane[0][0], default=None)
        if longest is None or longest[0][0] > time.monotonic() - common.LONG_WAIT:
            return None
        return longest


def lane_of(in_flight: int) -> int:
    """The lane of a job whose person has so many others waiting or held."""
    return min(in_flight, common.LANES - 1)
