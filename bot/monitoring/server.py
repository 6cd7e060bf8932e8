"""The small server with the probes and the metrics of a process; nothing about people is in it."""

from __future__ import annotations

import asyncio
import logging
from typing import Self

from aiohttp import web

from bot.monitoring.exposition import CONTENT_TYPE, ask_queue, exposition
from bot.monitoring.readiness import Readiness
from captioner.queue.base import JobQueue

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
