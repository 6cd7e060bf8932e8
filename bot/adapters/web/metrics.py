"""What Prometheus reads about the page and its interface, beside what every process shows."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from captioner.telemetry.metrics import SECONDS


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
        self.questions = Counter(
            "captionbot_web_questions",
            "Questions about photos sent to the page or the interface, by what became of them",
            ["outcome"],
            registry=self.registry,
        )
        self.answer_seconds = Histogram(
            "captionbot_web_answer_seconds",
            "Time from a question's arrival to its answer",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.waiting = Gauge(
            "captionbot_web_waiting", "Requests that wait for a worker", registry=self.registry
        )
        self.kept = Gauge(
            "captionbot_web_kept_photos", "Small photos kept in memory", registry=self.registry
        )
