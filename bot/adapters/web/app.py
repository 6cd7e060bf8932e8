"""The web adapter: one server for the page and the HTTP interface."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Self

from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.adapters.web import WebOptions, pages
from bot.adapters.web.access import TRIES, AddressTurns, Admission, access, put_origin
from bot.adapters.web.api import CaptionApi, WaitingList
from bot.adapters.web.capabilities import CaptionLanguages, ModelCapabilities
from bot.adapters.web.forms import FORM_OVERHEAD
from bot.adapters.web.keys import KeyRing
from bot.adapters.web.middleware import (
    Handler,
    Metrics,
    elsewhere,
    expectation,
    frame,
    put_headers,
    security_headers,
)
from bot.adapters.web.photo_cache import PhotoStore
from bot.asyncio_utils import end
from bot.chat.service import CaptionService
from bot.store.base import Store
from bot.store.memory import MemoryStore
from captioner.queue.base import JobQueue

log = logging.getLogger(__name__)
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names them, binds nothing


def instance_name() -> str:
    """A name for one web process's service: replies must come to the process that was asked."""
    return f"web.{secrets.token_hex(6)}"


class WebAdapter:
    """Serves the page and the HTTP interface until it is stopped.

    The service must bear a name of its own (`instance_name`). `worker_ready` says whether photos
    can be captioned now, as far as this process knows. `registry` is where metrics are kept, for
    a process that has others to show. `store` is where turns are counted, and belongs to the
    caller; without one, each process counts for itself.
    """

    def __init__(
        self,
        service: CaptionService,
        queue: JobQueue,
        *,
        host: str = "127.0.0.1",
        port: int = 8080,
        max_bytes: int = 20_000_000,
        worker_ready: Callable[[], bool] = lambda: True,
        registry: CollectorRegistry | None = None,
        options: WebOptions | None = None,
        store: Store | None = None,
    ) -> None:
        self._options = options or WebOptions()
        self._host, self._port = host, port
        self._metrics = Metrics(registry)
        self._waiting = WaitingList(service)
        self._store = PhotoStore(
            seconds=self._options.keep_seconds,
            max_photos=self._options.keep_photos,
            max_bytes=self._options.keep_bytes,
        )
        languages = CaptionLanguages(service)
        capabilities = ModelCapabilities(service, languages)
        turns = AddressTurns(store or MemoryStore(), service, per_minute=self._options.per_minute)
        api = CaptionApi(
            self._waiting,
            self._store,
            queue,
            self._metrics,
            self._options,
            admission=Admission(self._options, turns, worker_ready),
            languages=languages,
            capabilities=capabilities,
            max_bytes=max_bytes,
        )
        self._app = web.Application(
            middlewares=[
                self._note_connection,
                frame(self._metrics, self._options.prefix),
                access(
                    self._options,
                    KeyRing(self._options.keys) if self._options.keys else None,
                    AddressTurns(store or MemoryStore(), service, per_minute=TRIES),
                ),
            ],
            client_max_size=max_bytes + FORM_OVERHEAD,
        )
        headers = security_headers(self._options.frame_ancestors)
        self._app.on_response_prepare.append(put_headers(headers))
        self._app.on_response_prepare.append(put_origin(self._options))
        everywhere = web.route("*", "/{elsewhere:.*}", elsewhere)
        if self._options.prefix:
            self._app.add_routes([web.get(self._options.prefix, _with_slash)])
        routes = [*api.routes(), *pages.routes(capabilities.facts), everywhere]
        # aiohttp's own answer to an odd `Expect` is no problem document, and can be an error.
        for route in routes:
            kwargs = {**route.kwargs, "expect_handler": expectation}
            # A proxy may take the prefix away before it passes a request on, or leave it there.
            for path in {route.path, self._options.prefix + route.path}:
                self._app.add_routes([web.RouteDef(route.method, path, route.handler, kwargs)])
        self._runner: web.AppRunner | None = None
        self._delivering: asyncio.Task[None] | None = None
        self._hanging_up: asyncio.Task[None] | None = None
        self._asked: set[asyncio.BaseProtocol] = set()  # connections that brought a request

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the page."""
        host = EVERYWHERE.get(self._host, self._host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}/"

    @property
    def listening(self) -> bool:
        """Whether the page is there."""
        return self._runner is not None

    async def start(self) -> None:
        """Listen. Raises OSError where the address cannot be had, for instance is in use."""
        runner = web.AppRunner(
            self._app,
            access_log=None,  # ours has no addresses; see middleware.py
            handler_cancellation=True,  # who leaves is not worked for
            keepalive_timeout=self._options.idle_seconds,
            # A browser reads a refusal only when it has sent everything: let it send.
            lingering_time=self._options.upload_seconds,
            shutdown_timeout=self._options.stop_seconds,
            logger=_protocol_log(),
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self._port = runner.addresses[0][1]
        self._delivering = asyncio.create_task(self._waiting.deliver(), name="web replies")
        self._delivering.add_done_callback(_say_if_failed)
        self._hanging_up = asyncio.create_task(self._hang_up(runner), name="silent connections")
        log.info("the page is at %s", self.url)

    async def stop(self) -> None:
        """Answer what is in hand, then let go of everything, kept photos too."""
        if self._hanging_up is not None:
            await end(self._hanging_up)
            self._hanging_up = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._delivering is not None:
            await end(self._delivering)
            self._delivering = None
        self._store.clear()

    async def run(self) -> None:
        """Serve until cancelled. Raises OSError as `start` does."""
        async with self:
            if self._delivering is not None:
                # Not awaited itself, for then our end would be its end: `stop` needs it still.
                await asyncio.wait([self._delivering])
                self._delivering.result()

    @web.middleware
    async def _note_connection(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._asked.add(request.protocol)
        return await handler(request)

    async def _hang_up(self, runner: web.AppRunner) -> None:
        """Close connections that bring no whole request for a while.

        aiohttp waits for the first one for ever, so anybody could hold all that this process may
        have. How long it waits for further ones on the same connection is `idle_seconds`.
        """
        since: dict[asyncio.BaseProtocol, float] = {}
        while runner.server is not None:
            await asyncio.sleep(self._options.silent_seconds / 4)
            now = asyncio.get_running_loop().time()
            there = runner.server.connections
            self._asked.intersection_update(there)
            silent = [one for one in there if one not in self._asked]
            since = {one: since.get(one, now) for one in silent}
            for one in silent:
                if now - since[one] >= self._options.silent_seconds:
                    one.force_close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


async def _with_slash(request: web.Request) -> web.StreamResponse:
    """Addresses on the page are relative: they need the slash."""
    return web.Response(status=308, headers={"Location": f"{request.path}/"})


def _say_if_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("no more replies reach the page", exc_info=error)


def _protocol_log() -> logging.Logger:
    """For what aiohttp says about requests it cannot parse: without whom they came from."""

    def quieten(record: logging.LogRecord) -> bool:
        cause = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = "a request could not be read: %s", (cause and cause.__name__,)
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.INFO, "INFO"
        return True

    logger = logging.getLogger(f"{__name__}.protocol")
    if not logger.filters:
        logger.addFilter(quieten)
    return logger
