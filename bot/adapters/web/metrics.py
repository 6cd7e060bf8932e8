"""What Prometheus reads about the page and its interface."""

from __future__ import annotations

import asyncio
import logging
import math

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from captioner.queue.contract import JobQueue, QueueError

log = logging.getLogger(__name__)
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
ASK_QUEUE = 2.0  # seconds; a scrape must end soon even if the queue's server is gone
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """Counts only: no address, no name and no content is ever a label."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.requests = Counter(
            "captionbot_http_requests",
            "HTTP requests answered",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "captionbot_http_request_seconds",
            "Time from a request's first line to its answer",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.photos = Counter(
            "captionbot_web_photos",
            "Photos sent to the page or the interface, by what became of them",
            ["outcome"],
            registry=self.registry,
        )
        self.caption_seconds = Histogram(
            "captionbot_web_caption_seconds",
            "Time from a photo's full arrival to its caption",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.waiting = Gauge(
            "captionbot_web_waiting", "Requests that wait for a worker", registry=self.registry
        )
        self.kept = Gauge(
            "captionbot_web_kept_photos", "Small photos kept in memory", registry=self.registry
        )
        self.queue_depth = Gauge(
            "captionbot_queue_depth",
            "Jobs waiting or held by a worker; NaN while the queue cannot be reached",
            registry=self.registry,
        )

    async def exposition(self, queue: JobQueue) -> bytes:
        """The text that Prometheus scrapes."""
        try:
            async with asyncio.timeout(ASK_QUEUE):
                self.queue_depth.set(await queue.depth())
        except (QueueError, TimeoutError):
            self.queue_depth.set(math.nan)
        return generate_latest(self.registry)
