"""A loopback Discord that refuses what Discord refuses, and a bot on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.adapters.discord.stage import Stage, stage
from tests.support.discord_server import DiscordServer, discord_server


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord; at its end no call may have been one that the real service refuses."""
    async with discord_server() as running:
        yield running


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Stage]:
    """A bot that is online."""
    async with stage(server) as made:
        yield made
