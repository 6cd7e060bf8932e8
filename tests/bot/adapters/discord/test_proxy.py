"""A network in which only a proxy reaches Discord: calls, gateway and files go by way of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.adapters import AdapterError
from bot.adapters.discord import adapter
from bot.http import ProxyError
from tests.bot.adapters.discord.stage import CAPTION, logged, stage
from tests.support.discord_server import DiscordServer, discord_server
from tests.support.http_proxy import HttpProxy, http_proxy


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HttpProxy]:
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with http_proxy() as running:
        monkeypatch.setenv("HTTP_PROXY", running.url)
        yield running


async def test_everything_goes_by_the_proxy(proxy: HttpProxy) -> None:
    callers: set[int] = set()

    @web.middleware
    async def remember(request: web.Request, handler: Handler) -> web.StreamResponse:
        assert request.transport is not None
        callers.add(request.transport.get_extra_info("peername")[1])
        return await handler(request)

    async with discord_server(remember) as server, stage(server) as bot:
        answer = await bot.answered(await bot.use_caption())
        await server.until(lambda: CAPTION in answer.content)
        await bot.mention("cat.jpg")
        assert (await bot.said(2))[-1].content == CAPTION
        for what in (b"/users/@me", b"/gateway", b"/attachments/", b"/callback", b"/@original"):
            assert what in bytes(proxy.passed), what
        assert callers <= proxy.ports  # nothing went past it


@pytest.mark.parametrize("how", ["refuses", "hangs"])
async def test_proxy_that_does_not_work_is_tried_again(
    server: DiscordServer,
    proxy: HttpProxy,
    how: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(adapter, "_LOGIN_SECONDS", 1.0)
    setattr(proxy, how, True)
    async with stage(server, start=False) as bot:
        running = bot.begin()
        await logged(caplog, "discord: cannot be reached")
        assert not running.done()
        setattr(proxy, how, False)
        monkeypatch.setattr(adapter, "_LOGIN_SECONDS", 60.0)
        await server.until_online()


async def test_proxy_that_cannot_be_used_is_said(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:1080")
    async with stage(server, start=False) as bot:
        running = bot.begin()
        with pytest.raises((AdapterError, ProxyError), match="only an HTTP proxy"):
            await asyncio.wait_for(running, 60)
        bot.forget()
