"""Sets up OpenTelemetry's SDK, which sends spans to a collector from its own thread."""

from __future__ import annotations

import uuid

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from captioner.distribution import version

_PATH = "/v1/traces"
_TIMEOUT = 5.0  # seconds that a collector may take for what it is sent
_DELAY = 1000.0  # milliseconds for which spans are gathered


def tracer_provider(endpoint: str, *, role: str) -> TracerProvider:
    """A provider that sends spans to `endpoint`, a collector's address such as http://host:4318.

    OpenTelemetry's own settings (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, …) apply.
    """
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
