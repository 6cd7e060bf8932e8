"""The text that Prometheus scrapes."""

from __future__ import annotations

import asyncio
import math

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from captioner.queue.base import JobQueue, QueueError
from captioner.telemetry import metrics

CONTENT_TYPE = CONTENT_TYPE_LATEST
_ASK_QUEUE = 2.0  # seconds; a scrape must end soon even if the queue's server is gone
_OF_THE_QUEUE = (
    metrics.QUEUE_DEPTH,
    metrics.QUEUE_HELD,
    metrics.QUEUE_OLDEST,
    metrics.QUEUE_DEAD,
    metrics.WORKERS.labels("ready"),
    metrics.WORKERS.labels("loading"),
)


def exposition(more: CollectorRegistry | None = None) -> bytes:
    """All metrics of this process, and those of another registry."""
    text = generate_latest(metrics.REGISTRY)
    if more is not None and more is not metrics.REGISTRY:
        text += generate_latest(more)
    return text


async def ask_queue(queue: JobQueue) -> None:
    """Bring the metrics of the queue up to date."""
    metrics.QUEUE_LIMIT.set(queue.limits.depth)
    try:
        async with asyncio.timeout(_ASK_QUEUE):
            seen, workers = await asyncio.gather(queue.overview(), queue.workers())
    except (QueueError, TimeoutError):
        metrics.QUEUE_UP.set(0)
        for gauge in _OF_THE_QUEUE:
            gauge.set(math.nan)
        return
    metrics.QUEUE_UP.set(1)
    metrics.QUEUE_DEPTH.set(seen.depth)
    metrics.QUEUE_HELD.set(seen.held)
    metrics.QUEUE_OLDEST.set(seen.oldest)
    metrics.QUEUE_DEAD.set(seen.dead)
    metrics.WORKERS.labels("ready").set(workers.ready)
    metrics.WORKERS.labels("loading").set(workers.loading)
