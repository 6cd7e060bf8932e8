"""Measures how long each stage of a request takes, as a metric and in its trace."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

from captioner.queue.messages import CaptionJob
from captioner.telemetry import tracing
from captioner.telemetry.metrics import STAGE_SECONDS


class Stage(StrEnum):
    """The stages of a request, in order."""

    INTAKE = "intake"  # the bot makes a small JPEG of a foreign file
    WAITING = "waiting"  # on the queue
    DECODE = "decode"  # the worker opens the JPEGs of a batch
    MODEL = "model"  # the captions of a batch
    DRAW = "draw"  # the animations of where the model looked
    REPLY = "reply"  # the bot sends the answer


@contextmanager
def timed(stage: Stage, *, parent: str = "") -> Iterator[tracing.Span]:
    """Measure a stage of the current request; see `tracing.span`."""
    started = time.perf_counter()
    try:
        with tracing.span(stage, parent=parent) as span:
            yield span
    finally:
        STAGE_SECONDS.labels(stage).observe(time.perf_counter() - started)


@contextmanager
def timed_together(stage: Stage, jobs: Sequence[CaptionJob]) -> Iterator[None]:
    """Measure a stage of several jobs together: once in the metric, and in each job's trace."""
    began, started = time.time_ns(), time.perf_counter()
    try:
        yield
    finally:
        seconds = time.perf_counter() - started
        STAGE_SECONDS.labels(stage).observe(seconds)
        for job in jobs:
            tracing.record(stage, parent=job.trace, began=began, ended=began + int(seconds * 1e9))


def waited(seconds: float, parent: str) -> None:
    """Record the waiting time of a job that was taken."""
    STAGE_SECONDS.labels(Stage.WAITING).observe(seconds)
    now = time.time_ns()
    tracing.record(Stage.WAITING, parent=parent, began=now - int(seconds * 1e9), ended=now)
