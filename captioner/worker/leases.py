"""The jobs that a worker has in hand: its claims, and what is counted, logged and traced."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace

from captioner.queue.base import Claim, JobQueue, QueueUnavailable
from captioner.telemetry import metrics, tracing
from captioner.telemetry.tracing import about, short_id, waited

CAPTIONED = "captioned"
TWICE = "twice"  # somebody else had finished it before
RETURNED = "returned"  # given back, or lost with the queue: it comes again
_SAID = {
    CAPTIONED: "● ok",
    TWICE: "· finished by somebody else",
    RETURNED: "✗ given back; it comes again",
}

log = logging.getLogger("captioner.worker")


class Leases:
    """The claims of one worker: renews them, and gives them back if necessary."""

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


class JobMetrics:
    """Counts, logs and traces jobs from when they are taken until the worker is done with them."""

    def __init__(self) -> None:
        self._in_hand: dict[str, tuple[float, tracing.Span]] = {}  # by entry: since when

    def taken(self, claims: Sequence[Claim]) -> list[Claim]:
        """Record a batch; the returned claims make later spans part of their traces."""
        if claims:
            metrics.BATCH_SIZE.observe(len(claims))
        return [self._begun(claim) for claim in claims]

    def done(self, claim: Claim, outcome: str) -> None:
        """Record a job's outcome: CAPTIONED, TWICE, RETURNED or a Failure."""
        started, span = self._in_hand.pop(claim.entry, (time.monotonic(), tracing.NONE))
        metrics.JOBS.labels(metrics.platform_of(claim.job.adapter), outcome).inc()
        said = _SAID.get(outcome, f"✗ {outcome}")
        log.info("%6.2fs ← %s", time.monotonic() - started, said, extra=_about(claim))
        span.note("outcome", outcome)
        span.end()

    def _begun(self, claim: Claim) -> Claim:
        if claim.deliveries > 1:
            metrics.REDELIVERIES.inc()
        job = claim.job
        with about(job.id):
            again = f", delivery {claim.deliveries}" if claim.deliveries > 1 else ""
            log.info("%6.2fs → %s%s", claim.waited, job.output, again, extra=_about(claim))
            waited(claim.waited, job.trace)
            span = tracing.begin("worker", parent=job.trace) if job.trace else tracing.NONE
        self._in_hand[claim.entry] = (time.monotonic(), span)
        # What is done for it here is a part of this span, which is a part of the request's.
        return replace(claim, job=replace(job, trace=span.traceparent or job.trace))


def _about(claim: Claim) -> dict[str, str]:
    return {"request": short_id(claim.job.id)}
