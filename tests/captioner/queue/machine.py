"""A simple model of the queue, and rules that hold the queue to it.

The model knows who holds what and how often it was delivered, and after every step the queue must
hold exactly that.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from captioner.queue import Claim, Delivery, PersonBusy, QueueFull
from captioner.queue.messages import CaptionJob, Failure
from tests.captioner.queue.forms import ADAPTER, LIMITS, Form, Held, InMemory, OnRedis
from tests.support.jobs import make_job, make_reply

T = TypeVar("T")
TOLD, DROPPED = 2, 3  # deliveries of a reply: fewer than in earnest, so that they are reached

people, workers, bots = (st.sampled_from(names) for names in ("ABC", ["w1", "w2"], ["b1", "b2"]))
numbers = st.integers(0, 1000)


class Machine(RuleBasedStateMachine):
    """Every rule is a call of the queue, checked against what the model says of it."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form
        self.loop = asyncio.new_event_loop()
        self.jobs: dict[str, Held] = {}
        self.replies: dict[str, Held] = {}
        self.sent: set[str] = set()
        self.ended: dict[str, int] = {}  # by job: how many replies it has had
        self.known: dict[str, CaptionJob] = {}
        self.waiting: dict[str, tuple[int, int]] = {}  # never delivered: lane and place in it
        self.restarted: set[str] = set()  # bots that have not yet asked since they started
        self.claims: list[Claim] = []
        self.deliveries: list[tuple[str, Delivery]] = []
        self.count = itertools.count()

    def call(self, call: Awaitable[T]) -> T:
        async def made() -> T:
            return await call

        return self.loop.run_until_complete(made())

    @property
    def queue(self) -> Any:
        return self.form.queue

    # --- jobs

    def fresh(self, person: str, number: int) -> CaptionJob:
        # A number comes again now and then: the same update, delivered twice.
        return make_job(person=person, dedupe=f"{number % 40}", adapter=ADAPTER)

    def expected(self, job: CaptionJob, person: str) -> type[Exception] | str | None:
        """What a submission must come to: an error, the job it repeats, or None: accepted."""
        for known in self.known.values():
            if known.dedupe == job.dedupe:
                return known.id
        if len(self.jobs) >= LIMITS.depth:
            return QueueFull
        return PersonBusy if self.in_flight(person) >= LIMITS.per_person else None

    def in_flight(self, person: str) -> int:
        return sum(self.known[job].person == person for job in self.jobs)

    def accept(self, job: CaptionJob) -> None:
        self.waiting[job.id] = (self.in_flight(job.person), next(self.count))
        self.known[job.id] = job
        self.jobs[job.id] = Held()
        self.ended[job.id] = 0

    @rule(person=people, number=numbers)
    def submit(self, person: str, number: int) -> None:
        job = self.fresh(person, number)
        expected = self.expected(job, person)
        if isinstance(expected, type):
            with pytest.raises(expected):
                self.call(self.queue.submit(job))
            return
        receipt = self.call(self.queue.submit(job))
        assert (receipt.job_id, receipt.duplicate) == (expected or job.id, expected is not None)
        if expected is None:
            self.accept(job)

    @rule(person=people, number=numbers)
    def answer(self, person: str, number: int) -> None:
        job = self.fresh(person, number)
        first = next((k.id for k in self.known.values() if k.dedupe == job.dedupe), None)
        receipt = self.call(self.queue.answer(job, make_reply(job)))
        assert (receipt.job_id, receipt.duplicate) == (first or job.id, first is not None)
        if first is None:
            self.known[job.id] = job
            self.ended[job.id] = 0
            self.post(job.id)

    def post(self, job: str) -> None:
        self.jobs.pop(job, None)
        self.waiting.pop(job, None)
        self.replies[job] = Held()
        self.ended[job] += 1
        assert self.ended[job] == 1

    @rule(worker=workers, room=st.integers(1, 4))
    def take(self, worker: str, room: int) -> None:
        free = {job for job, held in self.jobs.items() if held.free} - set(self.waiting)
        tired = {job for job in free if self.jobs[job].deliveries >= LIMITS.max_deliveries}
        claims = self.call(self.queue.take(worker, max_batch=room, wait=0, top_up=0))
        for job in self.buried() & tired:
            self.post(job)
            tired.remove(job)
            free.remove(job)
        taken = [claim.job.id for claim in claims]
        assert len(taken) == len(set(taken)) <= room
        fresh = [job for job in taken if job in self.waiting]
        assert set(taken) - set(fresh) <= free - tired
        order = sorted(
            self.waiting, key=lambda job: (min(self.waiting[job][0], 9), self.waiting[job][1])
        )
        assert fresh == order[: len(fresh)], "in the order of the lanes"
        again = any(claim.deliveries > 1 for claim in claims)
        assert not again or len(taken) == 1, "what was delivered before comes alone"
        if len(taken) < room and not again:
            assert len(fresh) == len(order), "nothing is left that could have been taken"
        for claim in claims:
            assert claim.deliveries == self.jobs[claim.job.id].deliveries + 1
            self.jobs[claim.job.id] = Held(claim.deliveries, worker)
            self.waiting.pop(claim.job.id, None)
        self.claims += claims
        if isinstance(self.form, InMemory):  # which forgets the silent as soon as anybody asks
            for job, held in self.jobs.items():
                self.jobs[job] = Held(held.deliveries) if held.silent else held

    def buried(self) -> set[str]:
        return self.call(self.form.dead())

    def claim(self, number: int) -> Claim:
        """One of a job that is there or, now and then, one that was lost or finished since."""
        current = [claim for claim in self.claims if claim.job.id in self.jobs]
        claims = current if current and number % 4 else self.claims
        return claims[number % len(claims)]

    @precondition(lambda self: self.claims)
    @rule(number=numbers)
    def finish(self, number: int) -> None:
        claim = self.claim(number)
        there = claim.job.id in self.jobs
        assert self.call(self.queue.finish(claim, make_reply(claim.job))) is there
        if there:
            self.post(claim.job.id)

    @precondition(lambda self: self.claims)
    @rule(number=numbers, worker=workers)
    def release(self, number: int, worker: str) -> None:
        claim = self.claim(number)
        self.call(self.queue.release(worker, [claim]))
        held = self.jobs.get(claim.job.id)
        if held and held.by == worker:
            self.jobs[claim.job.id] = Held(held.deliveries - 1)

    @precondition(lambda self: self.claims)
    @rule(number=numbers, worker=workers)
    def renew(self, number: int, worker: str) -> None:
        claim = self.claim(number)
        self.call(self.queue.renew(worker, [claim]))
        held = self.jobs.get(claim.job.id)
        if held and held.by == worker:
            self.jobs[claim.job.id] = Held(held.deliveries, worker)

    @rule(worker=workers)
    def worker_is_silent(self, worker: str) -> None:
        self.call(self.form.silence(worker, replies=False))
        for job, held in self.jobs.items():
            if held.by == worker:
                self.jobs[job] = Held(held.deliveries, worker, silent=True)

    # --- replies

    @rule(bot=bots, count=st.integers(1, 3))
    def take_replies(self, bot: str, count: int) -> None:
        free = {job for job, held in self.replies.items() if held.free}
        own = {job for job, held in self.replies.items() if held.by == bot} - free
        reads_own = bot in self.restarted  # a process that starts gets what it held itself
        found = self.call(self.queue.take_replies(ADAPTER, bot, count=count, wait=0))
        after = self.call(self.form.contents()).replies
        for job in set(self.replies) - set(after):
            # More than that, where a process ended between taking it and giving it up.
            assert self.replies.pop(job).deliveries >= DROPPED, "given up, and only then"
            free.discard(job)
        assert len(found) <= count
        if reads_own and not {delivery.reply.job_id for delivery in found} & own:
            self.restarted.discard(bot)
        assert found or not free
        for delivery in found:
            job = delivery.reply.job_id
            assert job in free or (reads_own and job in own)
            deliveries = self.replies[job].deliveries + 1
            assert delivery.repeated == (deliveries > 1)
            if deliveries > TOLD:
                assert delivery.reply.failure is Failure.INTERNAL
            self.replies[job] = Held(deliveries, bot)
            self.deliveries.append((bot, delivery))

    @precondition(lambda self: self.deliveries)
    @rule(number=numbers)
    def hold(self, number: int) -> None:
        bot, delivery = self.deliveries[number % len(self.deliveries)]
        job = delivery.reply.job_id
        still = self.is_with(self.replies.get(job, Held()), bot)
        assert self.call(self.queue.hold(ADAPTER, bot, [delivery])) == still
        if still:
            self.replies[job] = replace(self.replies[job], silent=False)

    def is_with(self, held: Held, bot: str) -> bool:
        return held.by == bot or (isinstance(self.form, InMemory) and bool(held.by))

    @precondition(lambda self: self.deliveries)
    @rule(number=numbers)
    def done(self, number: int) -> None:
        _, delivery = self.deliveries.pop(number % len(self.deliveries))
        job = delivery.reply.job_id
        assert self.call(self.queue.was_sent(job)) is (job in self.sent)
        assert self.call(self.queue.mark_sent(job)) is (job not in self.sent)
        self.sent.add(job)
        self.call(self.queue.done(ADAPTER, delivery))
        self.replies.pop(job, None)

    @rule(bot=bots)
    def bot_is_silent(self, bot: str) -> None:
        self.call(self.form.silence(bot, replies=True))
        for job, held in self.replies.items():
            if self.is_with(held, bot):
                self.replies[job] = replace(held, silent=True)

    # --- what must hold

    @invariant()
    def the_queue_holds_what_the_model_says(self) -> None:
        held = self.call(self.form.contents())
        assert held.jobs == self.jobs
        mine, theirs = self.replies, held.replies
        if isinstance(self.form, InMemory):  # which does not know its bots by name
            mine = {job: replace(r, by="somebody") if r.by else r for job, r in mine.items()}
        assert theirs == mine
        assert self.call(self.queue.depth()) == len(self.jobs)

    def teardown(self) -> None:
        """A healthy worker and a healthy bot come: everything is answered, and nothing is left."""
        try:
            self.call(self.wind_up())
        finally:
            self.call(self.form.close())
            self.loop.close()

    async def wind_up(self) -> None:
        for silent in ("w1", "w2", "b1", "b2", "w", "b"):
            await self.form.silence(silent, replies=False)
            await self.form.silence(silent, replies=True)
        while await self.queue.depth():
            for claim in await self.queue.take("w", max_batch=8, wait=0, top_up=0):
                assert await self.queue.finish(claim, make_reply(claim.job))
                self.ended[claim.job.id] += 1
        self.ended |= dict.fromkeys(await self.form.dead(), 1)
        assert set(self.ended.values()) <= {1}, "each accepted job has had one reply"
        while found := await self.queue.take_replies(ADAPTER, "b", wait=0):
            for delivery in found:
                await self.queue.done(ADAPTER, delivery)
        held = await self.form.contents()
        assert (held.jobs, held.replies) == ({}, {})
        if isinstance(self.form, OnRedis):
            assert await self.form.leftovers() == []
