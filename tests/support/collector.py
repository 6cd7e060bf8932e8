"""An OpenTelemetry collector on a free port of this machine: it keeps the spans that it is sent.

async with Collector() as collector:
    ...  # send to collector.url
    await collector.until("answer")
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

PATIENCE = 90.0  # seconds


@dataclass(frozen=True, slots=True)
class ReceivedSpan:
    """A span as it arrived."""

    name: str
    trace: str
    id: str
    parent: str  # "" for a root
    seconds: float
    role: str
    facts: dict[str, Any]


class Collector:
    """`spans` are those received so far, `raw` every byte of them."""

    def __init__(self, *, status: int = 200) -> None:
        self.spans: list[ReceivedSpan] = []
        self.raw = b""
        self.url = ""
        self._status = status
        self._news = asyncio.Condition()
        app = web.Application(client_max_size=64_000_000)
        app.router.add_post("/v1/traces", self._receive)
        self._runner = web.AppRunner(app, access_log=None)

    async def until(self, name: str, number: int = 1) -> list[ReceivedSpan]:
        """So many spans of a name."""

        def there() -> bool:
            return sum(span.name == name for span in self.spans) >= number

        return await self._until(there)

    async def until_trace(self, *names: str) -> list[ReceivedSpan]:
        """A trace that has spans of all these names."""
        found: list[ReceivedSpan] = []

        def there() -> bool:
            for trace in {span.trace for span in self.spans}:
                found[:] = [span for span in self.spans if span.trace == trace]
                if {*names} <= {span.name for span in found}:
                    return True
            return False

        await self._until(there)
        return found

    async def _until(self, there: Callable[[], bool]) -> list[ReceivedSpan]:
        try:
            async with asyncio.timeout(PATIENCE), self._news:
                await self._news.wait_for(there)
        except TimeoutError:
            names = sorted(f"{span.role} {span.name} {span.trace[:6]}" for span in self.spans)
            raise AssertionError(f"only these came: {names}") from None
        return list(self.spans)

    async def _receive(self, request: web.Request) -> web.Response:
        data = await request.read()
        if self._status != 200:
            return web.Response(status=self._status)
        self.raw += data
        self.spans += _spans(ExportTraceServiceRequest.FromString(data))
        async with self._news:
            self._news.notify_all()
        return web.Response(
            body=ExportTraceServiceResponse().SerializeToString(),
            content_type="application/x-protobuf",
        )

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


def _spans(request: ExportTraceServiceRequest) -> list[ReceivedSpan]:
    return [
        ReceivedSpan(
            name=span.name,
            trace=span.trace_id.hex(),
            id=span.span_id.hex(),
            parent=span.parent_span_id.hex(),
            seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
            role=str(_facts(resource.resource.attributes).get("captionbot.role", "")),
            facts=_facts(span.attributes),
        )
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _facts(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
