"""A Redis as deploy/redis has it, for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deploy.redis.secured import SecuredRedis, secured_redis


@pytest.fixture(scope="package")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredRedis]:
    with secured_redis(tmp_path_factory.mktemp("secured")) as server:
        yield server
