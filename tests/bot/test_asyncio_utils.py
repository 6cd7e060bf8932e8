"""Ending tasks that do not listen at once, or are busy; waiting between tries."""

from __future__ import annotations

import asyncio
import itertools

from bot.asyncio_utils import end, finish, pauses


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
