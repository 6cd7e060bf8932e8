"""What one person may take at a time."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.rate_limit import Concurrency


async def test_a_few_of_one_person_and_others_beside_them() -> None:
    rooms, inside, go_on = Concurrency(2), [], asyncio.Event()

    async def work(person: str) -> None:
        async with rooms.of(person):
            inside.append(person)
            await go_on.wait()

    tasks = [asyncio.create_task(work(person)) for person in ("ann", "ann", "ann", "bob")]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert inside == ["ann", "ann", "bob"]
    go_on.set()
    await asyncio.gather(*tasks)
    assert inside == ["ann", "ann", "bob", "ann"]
    assert len(rooms) == 0, "nobody is remembered"


async def test_who_gives_up_makes_room() -> None:
    rooms = Concurrency(1)
    async with rooms.of("ann"):
        waiting = asyncio.create_task(rooms.of("ann").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert len(rooms) == 0
    with pytest.raises(KeyError):
        async with rooms.of("ann"):
            raise KeyError
    assert len(rooms) == 0
