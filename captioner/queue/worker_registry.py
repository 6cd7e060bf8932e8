"""Which workers there are within one process."""

from __future__ import annotations

import math
import time

from captioner.queue.base import Workers


class WorkerRegistry:
    """The workers that announced themselves less than so many seconds ago."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[str, tuple[float, bool, str]] = {}

    def enter(self, consumer: str, *, ready: bool, model: str) -> None:
        """Remember a worker and what it said."""
        self._known[consumer] = (time.monotonic() + self._seconds, ready, model)

    def leave(self, consumer: str) -> None:
        """Forget a worker."""
        self._known.pop(consumer, None)

    def call(self) -> Workers:
        """How many there are."""
        now = time.monotonic()
        self._known = {who: said for who, said in self._known.items() if said[0] > now}
        latest = max((till for till, _, _ in self._known.values()), default=0.0)
        silent = now + self._seconds - latest
        return counted([(ready, model) for _, ready, model in self._known.values()], silent)


def counted(workers: list[tuple[bool, str]], silent: float) -> Workers:
    """What workers say of themselves (ready, model), added up."""
    ready = [model for is_ready, model in workers if is_ready]
    return Workers(
        len(ready),
        len(workers) - len(ready),
        frozenset(filter(None, ready)),
        silent if workers else math.inf,
    )
