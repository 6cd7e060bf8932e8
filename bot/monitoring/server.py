"""What probes and Prometheus ask of a process, and the small server that answers them.

Nothing about people is in it.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Self

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from captioner.queue.base import JobQueue, QueueError
from captioner.telemetry import metrics
from captioner.telemetry.metrics import READY

CONTENT_TYPE = CONTENT_TYPE_LATEST
_ASK_QUEUE = 2.0  # seconds; a scrape must end soon even if the queue's server is gone
_OF_THE_QUEUE = (
    metrics.QUEUE_DEPTH,
    metrics.QUEUE_HELD,
    metrics.QUEUE_OLDEST,
    metrics.QUEUE_DEAD,
    metrics.WORKERS.labels("ready"),
    metrics.WORKERS.labels("loading"),
)


def exposition(more: CollectorRegistry | None = None) -> bytes:
    """All metrics of this process, and those of another registry."""
    text = generate_latest(metrics.REGISTRY)
    if more is not None and more is not metrics.REGISTRY:
        text += generate_latest(more)
    return text


async def ask_queue(queue: JobQueue) -> None:
    """Bring the metrics of the queue up to date."""
    metrics.QUEUE_LIMIT.set(queue.limits.depth)
    try:
        async with asyncio.timeout(_ASK_QUEUE):
            seen, workers = await asyncio.gather(queue.overview(), queue.workers())
    except (QueueError, TimeoutError):
        metrics.QUEUE_UP.set(0)
        for gauge in _OF_THE_QUEUE:
            gauge.set(math.nan)
        return
    metrics.QUEUE_UP.set(1)
    metrics.QUEUE_DEPTH.set(seen.depth)
    metrics.QUEUE_HELD.set(seen.held)
    metrics.QUEUE_OLDEST.set(seen.oldest)
    metrics.QUEUE_DEAD.set(seen.dead)
    metrics.WORKERS.labels("ready").set(workers.ready)
    metrics.WORKERS.labels("loading").set(workers.loading)


PING = 3.0  # seconds that the queue has to answer

# What is wrong with a part now, in a few words; None where nothing is.
Check = Callable[[], str | None]


class Readiness:
    """The parts of this process, each with a check of its own; the queue is always one."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._checks: dict[str, Check] = {}
        self.stopping = False  # whether the process was asked to end

    def watch(self, part: str, check: Check) -> None:
        """Ask this from now on to learn how a part is. Its name becomes a label of a metric."""
        self._checks[part] = check

    async def problems(self) -> dict[str, str]:
        """What is wrong with each part that does not do its work now."""
        found = {part: said for part, check in self._checks.items() if (said := check())}
        if not self._checks:
            found["process"] = "it is starting"
        if self.stopping:
            found["process"] = "it was asked to stop"
        try:
            async with asyncio.timeout(PING):
                await self._queue.ping()
        except TimeoutError:
            found["queue"] = f"it did not answer within {PING:.0f} s"
        except QueueError as error:
            found["queue"] = str(error)
        for part in ("queue", *self._checks):
            READY.labels(part).set(part not in found)
        return found


log = logging.getLogger(__name__)
_HEADERS = {
    "Cache-Control": "no-store",
    "Server": "CaptionBot",
    "X-Content-Type-Options": "nosniff",
}


class MonitoringServer:
    """`GET /health`, `/ready` and `/metrics` while the context lasts.

    Entering raises OSError where the address cannot be had. Port 0 takes any that is free; `port`
    is then the one that it is.
    """

    def __init__(self, queue: JobQueue, readiness: Readiness, *, host: str, port: int) -> None:
        self._queue, self._readiness = queue, readiness
        self._host, self.port = host, port
        app = web.Application(client_max_size=1024)
        app.add_routes(
            [
                web.get("/health", self._health),
                web.get("/ready", self._ready),
                web.get("/metrics", self._metrics),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self.port).start()
        except BaseException:
            await self._runner.cleanup()
            raise
        self.port = self._runner.addresses[0][1]
        log.info("health, readiness and metrics are at %s, port %d", self._host, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _health(self, _request: web.Request) -> web.Response:
        """That this is answered says that the process lives and its event loop turns."""
        return web.json_response({"status": "alive"}, headers=_HEADERS)

    async def _ready(self, _request: web.Request) -> web.Response:
        """Whether all parts do their work; 503 and what is wrong where not."""
        problems = await self._readiness.problems()
        if problems:
            told = {"status": "not ready", "problems": problems}
            return web.json_response(told, status=503, headers=_HEADERS)
        return web.json_response({"status": "ready"}, headers=_HEADERS)

    async def _metrics(self, _request: web.Request) -> web.Response:
        # Both ask the queue, which may take its time to be found absent; scrapes do not wait long.
        await asyncio.gather(self._readiness.problems(), ask_queue(self._queue))
        body = exposition()
        return web.Response(body=body, headers={**_HEADERS, "Content-Type": CONTENT_TYPE})
