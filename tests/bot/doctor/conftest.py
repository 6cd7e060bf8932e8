"""A loopback Telegram and Discord for the doctor."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.discord_server import DiscordServer, discord_server
from tests.support.telegram_server import TelegramServer


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert not server.violations


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with discord_server() as server:
        yield server
