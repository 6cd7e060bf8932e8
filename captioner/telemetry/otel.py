"""Spans by OpenTelemetry, sent to a collector from a thread of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from captioner.distribution import version
from captioner.telemetry import request_id
from captioner.telemetry.tracing import Span, Value

_PATH = "/v1/traces"
_TIMEOUT = 5.0  # seconds that a collector may take for what it is sent
_DELAY = 1000.0  # milliseconds for which spans are gathered
_REQUEST = "captionbot.request"
_propagator = TraceContextTextMapPropagator()


class _Real(Span):
    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self.traceparent = _traceparent(trace.set_span_in_context(span, Context()))

    def note(self, name: str, value: Value) -> None:
        self._span.set_attribute(f"captionbot.{name}", value)

    def end(self) -> None:
        self._span.end()


class Exporter:
    """Makes spans and sends them to `endpoint`, a collector's address such as http://host:4318.

    OpenTelemetry's own settings (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, …) are obeyed.
    """

    def __init__(self, endpoint: str, *, role: str) -> None:
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
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(
            BatchSpanProcessor(sender, schedule_delay_millis=_DELAY, export_timeout_millis=5000)
        )
        self._tracer = self._provider.get_tracer("captionbot")

    def begin(self, name: str, parent: str) -> Span:
        """As `tracing.begin`."""
        return _Real(self._start(name, parent))

    @contextmanager
    def span(self, name: str, parent: str) -> Iterator[Span]:
        """As `tracing.span`. What an error says is not kept, for it may quote what people sent."""
        span = self._start(name, parent)
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                yield _Real(span)
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            raise
        finally:
            span.end()

    def record(self, name: str, parent: str, began: int, ended: int) -> None:
        """As `tracing.record`."""
        self._start(name, parent, began).end(max(began, ended))

    def traceparent(self) -> str:
        """As `tracing.traceparent`."""
        return _traceparent(None)

    def close(self) -> None:
        """Send what is left, for a few seconds at most, and nothing more."""
        self._provider.shutdown()

    def _start(self, name: str, parent: str, began: int | None = None) -> trace.Span:
        context = _propagator.extract({"traceparent": parent}, Context()) if parent else None
        about = request_id.current()
        return self._tracer.start_span(
            name, context, attributes={_REQUEST: about} if about else None, start_time=began
        )


def _traceparent(context: Context | None) -> str:
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, context)
    return carrier.get("traceparent", "")
