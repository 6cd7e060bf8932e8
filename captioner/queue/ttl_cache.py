"""A mapping that forgets: by age, and by size."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(Generic[V]):
    """What was put in less than `seconds` ago, and of that no more than `max_cost`."""

    def __init__(self, seconds: float, max_cost: float = float("inf")) -> None:
        self._seconds, self._max_cost, self._cost = seconds, max_cost, 0.0
        self._entries: OrderedDict[str, tuple[float, float, V]] = OrderedDict()

    def put(self, key: str, value: V, cost: float = 0.0) -> None:
        """Remember a value, and forget what is old, or oldest where room is short."""
        self._drop(key)
        if self._seconds > 0:
            self._entries[key] = (time.monotonic() + self._seconds, cost, value)
            self._cost += cost
        while self._entries:
            oldest = next(iter(self._entries))
            if self._entries[oldest][0] > time.monotonic() and self._cost <= self._max_cost:
                break
            self._drop(oldest)

    def get(self, key: str) -> V | None:
        """The value, unless it has been forgotten."""
        until, _, value = self._entries.get(key, (0.0, 0.0, None))
        return value if until > time.monotonic() else None

    def _drop(self, key: str) -> None:
        if entry := self._entries.pop(key, None):
            self._cost -= entry[1]
