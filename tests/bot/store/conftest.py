"""The two forms of the store."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from bot.store import MemoryStore, Store
from bot.store.redis import RedisStore
from tests.support.redis_server import RedisServer


@pytest.fixture
def prefix() -> str:
    """Keeps the keys of one test apart from those of the others."""
    return uuid.uuid4().hex


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[Store]:
    """A store: each test runs on both forms."""
    opened: Store
    if request.param == "memory":
        opened = MemoryStore()
    else:
        server: RedisServer = request.getfixturevalue("redis_server")
        opened = RedisStore(server.url, prefix)
    yield opened
    await opened.close()
