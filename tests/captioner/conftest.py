"""The two forms of the queue."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable

import pytest

from captioner.queue import InspectableQueue, JobQueue, Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.redis import RedisQueue
from tests.support.redis_server import RedisServer

OpenQueue = Callable[..., JobQueue]
OpenInspectable = Callable[..., InspectableQueue]


@pytest.fixture
def prefix() -> str:
    """Keeps the keys of one test apart from those of the others."""
    return uuid.uuid4().hex


@pytest.fixture(params=["memory", "redis"])
async def open_queue(
    request: pytest.FixtureRequest, prefix: str
) -> AsyncIterator[Callable[..., JobQueue]]:
    """Opens a queue with the limits given: each test runs on both forms."""
    opened: list[JobQueue] = []

    def open_one(**limits: float) -> JobQueue:
        queue: JobQueue
        if request.param == "memory":
            queue = MemoryQueue(Limits(**limits))  # type: ignore[arg-type]  # depth is whole
        else:
            server: RedisServer = request.getfixturevalue("redis_server")
            queue = RedisQueue(server.url, Limits(**limits), prefix)  # type: ignore[arg-type]  # depth is whole
        opened.append(queue)
        return queue

    yield open_one
    for queue in opened:
        await queue.close()


@pytest.fixture
def queue(open_queue: OpenQueue) -> JobQueue:
    """A queue with the usual limits."""
    return open_queue()


@pytest.fixture
async def open_inspectable(
    redis_server: RedisServer, prefix: str
) -> AsyncIterator[Callable[..., InspectableQueue]]:
    """Opens a queue that an operator can look into, with the limits given."""
    opened: list[RedisQueue] = []

    def open_one(**limits: float) -> InspectableQueue:
        opened.append(RedisQueue(redis_server.url, Limits(**limits), prefix))  # type: ignore[arg-type]  # depth is whole
        return opened[-1]

    yield open_one
    for queue in opened:
        await queue.close()


@pytest.fixture
def inspectable(open_inspectable: OpenInspectable) -> InspectableQueue:
    """One with the usual limits."""
    return open_inspectable()
