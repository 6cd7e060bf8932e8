"""Ending tasks that do not listen at once, or are busy; waiting between tries; taking turns."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from bot.asyncio_utils import Turns, end, finish, pauses


async def test_a_task_that_forgets_a_cancellation_is_ended_all_the_same() -> None:
    forgotten = 0

    async def stubborn() -> None:
        nonlocal forgotten
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                if forgotten:
                    raise
                forgotten += 1

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await end(task)
    assert task.cancelled()
    assert forgotten == 1


async def test_tasks_that_are_over_are_left_alone() -> None:
    async def fails() -> None:
        raise ValueError

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    await end(task)
    assert isinstance(task.exception(), ValueError)
    await end()


async def test_what_is_in_hand_is_given_a_while_and_then_ended() -> None:
    quick, slow = (asyncio.create_task(asyncio.sleep(seconds)) for seconds in (0.01, 3600))
    await finish([], 0.0)
    await finish([quick, slow], 0.2)
    assert not quick.cancelled()
    assert slow.cancelled()


def test_pauses_grow_up_to_the_longest() -> None:
    assert list(itertools.islice(pauses(3.0), 5)) == [0.5, 1.0, 2.0, 3.0, 3.0]


async def test_a_few_of_one_name_and_others_beside_them() -> None:
    turns, inside, go_on = Turns(2), [], asyncio.Event()

    async def work(person: str) -> None:
        async with turns.of(person):
            inside.append(person)
            await go_on.wait()

    tasks = [asyncio.create_task(work(person)) for person in ("ann", "ann", "ann", "bob")]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert inside == ["ann", "ann", "bob"]
    go_on.set()
    await asyncio.gather(*tasks)
    assert inside == ["ann", "ann", "bob", "ann"]
    assert not turns._taken, "nobody is remembered"


async def test_who_gives_up_makes_room() -> None:
    turns = Turns()

    async def work() -> str:
        async with turns.of("ann"):
            return "done"

    async with turns.of("ann"):
        waiting = asyncio.create_task(work())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        assert waiting.cancelled()
    with pytest.raises(KeyError):
        async with turns.of("ann"):
            raise KeyError
    assert await asyncio.wait_for(work(), 30) == "done"
