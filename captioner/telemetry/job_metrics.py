"""Counts, logs and traces a worker's jobs."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from captioner.queue.base import Claim
from captioner.telemetry import metrics, tracing
from captioner.telemetry.request_id import about, short
from captioner.telemetry.tracing import waited

CAPTIONED = "captioned"
TWICE = "twice"  # somebody else had finished it before
RETURNED = "returned"  # given back, or lost with the queue: it comes again
_SAID = {
    CAPTIONED: "● ok",
    TWICE: "· finished by somebody else",
    RETURNED: "✗ given back; it comes again",
}

log = logging.getLogger("captioner.worker")


class JobMetrics:
    """Follows jobs from the moment they are taken until the worker is done with them."""

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
    return {"request": short(claim.job.id)}
