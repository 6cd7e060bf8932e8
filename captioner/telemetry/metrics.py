"""The Prometheus metrics of all processes.

Labels have few values, which are known beforehand: never an id, a name or anything that people
sent. A metric of one kind of process is 0 or absent in the others.
"""

from __future__ import annotations

import platform as host
import re
from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from captioner.distribution import version

# A second series for each, which Prometheus does not need.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

OTHER = "other"
_MOST_PLATFORMS = 16  # labels; the names come from jobs, and what is counted by stays bounded
_platforms: set[str] = set()
_PLATFORM = re.compile(r"[a-z][a-z0-9_]{0,19}")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)

REQUESTS = Counter(
    "captionbot_requests",
    "Requests of people, by what came of them: queued, cached, repeated, or the refusal's code",
    ["platform", "outcome"],
    registry=REGISTRY,
)
REPLIES = Counter(
    "captionbot_replies",
    "Answers to people: sent, not taken by the platform (undeliverable), or failed by our fault",
    ["platform", "outcome"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "captionbot_request_seconds",
    "Time from a request's arrival until its answer was sent",
    ["platform"],
    buckets=SECONDS,
    registry=REGISTRY,
)
JOBS = Counter(
    "captionbot_jobs",
    "Jobs that a worker was done with, by outcome",
    ["platform", "outcome"],
    registry=REGISTRY,
)
STAGE_SECONDS = Histogram(
    "captionbot_stage_seconds",
    "Time in one stage: intake, waiting, decode, model, draw, reply",
    ["stage"],
    buckets=SECONDS,
    registry=REGISTRY,
)
BATCH_SIZE = Histogram(
    "captionbot_batch_size",
    "Jobs that a worker took together",
    buckets=_SIZES,
    registry=REGISTRY,
)
MODEL_CALLS = Counter(
    "captionbot_model_calls",
    "Calls of a model behind an address, by outcome: answered or failed",
    ["outcome"],
    registry=REGISTRY,
)
MODEL_CALL_SECONDS = Histogram(
    "captionbot_model_call_seconds",
    "Time of a call of a model behind an address",
    buckets=SECONDS,
    registry=REGISTRY,
)
MODEL_TOKENS = Counter(
    "captionbot_model_tokens",
    "Tokens that a model behind an address says it used, which is what it costs: of what it was "
    "given (prompt) and of what it wrote (completion)",
    ["kind"],
    registry=REGISTRY,
)
REDELIVERIES = Counter(
    "captionbot_redeliveries",
    "Jobs taken that had been given to a worker before, which did not finish them",
    registry=REGISTRY,
)
DEAD_LETTERS = Counter(
    "captionbot_dead_letters",
    "Jobs given up: delivered too often, or not readable by this version",
    ["reason"],
    registry=REGISTRY,
)
MODEL = Gauge(
    "captionbot_model_info",
    "The model that this worker answers with, and what it computes on; always 1",
    ["model", "device"],
    registry=REGISTRY,
)
BUILD = Gauge(
    "captionbot_build_info",
    "What runs here; always 1",
    ["role", "version", "python"],
    registry=REGISTRY,
)
GPU_MEMORY = Gauge(
    "captionbot_gpu_memory_bytes",
    "Memory of this worker's GPU: used by this process, used by all, and what there is",
    ["kind"],
    registry=REGISTRY,
)
READY = Gauge(
    "captionbot_ready", "Whether a part of this process does its work", ["part"], registry=REGISTRY
)

QUEUE_UP = Gauge("captionbot_queue_up", "Whether this process reaches the queue", registry=REGISTRY)
QUEUE_DEPTH = Gauge(
    "captionbot_queue_depth",
    "Jobs waiting or held by a worker; NaN, as all of the queue, while it cannot be reached",
    registry=REGISTRY,
)
QUEUE_LIMIT = Gauge("captionbot_queue_limit", "Jobs that may be waiting or held", registry=REGISTRY)
QUEUE_HELD = Gauge("captionbot_queue_held", "Jobs held by a worker", registry=REGISTRY)
QUEUE_OLDEST = Gauge(
    "captionbot_queue_oldest_seconds",
    "Age of the oldest job that is not finished; 0 where there is none",
    registry=REGISTRY,
)
QUEUE_DEAD = Gauge(
    "captionbot_queue_dead_letters", "Dead letters that the queue keeps", registry=REGISTRY
)
WORKERS = Gauge(
    "captionbot_workers",
    "Workers that give a sign of life: ready, or loading their model",
    ["state"],
    registry=REGISTRY,
)

_JOB_OUTCOMES = ("captioned", "bad_photo", "internal", "gave_up", "twice", "returned")


def platform_of(adapter: str) -> str:
    """The platform of a reply stream, as a label: "web.INSTANCE" → web; an invalid name → other."""
    name = adapter.partition(".")[0]
    if name not in _platforms and _PLATFORM.fullmatch(name) and len(_platforms) < _MOST_PLATFORMS:
        _platforms.add(name)
    return name if name in _platforms else OTHER


def count_dead(reason: str, adapter: str) -> None:
    """Count a job that was given up, because of "too_often" or "unreadable"."""
    DEAD_LETTERS.labels(reason).inc()
    JOBS.labels(platform_of(adapter), "gave_up").inc()


def describe_process(role: str, platforms: Sequence[str] = ()) -> None:
    """Set the build information, and start the counters that alerts use at 0.

    If a counter only appears with its first event, Prometheus does not see it grow.
    """
    BUILD.labels(role, version(), host.python_version()).set(1)
    for reason in ("too_often", "unreadable"):
        DEAD_LETTERS.labels(reason)
    if role in {"worker", "run"}:
        for name in platforms:
            for outcome in _JOB_OUTCOMES:
                JOBS.labels(name, outcome)
    for name in platforms:
        if role in {name, "run"}:
            for outcome in ("sent", "undeliverable", "failed"):
                REPLIES.labels(name, outcome)
