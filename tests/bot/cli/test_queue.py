"""`captionbot queue` as an operator uses it, on a real Redis."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from typer.testing import CliRunner, Result

from bot.cli import app
from captioner.errors import UsageError
from captioner.queue import JobQueue, Limits, open_queue
from captioner.queue.messages import Failure
from tests.support.jobs import make_job
from tests.support.redis_server import RedisServer, free_port, running_redis

LIMITS = Limits(visibility=0.1, max_deliveries=1, dead_for=600)
SECRET = "secret-4711"


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    monkeypatch.chdir(tmp_path)  # where no .env is
    with running_redis(tmp_path) as server:
        monkeypatch.setenv("REDIS_URL", server.url)
        yield server


def on_queue(
    redis: RedisServer, act: Callable[[JobQueue], Awaitable[Any]], limits: Limits = LIMITS
) -> Any:
    async def run() -> Any:
        async with open_queue(redis.url, limits) as queue:
            return await act(queue)

    return asyncio.run(run())


def queue(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, ["queue", *arguments], input=answer, env={"COLUMNS": "80"})


def refused(*arguments: str) -> str:
    """What an operator is told in one line, see `bot.cli.main`."""
    error = queue(*arguments).exception
    assert isinstance(error, UsageError)
    return str(error)


def look(*arguments: str) -> dict[str, Any]:
    found = queue("--json", *arguments)
    assert found.exit_code == 0
    values: dict[str, Any] = json.loads(found.stdout)
    return values


async def busy(queue: JobQueue) -> None:
    for _ in range(2):
        await queue.submit(make_job(person=SECRET, photo=SECRET.encode(), context={"chat": SECRET}))
    await queue.take("host-1-abc", max_batch=1, top_up=0)


async def give_up(queue: JobQueue) -> None:
    await queue.submit(make_job(photo=SECRET.encode(), person=SECRET))
    while await queue.depth():
        await queue.take("dies", max_batch=1, wait=0.1)


def test_an_empty_queue(redis: RedisServer) -> None:
    found = queue()
    assert found.exit_code == 0
    assert "0 of at most 1000 photos" in found.stdout
    assert "No worker is there" in found.stdout
    assert "No dead letters." in found.stdout
    assert look()["dead_letters"] == []


def test_who_has_what(redis: RedisServer) -> None:
    on_queue(redis, busy)
    found = queue().stdout
    assert "2 of at most 1000 photos: 1 waiting, 1 held by workers; the oldest came" in found
    assert "lane 0: 1, lane 1: 1" in found
    assert re.search(r"telegram\s+0\s+\d s ago\s+\d s ago\s+1\s+host-1-abc", found)
    told = look()
    assert (told["depth"], told["waiting"], told["held"]) == (2, 1, 1)
    assert told["lanes"][:3] == [1, 1, 0]
    (job,) = told["jobs_held"]
    assert (job["worker"], job["adapter"], job["deliveries"]) == ("host-1-abc", "telegram", 1)
    for shown in (found, json.dumps(told)):
        assert SECRET not in shown


def test_workers_that_are_there(redis: RedisServer) -> None:
    async def announce(queue: JobQueue) -> None:
        await queue.announce("a", ready=False)
        await queue.announce("b", ready=True, model="small 1a2b3c4d")

    on_queue(redis, announce, Limits())
    found = queue().stdout
    assert "Workers (2)" in found
    assert re.search(r"a\s+loading\s+\d+ s ago", found)
    assert re.search(r"b\s+ready\s+\d+ s ago\s+small 1a2b3c4d", found)
    assert all(0 <= worker["silent"] < 30 for worker in look()["workers"])


def test_a_dead_letter_is_tried_again_after_a_question(redis: RedisServer) -> None:
    on_queue(redis, give_up)
    shown = queue().stdout
    (letter,) = look()["dead_letters"]
    assert letter["letter"] in shown
    assert "never" in shown
    assert "kept" in shown
    assert SECRET not in shown + json.dumps(letter)

    no = queue("retry", letter["letter"], answer="n\n")
    assert (no.exit_code, look()["depth"]) == (1, 0)
    assert "Put 1 dead letter on the queue again, so that" in no.stdout
    assert "Nothing was changed." in no.stdout

    yes = queue("retry", letter["letter"], answer="y\n")
    assert (yes.exit_code, look()["depth"]) == (0, 1)
    assert "1 of 1 dead letter on the queue again." in yes.stdout
    assert look()["dead_letters"] == []

    async def work(queue: JobQueue) -> bytes:
        (claim,) = await queue.take("worker", max_batch=1)
        return claim.job.photo

    assert on_queue(redis, work) == SECRET.encode()


def test_all_of_them(redis: RedisServer) -> None:
    for _ in range(3):
        on_queue(redis, give_up)
    assert queue("retry", "--all", "--yes").stdout == "3 of 3 dead letters on the queue again.\n"
    assert (look()["depth"], look()["dead_letters"]) == (3, [])
    assert queue("retry", "--all", "--yes").stdout == "There are no dead letters.\n"
    on_queue(redis, give_up)
    dropped = queue("drop", "--all", "-y")
    assert (dropped.exit_code, look()["dead_letters"]) == (0, [])


def test_what_cannot_be_tried_again_is_named(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_queue(redis, give_up)
    (letter,) = look()["dead_letters"]
    found = queue("retry", "--yes", letter["letter"], "1-1")
    assert found.exit_code == 1
    assert "1 of 2 dead letters on the queue again." in found.stdout
    assert "no photo is kept of dead letter 1-1" in found.stderr
    found = queue("drop", "--yes", "1-1")
    assert found.exit_code == 1
    assert "there is no dead letter 1-1" in found.stderr
    # One more fits on a queue of two.
    monkeypatch.setenv("CAPTIONBOT_QUEUE_DEPTH", "2")
    monkeypatch.setenv("CAPTIONBOT_PER_PERSON", "2")
    for _ in range(2):
        on_queue(redis, give_up)
    found = queue("retry", "--all", "--yes")
    assert (found.exit_code, look()["depth"]) == (1, 2)
    assert "the queue is full" in found.stderr
    assert len(look()["dead_letters"]) == 1, "it is still there"


def test_without_a_name_or_with_both(redis: RedisServer) -> None:
    for command in ("retry", "drop"):
        for arguments in ((), ("1-1", "--all")):
            assert "give --all" in refused(command, *arguments)


def test_nobody_is_there_to_answer(redis: RedisServer) -> None:
    on_queue(redis, give_up)
    assert "--yes" in refused("drop", "--all")
    assert len(look()["dead_letters"]) == 1


def test_what_stands_in_redis_moves_no_cursor(redis: RedisServer) -> None:
    async def foreign() -> None:
        async with Redis.from_url(redis.url) as client:
            await client.xadd("{captionbot}:dead", {"job": "\x1b[2J[red]", "error": "[b]\x07bad"})

    asyncio.run(foreign())
    shown = queue().stdout
    assert "[b]?bad" in shown
    assert "?[2J[red" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_the_queue_inside_a_process_cannot_be_looked_at(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDIS_URL")
    for arguments in ((), ("retry", "--all"), ("drop", "--all")):
        assert "inside that process and cannot be looked at" in refused(*arguments)


@pytest.mark.parametrize("url", ["redis://:hunter2@127.0.0.1:{}/0", "redis://:hunter2@[/0"])
def test_a_redis_that_is_not_there(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("REDIS_URL", url.format(free_port()))
    said = refused()
    assert "REDIS_URL" in said
    assert "hunter2" not in said


def test_giving_up_told_the_person(redis: RedisServer) -> None:
    on_queue(redis, give_up)

    async def replies(queue: JobQueue) -> list[Failure | None]:
        return [one.reply.failure for one in await queue.take_replies("telegram", "me")]

    assert on_queue(redis, replies) == [Failure.GAVE_UP]
