"""Follows a request through all processes that handle it: its id in logs, its traces, its stages.

Spans are OpenTelemetry's. Until `start_tracing` is called, the tracer is the API's no-op; only then
are SDK and exporter imported. Processes pass on a W3C `traceparent`; invalid ones are ignored.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from captioner.distribution import version
from captioner.queue.messages import CaptionJob
from captioner.telemetry.metrics import STAGE_SECONDS

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ID_LENGTH = 8
_STRANGE = re.compile(r"[^0-9A-Za-z_.-]")  # what comes over the wire may be anything
# The id of the request that this task works on, in all log lines about it, from the update to the
# reply; "" for none. It is the beginning of its job's id, which is a keyed hash, so it does not
# show who asked.
request_id: ContextVar[str] = ContextVar("captionbot_request", default="")


@contextmanager
def about(job_id: str) -> Iterator[None]:
    """A context whose log lines, also those of tasks started in it, have the job's request id."""
    token = request_id.set(_STRANGE.sub("?", job_id[:ID_LENGTH]))
    try:
        yield
    finally:
        request_id.reset(token)


class Stage(StrEnum):
    """The stages of a request, in order."""

    INTAKE = "intake"  # the bot makes a small JPEG of a foreign file
    WAITING = "waiting"  # on the queue
    DECODE = "decode"  # the worker opens the JPEGs of a batch
    MODEL = "model"  # the captions of a batch
    DRAW = "draw"  # the animations of where the model looked
    REPLY = "reply"  # the bot sends the answer


_PATH = "/v1/traces"
_TIMEOUT = 5.0  # seconds that a collector may take for what it is sent
_DELAY = 1000.0  # milliseconds for which spans are gathered
_REQUEST = "captionbot.request"
_propagator = TraceContextTextMapPropagator()
_tracer: trace.Tracer = trace.NoOpTracer()


def start_tracing(endpoint: str, *, role: str) -> Callable[[], None]:
    """Send spans to an OTLP/HTTP collector from now on; returns a function that stops it.

    Raises ModuleNotFoundError without the `otel` extra. If the collector is away, only spans are
    lost.
    """
    global _tracer  # noqa: PLW0603 - one for the process, as with its log
    provider = _tracer_provider(endpoint, role=role)
    _tracer = provider.get_tracer("captionbot")

    def stop() -> None:
        """Send the remaining spans, for a few seconds at most, and stop tracing."""
        global _tracer  # noqa: PLW0603 - one for the process
        _tracer = trace.NoOpTracer()
        provider.shutdown()

    return stop


def _tracer_provider(endpoint: str, *, role: str) -> TracerProvider:
    """A provider that sends spans to `endpoint`, a collector's address such as http://host:4318.

    OpenTelemetry's own settings (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, …) apply.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - of the same extra
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - of the same extra
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - of an extra

    resource = Resource.create(
        {
            "service.name": "captionbot",
            "service.version": version(),
            "service.instance.id": uuid.uuid4().hex,
            "captionbot.role": role,
        }
    )
    address = endpoint.rstrip("/")
    sender = OTLPSpanExporter(
        endpoint=address if address.endswith(_PATH) else address + _PATH, timeout=_TIMEOUT
    )
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(
        BatchSpanProcessor(sender, schedule_delay_millis=_DELAY, export_timeout_millis=5000)
    )
    return provider


def begin(name: str, *, parent: str = "", began: int | None = None) -> trace.Span:
    """A span that begins now, or began so many nanoseconds after 1970, and is not yet current.

    It is a child of the `traceparent` given as `parent` or, without one, of the task's current
    span. Its attributes are counts, sizes, outcomes: never what people sent.
    """
    context = _propagator.extract({"traceparent": parent}, Context()) if parent else None
    request = request_id.get()
    return _tracer.start_span(
        name, context, attributes={_REQUEST: request} if request else None, start_time=began
    )


@contextmanager
def span(name: str, *, parent: str = "") -> Iterator[trace.Span]:
    """A span around a block of code, see `begin`; of a Stage its time is measured too.

    Error messages are not recorded, because they may quote what people sent.
    """
    started, made = time.perf_counter(), begin(name, parent=parent)
    try:
        with trace.use_span(made, record_exception=False, set_status_on_exception=False):
            yield made
    except BaseException as error:
        made.set_attribute("error.type", type(error).__name__)
        raise
    finally:
        made.end()
        if isinstance(name, Stage):
            STAGE_SECONDS.labels(name).observe(time.perf_counter() - started)


def record(name: str, *, parent: str, began: int, ended: int) -> None:
    """Record a span that is already over; times are nanoseconds since 1970."""
    if parent:
        begin(name, parent=parent, began=began).end(max(began, ended))


def traceparent(span: trace.Span | None = None) -> str:
    """The `traceparent` for children of a span, or else of the task's; "" without tracing."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, trace.set_span_in_context(span) if span is not None else None)
    return carrier.get("traceparent", "")


def trace_id() -> str:
    """The trace id of the task's current span, for the log; "" without one."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else ""


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
