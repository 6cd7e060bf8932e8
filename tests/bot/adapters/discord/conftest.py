"""A loopback Discord that refuses what Discord refuses, and a bot on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot import asyncio_utils
from bot.adapters.discord import adapter
from tests.bot.adapters.discord.stage import Stage, stage
from tests.support.discord_server import DiscordServer, discord_server


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord's outages in tests are short, so the bot tries again soon; servers come at once."""
    monkeypatch.setattr(asyncio_utils, "_SHORTEST_PAUSE", 0.2)
    monkeypatch.setattr(adapter, "_GUILD_SECONDS", 0.3)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord; at its end no call may have been one that the real service refuses.

    Nor may anybody have been pinged.
    """
    async with discord_server() as running:
        yield running
    for received in running.rest.received:
        for message in _messages(received.body):
            assert message["allowed_mentions"] == {"parse": []}, received.call.path


def _messages(body: Any) -> Iterator[dict[str, Any]]:
    """What a call's body says, if it is a message."""
    message = body.get("data", body) if isinstance(body, dict) else {}
    if isinstance(message, dict) and "content" in message:
        yield message


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Stage]:
    """A bot that is online."""
    async with stage(server) as made:
        yield made
