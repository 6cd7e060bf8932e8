"""Traces and stages: where the time of a request goes, across all processes that handle it.

Spans are OpenTelemetry's. Until `start_tracing` is called, the tracer is the API's no-op; only then
are SDK and exporter imported. Processes pass on a W3C `traceparent`; invalid ones are ignored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from captioner.queue.messages import CaptionJob
from captioner.telemetry import request_id
from captioner.telemetry.metrics import STAGE_SECONDS

Value = str | int | float | bool

_REQUEST = "captionbot.request"
_propagator = TraceContextTextMapPropagator()
_tracer: trace.Tracer = trace.NoOpTracer()


class Span:
    """A span; without tracing it does nothing."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """The `traceparent` for child spans; "" without tracing."""
        return _traceparent(trace.set_span_in_context(self._span, Context()))

    def note(self, name: str, value: Value) -> None:
        """Set an attribute: a count, a size, an outcome; never what people sent."""
        self._span.set_attribute(f"captionbot.{name}", value)

    def end(self) -> None:
        """End the span now."""
        self._span.end()


NONE: Final = Span(trace.INVALID_SPAN)


def start_tracing(endpoint: str, *, role: str) -> Callable[[], None]:
    """Send spans to an OTLP/HTTP collector from now on; returns a function that stops it.

    Raises ModuleNotFoundError without the `otel` extra. If the collector is away, only spans are
    lost.
    """
    global _tracer  # noqa: PLW0603 - one for the process, as with its log
    from captioner.telemetry.otel import tracer_provider  # noqa: PLC0415 - only where asked for

    provider = tracer_provider(endpoint, role=role)
    _tracer = provider.get_tracer("captionbot")

    def stop() -> None:
        """Send the remaining spans, for a few seconds at most, and stop tracing."""
        global _tracer  # noqa: PLW0603 - as above
        _tracer = trace.NoOpTracer()
        provider.shutdown()

    return stop


def begin(name: str, *, parent: str = "") -> Span:
    """A span that begins now, as a child of the `traceparent` given as `parent`."""
    return Span(_started(name, parent))


@contextmanager
def span(name: str, *, parent: str = "") -> Iterator[Span]:
    """A span around a block of code.

    It is a child of `parent` or, without one, of the task's current span. Error messages are not
    recorded, because they may quote what people sent.
    """
    made = _started(name, parent)
    try:
        with trace.use_span(made, record_exception=False, set_status_on_exception=False):
            yield Span(made)
    except BaseException as error:
        made.set_attribute("error.type", type(error).__name__)
        raise
    finally:
        made.end()


def record(name: str, *, parent: str, began: int, ended: int) -> None:
    """Record a span that is already over; times are nanoseconds since 1970."""
    if parent:
        _started(name, parent, began).end(max(began, ended))


def traceparent() -> str:
    """The `traceparent` of the task's current span; "" without one."""
    return _traceparent(None)


def trace_id() -> str:
    """The trace id of the task's current span, for the log; "" without one."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else ""


def _started(name: str, parent: str, began: int | None = None) -> trace.Span:
    context = _propagator.extract({"traceparent": parent}, Context()) if parent else None
    about = request_id.current()
    return _tracer.start_span(
        name, context, attributes={_REQUEST: about} if about else None, start_time=began
    )


def _traceparent(context: Context | None) -> str:
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, context)
    return carrier.get("traceparent", "")


class Stage(StrEnum):
    """The stages of a request, in order."""

    INTAKE = "intake"  # the bot makes a small JPEG of a foreign file
    WAITING = "waiting"  # on the queue
    DECODE = "decode"  # the worker opens the JPEGs of a batch
    MODEL = "model"  # the captions of a batch
    DRAW = "draw"  # the animations of where the model looked
    REPLY = "reply"  # the bot sends the answer


@contextmanager
def timed(stage: Stage, *, parent: str = "") -> Iterator[Span]:
    """Measure a stage of the current request; see `span`."""
    started = time.perf_counter()
    try:
        with span(stage, parent=parent) as measured:
            yield measured
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
            record(stage, parent=job.trace, began=began, ended=began + int(seconds * 1e9))


def waited(seconds: float, parent: str) -> None:
    """Record the waiting time of a job that was taken."""
    STAGE_SECONDS.labels(Stage.WAITING).observe(seconds)
    now = time.time_ns()
    record(Stage.WAITING, parent=parent, began=now - int(seconds * 1e9), ended=now)
