"""A loopback homeserver, and a bot on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.adapters.matrix.stage import Stage, stage
from tests.support.matrix_server import MatrixServer, matrix_server


@pytest.fixture
async def server() -> AsyncIterator[MatrixServer]:
    """A homeserver; fails the test if the bot made a call that it must not make."""
    async with matrix_server() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def bot(server: MatrixServer) -> AsyncIterator[Stage]:
    """A bot that follows its rooms."""
    async with stage(server) as made:
        yield made
