"""Traces: where the time of one request went, over all processes that had a part in it.

Spans are OpenTelemetry's. Until `start_tracing` the tracer is its API's own that does nothing; the
SDK and the exporter are imported only then. What travels from process to process is a W3C
`traceparent`; what does not look like one is ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from captioner.telemetry import request_id

Value = str | int | float | bool

_REQUEST = "captionbot.request"
_propagator = TraceContextTextMapPropagator()
_tracer: trace.Tracer = trace.NoOpTracer()


class Span:
    """A stretch of time; where nothing is traced, nobody hears of it."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """What makes other spans its children; "" where nothing is traced."""
        return _traceparent(trace.set_span_in_context(self._span, Context()))

    def note(self, name: str, value: Value) -> None:
        """Have it bear a fact: a count, a size, an outcome; never what people sent."""
        self._span.set_attribute(f"captionbot.{name}", value)

    def end(self) -> None:
        """It is over now."""
        self._span.end()


NONE: Final = Span(trace.INVALID_SPAN)


def start_tracing(endpoint: str, *, role: str) -> Callable[[], None]:
    """Send spans to an OTLP/HTTP collector from now on; call what is returned at the end.

    Raises ModuleNotFoundError without the `otel` extra. A collector that is away costs spans and
    nothing else.
    """
    global _tracer  # noqa: PLW0603 - one for the process, as with its log
    from captioner.telemetry.otel import tracer_provider  # noqa: PLC0415 - only where asked for

    provider = tracer_provider(endpoint, role=role)
    _tracer = provider.get_tracer("captionbot")

    def stop() -> None:
        """Send what is left, for a few seconds at most, and nothing more."""
        global _tracer  # noqa: PLW0603 - as above
        _tracer = trace.NoOpTracer()
        provider.shutdown()

    return stop


def begin(name: str, *, parent: str = "") -> Span:
    """A span that begins now, of the same request as its parent's `traceparent`."""
    return Span(_started(name, parent))


@contextmanager
def span(name: str, *, parent: str = "") -> Iterator[Span]:
    """A span of what happens inside.

    It is a child of the parent's, or else of the span that this task is in. What an error says is
    not kept, for it may quote what people sent.
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
    """A span of what is over: its times in nanoseconds since 1970."""
    if parent:
        _started(name, parent, began).end(max(began, ended))


def traceparent() -> str:
    """What makes spans elsewhere children of the one that this task is in; "" without any."""
    return _traceparent(None)


def trace_id() -> str:
    """The id of the trace that this task is in, for the log; "" without any."""
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
