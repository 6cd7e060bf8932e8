"""The worker when the queue goes away, and workers that are killed or told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from captioner.queue import Limits
from captioner.queue.redis import RedisQueue
from tests.captioner.worker.helpers import LONG, Blocked, replies, until, working
from tests.support.jobs import make_job
from tests.support.redis_server import RedisServer
from tests.support.scripted_worker import jpeg, scripted_worker

# --- the queue goes away


async def test_a_worker_waits_for_a_server_that_is_not_there_yet(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "captioner.worker")
    server = RedisServer(tmp_path)
    async with RedisQueue(server.url, Limits()) as queue, scripted_worker(queue):
        await until(lambda: "cannot be reached" in caplog.text)
        server.start()
        try:
            await queue.submit(make_job(photo=jpeg()))
            await replies(queue, 1)
        finally:
            server.kill()
    assert caplog.text.count("cannot be reached; trying again until it is back") <= 2
    assert "the queue is back after" in caplog.text


async def test_an_answer_outlives_the_absence_of_the_server(tmp_path: Path) -> None:
    server, model = RedisServer(tmp_path, appendonly=True), Blocked()
    server.start()
    try:
        async with RedisQueue(server.url, Limits()) as queue, working(queue, model.captions):
            job = make_job(photo=jpeg("yellow"))
            await queue.submit(job)
            await model.has_started()
            server.kill()
            model.go_on.set()
            await asyncio.sleep(0.5)  # the worker has tried in vain
            server.start()
            found = await replies(queue, 1)
            assert found[job.id].captions[0].text == "a yellow picture"
            assert model.captions.batches == [1]
    finally:
        server.kill()


async def test_an_answer_in_hand_does_not_keep_a_worker_from_stopping(tmp_path: Path) -> None:
    server, model = RedisServer(tmp_path, appendonly=True), Blocked()
    server.start()
    try:
        async with RedisQueue(server.url, Limits(visibility=0.5)) as queue:
            await queue.submit(make_job(photo=jpeg()))
            async with asyncio.timeout(LONG), working(queue, model.captions, grace=0.5):
                await model.has_started()
                server.kill()
                model.go_on.set()
                await until(lambda: model.captions.batches == [1])
            server.start()
            (claim,) = await queue.take("other", max_batch=1, wait=LONG)
            assert claim.deliveries == 2
    finally:
        server.kill()


async def test_a_worker_can_be_stopped_while_the_server_is_away(tmp_path: Path) -> None:
    url = RedisServer(tmp_path).url
    async with asyncio.timeout(LONG), RedisQueue(url, Limits()) as queue, scripted_worker(queue):
        await asyncio.sleep(0.5)


# --- real processes


async def test_what_a_killed_worker_held_is_answered(
    redis_server: RedisServer, prefix: str
) -> None:
    limits = Limits(visibility=1.0)
    async with RedisQueue(redis_server.url, limits, prefix) as queue:
        jobs = [make_job(photo=jpeg("orange")) for _ in range(3)]
        for job in jobs:
            await queue.submit(job)
        async with _worker_process(redis_server, prefix, "--hang") as process:
            await _hears(process, "working")
            process.kill()
        async with scripted_worker(queue) as captions:
            found = await replies(queue, 3)
        assert captions.batches == [1, 1, 1], "each may have been what killed it"
        assert {reply.failure for reply in found.values()} == {None}


async def test_a_terminated_worker_leaves_nothing_pending(
    redis_server: RedisServer, prefix: str
) -> None:
    async with RedisQueue(redis_server.url, Limits(), prefix) as queue:
        async with _worker_process(redis_server, prefix) as process:
            await _hears(process, "ready")
            for _ in range(20):
                await queue.submit(make_job(photo=jpeg("black")))
            await _hears(process, "working")
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), LONG) == 0
        done = 20 - await queue.depth()
        await replies(queue, done)
        rest = await queue.take("other", max_batch=32, wait=0)
        assert len(rest) == 20 - done
        assert {claim.deliveries for claim in rest} <= {1}


@asynccontextmanager
async def _worker_process(
    server: RedisServer, prefix: str, *options: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.worker_process",
        server.url,
        prefix,
        "process",
        "--visibility=1",
        *options,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _hears(process: asyncio.subprocess.Process, word: str) -> None:
    assert process.stdout
    async with asyncio.timeout(LONG):
        while (line := await process.stdout.readline()) and line.decode().strip() != word:
            pass
    assert line, f"the process ended and never said {word}"
