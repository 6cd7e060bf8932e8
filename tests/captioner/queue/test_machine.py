"""The queue against a simple model: any order of calls, any silence, any crash.

The model knows who holds what and how often it was delivered, and after every step the queue must
hold exactly that. A process may end before or after any command that it sends to Redis; then the
queue must hold what it held before that call or what it would have held after it.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
    run_state_machine_as_test,
)

from captioner.queue import PersonBusy, QueueFull, common
from tests.captioner.queue.forms import ADAPTER, LIMITS, Crash, Held, InMemory, OnRedis
from tests.captioner.queue.machine import DROPPED, TOLD, Machine, bots, numbers, people, workers
from tests.support.jobs import make_reply
from tests.support.redis_server import RedisServer

pytestmark = pytest.mark.timeout(600)


class CrashingMachine(Machine):
    """The same, with processes that end in the middle of a call."""

    form: OnRedis

    def crash(self, fuse: tuple[int, bool], call: Callable[[], Awaitable[object]]) -> bool:
        """Whether the process ended in the call; another one is there then."""
        commands, last_arrives = fuse
        self.form.crashes_after(commands, last_arrives=last_arrives)
        try:
            self.call(call())
        except Crash:
            crashed = True
        except (QueueFull, PersonBusy):
            crashed = False
        else:
            crashed = False
        self.restart()
        return crashed

    def restart(self) -> None:
        self.form.restart()
        self.restarted = {"b1", "b2"}

    def resync(self, *allowed: str) -> None:
        """Learn what became of a call that was cut short: nothing else may have changed."""
        held = self.call(self.form.contents())
        for job in set(self.jobs) | set(held.jobs):
            if job in allowed or "*" in allowed:
                continue
            assert self.jobs.get(job) == held.jobs.get(job)
        for job in set(self.jobs) - set(held.jobs):
            self.post(job)
        for job in set(held.replies) - set(self.replies):
            self.ended[job] = 1
        self.jobs, self.replies = dict(held.jobs), dict(held.replies)
        self.waiting = {job: at for job, at in self.waiting.items() if held.jobs.get(job) == Held()}

    fuses = st.tuples(st.integers(0, 3), st.booleans())

    @rule(fuse=fuses, person=people, number=numbers)
    def crash_in_submit(self, fuse: tuple[int, bool], person: str, number: int) -> None:
        job = self.fresh(person, number)
        expected = self.expected(job, person)
        self.crash(fuse, lambda: self.queue.submit(job))
        if job.id in self.call(self.form.contents()).jobs:
            assert expected is None
            self.accept(job)

    @rule(fuse=fuses, person=people, number=numbers)
    def crash_in_answer(self, fuse: tuple[int, bool], person: str, number: int) -> None:
        job = self.fresh(person, number)
        self.crash(fuse, lambda: self.queue.answer(job, make_reply(job)))
        if job.id in self.call(self.form.contents()).replies:
            assert job.dedupe not in {known.dedupe for known in self.known.values()}
            self.known[job.id], self.ended[job.id] = job, 0
            self.post(job.id)

    @rule(fuse=fuses, worker=workers, room=st.integers(1, 4))
    def crash_in_take(self, fuse: tuple[int, bool], worker: str, room: int) -> None:
        before = dict(self.jobs)
        self.crash(fuse, lambda: self.queue.take(worker, max_batch=room, wait=0, top_up=0))
        self.resync("*")
        for job, held in before.items():
            now = self.jobs.get(job)
            if now is None:
                assert held.deliveries >= LIMITS.max_deliveries, "only those are given up"
            elif now != held:
                assert held.free
                assert now == Held(held.deliveries + 1, worker)

    @precondition(lambda self: self.claims)
    @rule(fuse=fuses, number=numbers)
    def crash_in_finish(self, fuse: tuple[int, bool], number: int) -> None:
        claim = self.claim(number)
        self.crash(fuse, lambda: self.queue.finish(claim, make_reply(claim.job)))
        self.resync(claim.job.id)

    @precondition(lambda self: self.claims)
    @rule(fuse=fuses, number=numbers, worker=workers)
    def crash_in_release(self, fuse: tuple[int, bool], number: int, worker: str) -> None:
        claim = self.claim(number)
        self.crash(fuse, lambda: self.queue.release(worker, [claim]))
        self.resync(claim.job.id)

    @rule(fuse=fuses, bot=bots, count=st.integers(1, 3))
    def crash_in_take_replies(self, fuse: tuple[int, bool], bot: str, count: int) -> None:
        before = dict(self.replies)
        self.crash(fuse, lambda: self.queue.take_replies(ADAPTER, bot, count=count, wait=0))
        self.resync()
        for job in set(before) - set(self.replies):
            assert before[job].deliveries >= DROPPED

    @precondition(lambda self: self.deliveries)
    @rule(fuse=fuses, number=numbers)
    def crash_in_done(self, fuse: tuple[int, bool], number: int) -> None:
        _, delivery = self.deliveries[number % len(self.deliveries)]
        before = set(self.replies)
        self.crash(fuse, lambda: self.queue.done(ADAPTER, delivery))
        self.resync()
        assert before - set(self.replies) <= {delivery.reply.job_id}

    @rule(bot=bots)
    def bot_starts_again(self, bot: str) -> None:
        """It gets what it held itself at once."""
        self.restart()
        own = {job for job, held in self.replies.items() if held.by == bot}
        found = self.call(self.queue.take_replies(ADAPTER, bot, count=100, wait=0))
        taken = {delivery.reply.job_id for delivery in found}
        self.resync()
        assert own & set(self.replies) <= taken


@pytest.fixture(autouse=True)
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "DEGRADE_AFTER", TOLD)
    monkeypatch.setattr(common, "DROP_AFTER", DROPPED)


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )


def test_the_queue_in_memory_is_like_its_model() -> None:
    machine: Any = lambda: Machine(InMemory())  # noqa: E731 - hypothesis says it wants a class
    run_state_machine_as_test(machine, settings=_settings(40))


def test_the_queue_on_redis_is_like_its_model_whatever_crashes(redis_server: RedisServer) -> None:
    machine: Any = lambda: CrashingMachine(OnRedis(redis_server.url, uuid.uuid4().hex))  # noqa: E731 - a class is wanted
    run_state_machine_as_test(machine, settings=_settings(20))
