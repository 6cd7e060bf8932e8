"""Whether each part of a process does its work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from captioner.queue.base import JobQueue, QueueError
from captioner.telemetry.metrics import READY

PING = 3.0  # seconds that the queue has to answer

# What is wrong with a part now, in a few words; None where nothing is.
Check = Callable[[], str | None]


class Readiness:
    """The parts of this process, each with a check of its own; the queue is always one."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._checks: dict[str, Check] = {}
        self.stopping = False  # whether the process was asked to end

    def watch(self, part: str, check: Check) -> None:
        """Ask this from now on to learn how a part is. Its name becomes a label of a metric."""
        self._checks[part] = check

    async def problems(self) -> dict[str, str]:
        """What is wrong with each part that does not do its work now."""
        found = {part: said for part, check in self._checks.items() if (said := check())}
        if not self._checks:
            found["process"] = "it is starting"
        if self.stopping:
            found["process"] = "it was asked to stop"
        try:
            async with asyncio.timeout(PING):
                await self._queue.ping()
        except TimeoutError:
            found["queue"] = f"it did not answer within {PING:.0f} s"
        except QueueError as error:
            found["queue"] = str(error)
        for part in ("queue", *self._checks):
            READY.labels(part).set(part not in found)
        return found
