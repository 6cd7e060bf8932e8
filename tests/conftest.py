"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest

from tests.support.redis_server import RedisServer, running_redis

# The tests run side by side: threads of torch beside each other's would wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A busy machine is slow now and then, which is no fault of what is tested.
hypothesis.settings.register_profile("captionbot", deadline=None)
hypothesis.settings.load_profile("captionbot")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A real Redis that all tests share: use a prefix of your own and leave the server alone."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server
