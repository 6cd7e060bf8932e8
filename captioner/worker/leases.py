"""The claims that a worker holds: renews them, and gives them back if necessary."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from captioner.queue.base import Claim, JobQueue, QueueUnavailable

log = logging.getLogger("captioner.worker")


class Leases:
    """The claims of one worker."""

    def __init__(self, queue: JobQueue, consumer: str) -> None:
        self._queue, self._consumer = queue, consumer
        self._held: dict[str, tuple[Claim, float]] = {}  # by entry: since when, monotonic

    def add(self, claims: Iterable[Claim]) -> None:
        """Add claims of jobs that were taken."""
        now = time.monotonic()
        self._held.update((claim.entry, (claim, now)) for claim in claims)

    def drop(self, claim: Claim) -> None:
        """Remove a claim, because its job is finished."""
        self._held.pop(claim.entry, None)

    def begun(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims; their waiting time now includes the time in this worker."""
        now = time.monotonic()
        return [
            replace(claim, waited=claim.waited + now - self._since(claim, now)) for claim in claims
        ]

    def _since(self, claim: Claim, now: float) -> float:
        # A job that was lost and taken again may be finished, and dropped, before its second turn.
        return self._held[claim.entry][1] if claim.entry in self._held else now

    async def give_back(self, claims: Iterable[Claim]) -> None:
        """Release claims at once; if the queue is away, they are free after the visibility time."""
        returned = list(claims)
        for claim in returned:
            self.drop(claim)
        if returned:
            with contextlib.suppress(QueueUnavailable):
                await self._queue.release(self._consumer, returned)

    @contextlib.asynccontextmanager
    async def renewed(self) -> AsyncIterator[None]:
        """Renew all claims while the context lasts."""
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait({renewing})

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._queue.limits.visibility / 3)
            claims = [claim for claim, _ in self._held.values()]
            try:
                if claims:
                    await self._queue.renew(self._consumer, claims)
            except QueueUnavailable:
                continue
            except Exception as error:  # noqa: BLE001 - the jobs in hand may get done all the same
                log.error("could not renew claims: %s", type(error).__name__)
