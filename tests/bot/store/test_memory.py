"""The store within a process: what it forgets, by a clock that the tests turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.store import MemoryStore, Preferences, open_store

DAY = 86_400.0


class Clock:
    """Seconds and days, as the tests have them."""

    def __init__(self) -> None:
        self.seconds, self.day = 1000.0, date(2026, 2, 27)

    def now(self) -> float:
        return self.seconds

    def today(self) -> date:
        return self.day


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> MemoryStore:
    return MemoryStore(now=clock.now, today=clock.today)


def test_without_an_address_it_is_in_memory() -> None:
    assert isinstance(open_store(None), MemoryStore)


async def test_choices_live_for_a_year_after_they_were_last_used(
    store: MemoryStore, clock: Clock
) -> None:
    await store.set_preferences("anna", Preferences(voice=True))
    for _ in range(3):
        clock.seconds += 364 * DAY
        assert (await store.preferences("anna")).voice
    clock.seconds += 365 * DAY
    assert await store.preferences("anna") == Preferences()


async def test_turns_come_back_one_by_one(store: MemoryStore, clock: Clock) -> None:
    for _ in range(3):
        assert await store.wait_for_turn("anna", limit=3, seconds=60) == 0.0
        clock.seconds += 10
    assert await store.wait_for_turn("anna", limit=3, seconds=60) == pytest.approx(30)
    clock.seconds += 30
    assert await store.wait_for_turn("anna", limit=3, seconds=60) == 0.0
    assert await store.wait_for_turn("anna", limit=3, seconds=60) == pytest.approx(10)


async def test_counts_are_of_days_and_kept_for_ninety(store: MemoryStore, clock: Clock) -> None:
    await store.count("telegram.caption")
    clock.day += timedelta(days=6)
    await store.count("telegram.caption", by=2)
    assert await store.counts(days=7) == {"telegram.caption": 3}
    assert await store.counts(days=6) == {"telegram.caption": 2}
    clock.day += timedelta(days=83)
    assert await store.counts(days=90) == {"telegram.caption": 3}
    clock.day += timedelta(days=1)
    assert await store.counts(days=10_000) == {"telegram.caption": 2}


async def test_what_is_over_takes_no_memory(store: MemoryStore, clock: Clock) -> None:
    for n in range(20_000):
        await store.once(f"update {n}", seconds=60)
        await store.wait_for_turn(f"person {n}", limit=5, seconds=60)
        clock.seconds += 1
    kept = len(store._once) + len(store._turns)
    assert kept <= 2000, "a thousand at least, or twice what is in force"
