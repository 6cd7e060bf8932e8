"""The adapter knows whether Discord's gateway reaches it."""

from __future__ import annotations

import asyncio

from bot.adapters.discord.adapter import DiscordAdapter
from tests.bot.adapters.discord.stage import stage
from tests.support.discord_server import DiscordServer


async def until(adapter: DiscordAdapter, *, connected: bool) -> None:
    async with asyncio.timeout(60):
        while adapter.connected is not connected:
            await asyncio.sleep(0.01)


async def test_it_is_connected_while_the_gateway_is(server: DiscordServer) -> None:
    async with stage(server, start=False) as bot:
        adapter = bot.adapter()
        assert not adapter.connected
        running = asyncio.create_task(adapter.run())
        try:
            await until(adapter, connected=True)
            port = int(server.url.rsplit(":", 1)[1])
            await server.stop()
            await until(adapter, connected=False)
            await server.start(port)
            await until(adapter, connected=True)
        finally:
            running.cancel()
            await asyncio.wait({running})
        assert not adapter.connected
