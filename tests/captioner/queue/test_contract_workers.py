"""What every queue knows of its workers, tested on each form of it."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

from captioner.capabilities import UNDECLARED, Capabilities
from captioner.queue import JobQueue, Workers
from tests.captioner.conftest import OpenQueue
from tests.captioner.queue.helpers import LONG
from tests.support.jobs import make_job

NONE = Workers(ready=0, loading=0)


async def test_without_announcements_there_are_none(queue: JobQueue) -> None:
    assert await queue.workers() == NONE
    await queue.take("worker", max_batch=1, wait=0)
    assert await queue.workers() == NONE, "whoever takes jobs says so by announcing it"


async def test_workers_are_counted_by_what_they_said_last(queue: JobQueue) -> None:
    await queue.announce("a", ready=False)
    await queue.announce("b", ready=False)
    await queue.announce("b", ready=True, model="new model, 1f")
    await queue.announce("b", ready=True, model="new model, 1f")
    assert await queue.workers() == Workers(1, 1, frozenset({"new model, 1f"}))
    await queue.announce("a", ready=True, model="old model")
    await queue.announce("c", ready=True)
    assert await queue.workers() == Workers(3, 0, frozenset({"new model, 1f", "old model"}))


async def test_where_photos_go_is_known_before_a_worker_is_ready(queue: JobQueue) -> None:
    away = replace(UNDECLARED, sends_photos_to=("api.example",))
    await queue.announce("here", ready=True)
    assert (await queue.workers()).sends_photos_to == ()
    await queue.announce("away", ready=False, capabilities=away)
    workers = await queue.workers()
    assert workers.sends_photos_to == ("api.example",)
    assert workers.capabilities == (UNDECLARED,)


async def test_a_worker_that_leaves_is_gone(queue: JobQueue) -> None:
    await queue.announce("a", ready=True)
    await queue.leave("a")
    await queue.leave("never heard of")
    assert await queue.workers() == NONE


async def test_a_worker_that_falls_silent_is_forgotten(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.4)
    await queue.announce("dead", ready=True)
    async with asyncio.timeout(LONG):
        while await queue.workers() != Workers(0, 1):
            await queue.announce("loading", ready=False)
            await asyncio.sleep(0.05)


async def test_how_long_ago_workers_were_heard_of(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=300.0)
    assert (await queue.workers()).silent == math.inf
    await queue.announce("killed", ready=True)
    async with asyncio.timeout(LONG):
        while (silent := (await queue.workers()).silent) < 0.3:
            await asyncio.sleep(0.05)
    await queue.announce("alive", ready=True)
    assert (await queue.workers()).silent < silent
    for name in ("killed", "alive"):
        await queue.leave(name)
    assert (await queue.workers()).silent == math.inf


async def test_a_receipt_says_when_nobody_is_ready_and_somebody_loads(
    open_queue: OpenQueue,
) -> None:
    queue = open_queue(visibility=0.4)
    assert not (await queue.submit(make_job())).waking, "nobody is there at all"
    await queue.announce("a", ready=False)
    waited = make_job()
    assert (await queue.submit(waited)).waking
    assert not (await queue.submit(waited)).waking, "a duplicate"
    await queue.announce("b", ready=True)
    assert not (await queue.submit(make_job())).waking
    async with asyncio.timeout(LONG):
        while not (await queue.submit(make_job())).waking:  # b falls silent
            await queue.announce("a", ready=False)
            await asyncio.sleep(0.05)


async def test_what_workers_can_do_is_known_of_those_that_are_ready(queue: JobQueue) -> None:
    german = Capabilities(
        languages=("de",), attention=False, confidence=True, questions=False, lengths=("short",)
    )
    await queue.announce("loading", ready=False)
    assert (await queue.workers()).capabilities == ()
    for name in ("new", "another new one"):
        await queue.announce(name, ready=True, capabilities=german)
    assert (await queue.workers()).capabilities == (german,)
    await queue.announce("of an older version", ready=True)
    assert set((await queue.workers()).capabilities) == {german, UNDECLARED}
    await queue.leave("new")
    await queue.leave("another new one")
    assert (await queue.workers()).capabilities == (UNDECLARED,)


async def test_names_and_models_are_taken_as_they_are(queue: JobQueue) -> None:
    model = "\u00fcber model\n2 ready {x}"
    await queue.announce("host name 1\n", ready=True, model=model)
    assert await queue.workers() == Workers(1, 0, frozenset({model}))
