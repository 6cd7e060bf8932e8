"""A whole worker whose model is behind an address: what it tells, and what becomes of photos."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from bot.settings import Settings
from captioner.cli import model
from captioner.engines.openai import client
from captioner.queue import JobQueue, Limits
from captioner.queue.memory import MemoryQueue
from captioner.worker import loop
from tests.captioner.worker.helpers import LONG, replies, until
from tests.support.chat_completions_server import (
    MODEL,
    Behaviour,
    ChatServer,
    Handler,
    hangs_up,
    says,
    stalls,
    status,
)
from tests.support.jobs import make_job
from tests.support.photos import photo


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as running:
        yield running


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(model, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(model, "_LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(loop, "_LONGEST_PAUSE_FOR_MODEL", 0.05)


@asynccontextmanager
async def running(queue: JobQueue, server: ChatServer, **more: Any) -> AsyncIterator[None]:
    """A worker as `captionbot worker` runs it."""
    values: dict[str, Any] = {
        "CAPTIONBOT_ENGINE": "openai",
        "CAPTIONBOT_OPENAI_URL": server.url,
        "CAPTIONBOT_OPENAI_MODEL": MODEL,
        "CAPTIONBOT_OPENAI_TIMEOUT": 5,
        **more,
    }
    stoppers: list[Callable[[], object]] = []
    working = asyncio.create_task(
        model.run_worker(
            queue,
            Settings(_env_file=None, **values),  # type: ignore[call-arg]  # pydantic-settings' own
            max_batch=4,
            stopping=asyncio.Event(),
            stoppers=stoppers,
            on_ready=lambda: None,
        )
    )
    try:
        yield
    finally:
        for stop in stoppers:
            stop()
        async with asyncio.timeout(LONG):
            with suppress(asyncio.CancelledError):
                await working


async def ready(queue: JobQueue) -> None:
    async with asyncio.timeout(LONG):
        while not (await queue.workers()).ready:
            await asyncio.sleep(0.01)


async def test_where_photos_go_is_told_before_the_model_answers(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(client, "is_own_network", lambda _url: False)  # no test leaves loopback
    server.always(status(503))
    async with MemoryQueue(Limits()) as queue, running(queue, server):
        async with asyncio.timeout(LONG):
            while (await queue.workers()).sends_photos_to != ("127.0.0.1",):
                await asyncio.sleep(0.01)
        assert (await queue.workers()).waking
        server.honest_again()
        await ready(queue)
        assert (await queue.workers()).sends_photos_to == ("127.0.0.1",)
    assert "every photo is sent to 127.0.0.1, outside of your own network" in caplog.text


@pytest.mark.parametrize("trouble", [status(429), status(500), hangs_up, stalls(0.2)])
async def test_while_the_model_is_in_trouble_no_photo_is_lost(
    server: ChatServer, trouble: Behaviour
) -> None:
    """Given back as often as it takes, and answered when the model is back."""
    async with MemoryQueue(Limits(max_deliveries=2)) as queue, running(queue, server):
        await ready(queue)
        server.always(trouble)
        asked = [make_job(photo=photo(seed=number)) for number in range(6)]
        for job in asked:
            await queue.submit(job)
        calls = len(server.calls)
        await until(lambda: len(server.calls) > calls + 12)
        server.honest_again()
        found = await replies(queue, len(asked))
    assert set(found) == {job.id for job in asked}
    assert not any(reply.failure for reply in found.values())


async def test_nobody_waits_for_photos_that_are_not_asked_about_at_the_same_time(
    server: ChatServer,
) -> None:
    """Four photos are two batches where the model is asked about two at a time."""
    first_are_answered, numbers = threading.Event(), itertools.count()

    def behave(handler: Handler) -> None:
        if next(numbers) >= 2:
            assert first_are_answered.wait(LONG)
        says("A dog.")(handler)

    async with (
        MemoryQueue(Limits()) as queue,
        running(queue, server, CAPTIONBOT_OPENAI_CONCURRENCY=2, CAPTIONBOT_OPENAI_TIMEOUT=60),
    ):
        await ready(queue)
        server.always(behave)
        for number in range(4):
            await queue.submit(make_job(photo=photo(seed=number)))
        assert len(await replies(queue, 2)) == 2
        first_are_answered.set()
        assert len(await replies(queue, 2)) == 2


async def test_while_nobody_listens_no_photo_is_lost() -> None:
    server = ChatServer()
    async with MemoryQueue(Limits(max_deliveries=2)) as queue:
        with server:
            working = running(queue, server)
            await working.__aenter__()
            await ready(queue)
        try:
            asked = [make_job(photo=photo(seed=number)) for number in range(6)]
            for job in asked:
                await queue.submit(job)
            async with asyncio.timeout(LONG):
                while not (await queue.workers()).waking:
                    await asyncio.sleep(0.01)
            with server:
                found = await replies(queue, len(asked))
        finally:
            await working.__aexit__(None, None, None)
    assert set(found) == {job.id for job in asked}
    assert not any(reply.failure for reply in found.values())
