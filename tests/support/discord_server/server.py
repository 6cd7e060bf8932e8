"""Discord on loopback: REST, gateway and CDN on one port, and people who use it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.support.discord_server.acting import Acting
from tests.support.discord_server.calls import BOT_TOKEN, Fault, Received
from tests.support.discord_server.gateway import Gateway
from tests.support.discord_server.rest import Rest
from tests.support.discord_server.world import Channel, Message, World

TOKEN = "MTIzNDU2Nzg5.Gloop0.back-only_not-a-real-token"
_PATIENCE = 60.0  # seconds; how long a test waits for what it expects


class DiscordServer(Acting):
    """A Discord of our own. People act through its methods; `rest` and `gateway` tell what came."""

    def __init__(self, token: str = TOKEN) -> None:
        world = World(token)
        super().__init__(world, Gateway(world))
        self.rest = Rest(world)
        self.downloads: list[str] = []  # paths that were asked of the CDN
        self.middlewares: list[Middleware] = []  # of aiohttp; before it starts
        self.cdn_open = asyncio.Event()  # cleared: downloads hang
        self.cdn_open.set()
        self.redirect_to = ""  # where the CDN sends everybody, if set
        self.url = ""
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    async def start(self, port: int = 0) -> None:
        """Listen on a loopback port: a free one, or the one given."""
        app = web.Application(client_max_size=64 * 1024 * 1024, middlewares=self.middlewares)
        app[BOT_TOKEN] = self.world.token
        app.router.add_route("*", "/api/v10/{tail:.*}", self.rest.handle)
        app.router.add_get("/gateway", self.gateway.handle)
        for kind in ("attachments", "stickers", "external"):
            app.router.add_get(f"/{kind}/{{tail:.*}}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.world.cdn = self.url
        self.gateway.url = f"{self.url.replace('http', 'ws', 1)}/gateway"

    async def stop(self) -> None:
        """Close every connection and the port."""
        self.cdn_open.set()
        await self.gateway.drop(code=1001)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self.downloads.append(request.path)
        async with self.rest.changed:
            self.rest.changed.notify_all()
        await self.cdn_open.wait()
        if self.redirect_to:
            raise web.HTTPFound(self.redirect_to)
        data = self.world.files.get(request.path)
        if data is None:
            return web.Response(status=404)
        return web.Response(body=data, content_type="application/octet-stream")

    # --- what tests ask

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        *,
        code: int = 0,
        times: int = 1,
        retry_after: float = 0.0,
    ) -> Fault:
        """The next calls of this kind meet an error."""
        fault = Fault(method, path, status, code, times, retry_after)
        self.rest.faults.append(fault)
        return fault

    def calls(self, method: str, path: str) -> list[Received]:
        """Calls of this kind so far; `path` is the path's end."""
        return [
            r for r in self.rest.received if r.call.method == method and r.call.path.endswith(path)
        ]

    def said(self, channel: Channel) -> list[Message]:
        """What the bot wrote into a channel and is there to be read, oldest first."""
        return [
            m for m in self.world.messages.values()
            if m.channel is channel and m.author is self.world.bot and not m.loading
        ]  # fmt: skip

    async def until(self, condition: Callable[[], bool], *, seconds: float = _PATIENCE) -> None:
        """Wait for something that follows from a call; raises TimeoutError."""
        async with asyncio.timeout(seconds), self.rest.changed:
            await self.rest.changed.wait_for(condition)

    async def until_online(self, times: int = 1, *, seconds: float = _PATIENCE) -> None:
        """Wait until clients have identified so many times."""
        async with asyncio.timeout(seconds), self.gateway.changed:
            await self.gateway.changed.wait_for(lambda: self.gateway.identified >= times)

    async def until_resumed(self, times: int = 1, *, seconds: float = _PATIENCE) -> None:
        """Wait until clients have resumed so many times."""
        async with asyncio.timeout(seconds), self.gateway.changed:
            await self.gateway.changed.wait_for(lambda: self.gateway.resumed >= times)


@asynccontextmanager
async def discord_server(*middlewares: Middleware) -> AsyncIterator[DiscordServer]:
    """A running server; when it ends, no call may have been one that Discord refuses."""
    server = DiscordServer()
    server.middlewares += middlewares
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
    assert not server.rest.violations, "\n".join(server.rest.violations)
    assert not server.gateway.privileged, "the bot asked for an intent that needs approval"
