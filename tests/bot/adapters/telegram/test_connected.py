"""The adapter knows whether Telegram reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.adapters.telegram import Webhook
from bot.adapters.telegram.adapter import TelegramAdapter
from tests.bot.adapters.telegram.conftest import Bench
from tests.bot.adapters.telegram.steps import ended


@asynccontextmanager
async def running(bench: Bench, **options: Any) -> AsyncIterator[TelegramAdapter]:
    adapter = bench.adapter(**options)
    assert not adapter.connected
    task = asyncio.create_task(adapter.run())
    try:
        yield adapter
    finally:
        await ended(task)
    assert not adapter.connected


async def until(adapter: TelegramAdapter, *, connected: bool) -> None:
    async with asyncio.timeout(60):
        while adapter.connected is not connected:
            await asyncio.sleep(0.02)


async def test_polling(idle: Bench) -> None:
    async with running(idle) as adapter:
        await until(adapter, connected=True)
        await idle.server.stop()
        await until(adapter, connected=False)
        await idle.server.start()
        idle.server.person().says("/start")
        await until(adapter, connected=True)


async def test_a_webhook(idle: Bench, unused_tcp_port: int) -> None:
    hook = Webhook(
        f"http://127.0.0.1:{unused_tcp_port}/telegram", "secret_0123456789", port=unused_tcp_port
    )
    async with running(idle, webhook=hook) as adapter:
        await until(adapter, connected=True)


async def test_no_network_at_the_start(idle: Bench) -> None:
    await idle.server.stop()
    async with running(idle) as adapter:
        await asyncio.sleep(0.2)
        assert not adapter.connected
        await idle.server.start()
        await until(adapter, connected=True)
