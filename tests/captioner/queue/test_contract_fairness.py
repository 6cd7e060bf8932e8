"""In which order every queue serves those who wait, tested on each form of it."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter, defaultdict

import pytest

from captioner.queue import JobQueue, common
from captioner.queue.messages import CaptionJob
from tests.captioner.conftest import OpenQueue
from tests.captioner.queue.helpers import LONG
from tests.support.jobs import make_job, make_reply


async def taken(queue: JobQueue, number: int, *, batch: int = 16) -> list[CaptionJob]:
    """So many jobs in the order in which a worker gets them; all of them are answered."""
    jobs: list[CaptionJob] = []
    while len(jobs) < number:
        claims = await queue.take("worker", max_batch=batch, wait=LONG, top_up=0)
        jobs += [claim.job for claim in claims]
        await asyncio.gather(*(queue.finish(c, make_reply(c.job)) for c in claims))
    return jobs


def whose(jobs: list[CaptionJob]) -> list[str]:
    return [job.person for job in jobs]


async def burst(queue: JobQueue, *people: str) -> None:
    for person in people:
        await queue.submit(make_job(person=person))


def check_fair(order: list[str], *, lanes: int) -> None:
    """Nobody's n-th comes behind anybody's (n+1)-th or later, up to the last of the lanes."""
    had: Counter[str] = Counter()
    rounds = []
    for person in order:
        rounds.append(min(had[person], lanes - 1))
        had[person] += 1
    assert rounds == sorted(rounds)


@pytest.mark.parametrize("arrival", ["one after the other", "mixed"])
@pytest.mark.parametrize("batch", [1, 16])
async def test_a_burst_of_500_from_50_people_is_served_in_a_fair_order(
    open_queue: OpenQueue, arrival: str, batch: int
) -> None:
    queue = open_queue()
    people = [f"person {n}" for n in range(50) for _ in range(10)]
    if arrival == "mixed":
        random.Random(0).shuffle(people)
    jobs = [make_job(person=person) for person in people]
    await asyncio.gather(*map(queue.submit, jobs))
    order = await taken(queue, 500, batch=batch)
    assert sorted(job.id for job in order) == sorted(job.id for job in jobs), "each exactly once"
    check_fair(whose(order), lanes=common.LANES)
    assert await queue.depth() == 0


async def test_nobodys_first_waits_behind_somebody_elses_twentieth(open_queue: OpenQueue) -> None:
    queue = open_queue(per_person=40)
    await burst(queue, *["a"] * 40, *["b"] * 3, "c")
    order = whose(await taken(queue, 44))
    assert order[:8] == ["a", "b", "c", "a", "b", "a", "b", "a"]
    assert set(order[8:]) == {"a"}


async def test_who_waits_in_one_lane_is_served_in_the_order_of_coming(queue: JobQueue) -> None:
    people = [f"person {n}" for n in range(30)]
    await burst(queue, *people)
    assert whose(await taken(queue, 30, batch=7)) == people


async def test_who_has_been_answered_is_in_front_again(queue: JobQueue) -> None:
    await burst(queue, "a", "b")
    await taken(queue, 2)
    await burst(queue, "c", "a", "c")
    assert whose(await taken(queue, 3)) == ["c", "a", "c"]


async def test_what_a_worker_holds_counts_as_in_flight(queue: JobQueue) -> None:
    await burst(queue, "a")
    held = await queue.take("worker", max_batch=1, wait=LONG)
    await burst(queue, "a", "b")
    assert whose(await taken(queue, 2)) == ["b", "a"]
    assert await queue.finish(held[0], make_reply(held[0].job))


async def test_a_worker_that_waits_gets_jobs_of_any_lane(queue: JobQueue) -> None:
    await burst(queue, *["a"] * 3)
    first = await queue.take("worker", max_batch=3, wait=LONG)
    waiting = asyncio.create_task(queue.take("other", max_batch=1, wait=LONG))
    await asyncio.sleep(0.05)
    await burst(queue, "a")
    (claim,) = await waiting
    assert (claim.job.person, claim.deliveries, len(first)) == ("a", 1, 3)


async def test_no_worker_gets_more_than_it_asked_for(open_queue: OpenQueue) -> None:
    queue = open_queue(depth=1000, per_person=1000)

    async def work(name: str) -> list[str]:
        done: list[str] = []
        while claims := await queue.take(name, max_batch=1, wait=0.5, top_up=0):
            assert len(claims) == 1
            await queue.finish(claims[0], make_reply(claims[0].job))
            done.append(claims[0].job.id)
        return done

    working = [asyncio.create_task(work(f"w{n}")) for n in range(5)]
    await asyncio.gather(*(queue.submit(make_job(person=f"{n % 3}")) for n in range(90)))
    done = [job for part in await asyncio.gather(*working) for job in part]
    assert len(done) == len(set(done)) == 90


async def test_the_receipt_says_how_many_are_ahead_in_this_order(queue: JobQueue) -> None:
    ahead = [(await queue.submit(make_job(person=p))).ahead for p in "aaabbc"]
    assert ahead == [0, 1, 2, 1, 3, 2], "whoever is new overtakes all but the first of each"


async def test_bounds_are_those_of_all_lanes_together(open_queue: OpenQueue) -> None:
    queue = open_queue(depth=1000, per_person=30)
    results = await asyncio.gather(
        *(queue.submit(make_job(person="a")) for _ in range(50)), return_exceptions=True
    )
    assert sum(not isinstance(result, Exception) for result in results) == 30
    assert await queue.depth() == 30


# --- nobody waits for ever


async def newcomers(queue: JobQueue, number: int, *, batch: int) -> list[str]:
    """Who is served while so many new people come, always enough of them for a whole batch."""
    order: list[str] = []
    for _ in range(number):
        await burst(queue, *(make_job().person for _ in range(batch)))
        order += whose(await taken(queue, batch, batch=batch))
    return order


@pytest.mark.parametrize("batch", [1, 3, 8])
async def test_who_waited_long_is_served_however_many_new_people_come(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(common, "LONG_WAIT", 0.0)
    await burst(queue, *["a"] * 4)
    order = await newcomers(queue, 32 // batch + 1, batch=batch)
    places = [place for place, person in enumerate(order) if person == "a"]
    assert len(places) == 4
    assert places[0] == 0, "the first goes by its lane"
    gaps = [b - a for a, b in itertools.pairwise(places)]
    assert all(gap <= 2 * common.SHARE for gap in gaps), "then one place in so many"
    assert order.count("a") < len(order) / 4, "and not more"


async def test_the_share_goes_to_whoever_waited_longest(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "LONG_WAIT", 0.0)
    monkeypatch.setattr(common, "SHARE", 1)
    for person in "aabbac":
        await burst(queue, person)
        await asyncio.sleep(0.005)  # the server's clock counts in milliseconds
    assert whose(await taken(queue, 6, batch=1)) == list("aabbac")


async def test_who_has_not_waited_long_has_no_share(queue: JobQueue) -> None:
    await burst(queue, *"aa")
    assert (await newcomers(queue, 40, batch=1)).count("a") == 1


async def test_a_busy_time_is_fair_and_complete(open_queue: OpenQueue) -> None:
    # people come while a worker works
    queue = open_queue(depth=1000, per_person=1000)
    chance = random.Random(1)
    sent: dict[str, list[str]] = defaultdict(list)
    got: dict[str, list[str]] = defaultdict(list)

    async def work() -> None:
        while claims := await queue.take("worker", max_batch=4, wait=0.5):
            for claim in claims:
                got[claim.job.person].append(claim.job.id)
                await queue.finish(claim, make_reply(claim.job))

    working = asyncio.create_task(work())
    for _ in range(200):
        job = make_job(person=f"{chance.randrange(5)}")
        await queue.submit(job)
        sent[job.person].append(job.id)
        if chance.random() < 0.1:
            await asyncio.sleep(0.01)
    await working
    assert {p: sorted(ids) for p, ids in got.items()} == {p: sorted(i) for p, i in sent.items()}
