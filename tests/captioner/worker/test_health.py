"""What bots are told of a worker; a model that fails at all photos, and one that fails at one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import for_operators, for_supervisors
from captioner.captioner import Captioner
from captioner.queue import JobQueue, Limits, Workers
from captioner.queue.messages import CaptionJob, CaptionReply
from captioner.queue.redis import RedisQueue
from captioner.worker.batch_handler import BatchHandler
from captioner.worker.health import ModelBrokenError, announce_loading, check_model, self_test_job
from captioner.worker.loop import Worker
from tests.captioner.conftest import OpenQueue
from tests.captioner.worker.helpers import LONG, Blocked, replies, working
from tests.support.jobs import make_job
from tests.support.models import save_small_checkpoint
from tests.support.redis_server import RedisServer
from tests.support.scripted_worker import MODEL, ScriptedCaptions, jpeg, scripted_worker

NONE, LOADING = Workers(0, 0), Workers(0, 1)
READY = Workers(1, 0, frozenset({MODEL}))


async def until(queue: JobQueue, expected: Workers) -> None:
    async with asyncio.timeout(LONG):
        while await queue.workers() != expected:
            await asyncio.sleep(0.02)


async def test_a_worker_loads_is_ready_and_is_gone(queue: JobQueue) -> None:
    loaded: asyncio.Future[ScriptedCaptions] = asyncio.get_running_loop().create_future()
    loading = asyncio.create_task(announce_loading(queue, "worker", loaded))
    await until(queue, LOADING)
    loaded.set_result(ScriptedCaptions())
    captions = await loading
    assert await queue.workers() == LOADING, "there is no gap in between"
    async with working(queue, captions):
        await until(queue, READY)
    assert await queue.workers() == NONE


async def test_it_is_still_there_after_many_times_the_visibility(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.5)
    async with scripted_worker(queue):
        await until(queue, READY)
        await asyncio.sleep(1.5)
        assert await queue.workers() == READY


async def test_a_model_that_cannot_be_loaded_leaves_no_worker_behind(queue: JobQueue) -> None:
    async def fail() -> None:
        await until(queue, LOADING)
        raise ValueError("no such checkpoint")

    with pytest.raises(ValueError, match="no such checkpoint"):
        await announce_loading(queue, "worker", fail())
    assert await queue.workers() == NONE


async def test_who_is_asked_to_stop_is_gone_before_its_batch_is_done(queue: JobQueue) -> None:
    model = Blocked()
    await queue.submit(make_job(photo=jpeg()))
    async with working(queue, model.captions, grace=LONG) as worker:
        await model.has_started()
        await until(queue, READY)
        worker.request_stop()
        await until(queue, NONE)
        model.go_on.set()
    assert len(await replies(queue, 1)) == 1


async def test_a_worker_that_is_cancelled_is_gone(queue: JobQueue) -> None:
    running = asyncio.create_task(Worker(queue, ScriptedCaptions(), consumer="worker").run())
    await until(queue, READY)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await queue.workers() == NONE


async def test_it_is_known_once_the_server_is_there(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    async with RedisQueue(server.url, Limits(visibility=1.5)) as queue, scripted_worker(queue):
        await asyncio.sleep(0.5)  # it has tried in vain
        server.start()
        try:
            await until(queue, READY)
        finally:
            server.kill()


def broken(_jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
    raise RuntimeError("secret")


def test_a_model_that_works_passes() -> None:
    captions = ScriptedCaptions()
    check_model(captions)
    assert captions.jobs == [self_test_job()]


def test_a_real_model_answers_the_probe(tmp_path: Path) -> None:
    answers = BatchHandler(Captioner.load(save_small_checkpoint(tmp_path / "a.safetensors")))
    (reply,) = answers.answer([self_test_job()])
    assert reply.failure is None


def test_a_broken_model_is_said_in_a_sentence_and_ends_in_failure() -> None:
    with pytest.raises(ModelBrokenError) as raised:
        check_model(ScriptedCaptions(broken))
    assert "RuntimeError" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert for_supervisors(raised.value) == str(raised.value)
    assert for_operators(raised.value) is None
    assert for_supervisors(RuntimeError("a bug")) is None
