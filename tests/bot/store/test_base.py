"""What every store promises, tested on each form of it; and what lies in it tells nobody."""

from __future__ import annotations

import asyncio
import logging
import math
import time

import pytest

from bot.store import Preferences, Store
from bot.store.base import Seal

LONG = 60.0  # seconds to wait for what is sure to come
NOTE = "telegram:4711 größer 🐈"
HOSTILE = ["", "a b", "{x}:y", "\n*1\r\n", "ü" * 500, "\udc80", "0" * 10_000]


async def test_who_never_chose_has_the_defaults(store: Store) -> None:
    assert await store.preferences("anna") == Preferences(language=None, voice=False, auto=False)


@pytest.mark.parametrize(
    "chosen",
    [
        Preferences(language="pt-BR"),
        Preferences(voice=True),
        Preferences(language="de", voice=True, auto=True),
        Preferences(language=""),
        Preferences(length="long"),
    ],
)
async def test_choices_are_remembered_for_those_who_made_them(
    store: Store, chosen: Preferences
) -> None:
    await store.set_preferences("anna", chosen)
    assert await store.preferences("anna") == chosen
    assert await store.preferences("berta") == Preferences()


async def test_the_last_choice_counts(store: Store) -> None:
    await store.set_preferences("anna", Preferences(language="de", voice=True))
    await store.set_preferences("anna", Preferences(auto=True))
    assert await store.preferences("anna") == Preferences(auto=True)
    await store.set_preferences("anna", Preferences())
    assert await store.preferences("anna") == Preferences()


async def test_forgetting_removes_choices_and_limits_of_one_alone(store: Store) -> None:
    for who in ("anna", "berta"):
        await store.set_preferences(who, Preferences(voice=True))
        assert await store.wait_for_turn(who, limit=1, seconds=LONG) == 0.0
    await store.forget("anna")
    await store.forget("nobody")
    assert await store.preferences("anna") == Preferences()
    assert await store.wait_for_turn("anna", limit=1, seconds=LONG) == 0.0
    assert (await store.preferences("berta")).voice
    assert await store.wait_for_turn("berta", limit=1, seconds=LONG) > 0


async def test_turns_are_refused_when_all_are_taken(store: Store) -> None:
    for _ in range(3):
        assert await store.wait_for_turn("anna", limit=3, seconds=LONG) == 0.0
    assert 0 < await store.wait_for_turn("anna", limit=3, seconds=LONG) <= LONG
    assert await store.wait_for_turn("berta", limit=3, seconds=LONG) == 0.0


async def test_after_the_time_told_there_is_a_turn(store: Store) -> None:
    started = time.monotonic()
    assert await store.wait_for_turn("anna", limit=2, seconds=0.5) == 0.0
    await asyncio.sleep(0.2)
    assert await store.wait_for_turn("anna", limit=2, seconds=0.5) == 0.0
    wait = await store.wait_for_turn("anna", limit=2, seconds=0.5)
    if time.monotonic() - started < 0.5:  # a machine this slow has nothing to wait for
        assert 0 < wait <= 0.3
    await asyncio.sleep(wait + 0.005)
    assert await store.wait_for_turn("anna", limit=2, seconds=0.5) == 0.0


async def test_asking_in_vain_takes_nothing(store: Store) -> None:
    assert await store.wait_for_turn("anna", limit=1, seconds=0.3) == 0.0
    async with asyncio.timeout(LONG):
        while await store.wait_for_turn("anna", limit=1, seconds=0.3):
            await asyncio.sleep(0.02)


async def test_never_more_turns_than_the_limit_in_any_window(store: Store) -> None:
    """The limit is exact: not twice as much around the border of a window."""
    taken: list[tuple[float, float]] = []  # before and after each turn that was had
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        before = time.monotonic()
        if await store.wait_for_turn("anna", limit=5, seconds=0.25) == 0.0:
            taken.append((before, time.monotonic()))
        await asyncio.sleep(0.01)
    assert len(taken) >= 6
    for first, sixth in zip(taken, taken[5:], strict=False):
        assert sixth[1] - first[0] >= 0.25


async def test_many_at_once_get_as_many_turns_as_there_are(store: Store) -> None:
    waits = await asyncio.gather(
        *(store.wait_for_turn("anna", limit=7, seconds=LONG) for _ in range(60))
    )
    assert waits.count(0.0) == 7


async def test_a_limit_that_was_lowered_counts_what_was_taken(store: Store) -> None:
    for _ in range(5):
        await store.wait_for_turn("anna", limit=5, seconds=LONG)
        await asyncio.sleep(0.02)
    of_two = await store.wait_for_turn("anna", limit=2, seconds=LONG)
    of_five = await store.wait_for_turn("anna", limit=5, seconds=LONG)
    assert of_two - of_five >= 0.04, "the last but one must be over, not only the first"
    assert await store.wait_for_turn("anna", limit=6, seconds=LONG) == 0.0


@pytest.mark.parametrize(
    ("limit", "seconds"), [(0, 1.0), (-1, 1.0), (1, 0.0), (1, -1.0), (1, math.nan), (1, math.inf)]
)
async def test_a_limit_that_is_none_is_refused(store: Store, limit: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="no limit"):
        await store.wait_for_turn("anna", limit=limit, seconds=seconds)


async def test_once_is_for_the_first_alone(store: Store) -> None:
    firsts = await asyncio.gather(*(store.once("update 1", seconds=LONG) for _ in range(20)))
    assert firsts.count(True) == 1
    assert await store.once("update 2", seconds=LONG)


async def test_once_is_over_after_its_time(store: Store) -> None:
    assert await store.once("update", seconds=0.2)
    async with asyncio.timeout(LONG):
        while not await store.once("update", seconds=0.2):
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("seconds", [0.0, -1.0, math.nan, math.inf])
async def test_once_needs_a_time(store: Store, seconds: float) -> None:
    with pytest.raises(ValueError, match="no time"):
        await store.once("update", seconds=seconds)


async def test_counts_add_up(store: Store) -> None:
    assert await store.counts() == {}
    await asyncio.gather(*(store.count("telegram.caption") for _ in range(20)))
    await store.count("discord.refused.too_large", by=3)
    assert await store.counts() == {"telegram.caption": 20, "discord.refused.too_large": 3}
    assert await store.counts(days=10_000) == await store.counts(days=1)
    with pytest.raises(ValueError, match="one day"):
        await store.counts(days=0)


@pytest.mark.parametrize("name", ["", "Anna Müller", "a" * 101, ".x", "a b", "a\n"])
async def test_nothing_is_counted_by_what_could_be_a_name(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="short and plain"):
        await store.count(name)
    assert await store.counts() == {}


async def test_the_secret_stays_the_same(store: Store) -> None:
    secrets = await asyncio.gather(*(store.secret() for _ in range(10)))
    assert len(set(secrets)) == 1
    assert len(secrets[0]) == 32
    assert len(set(secrets[0])) > 8


@pytest.mark.parametrize("who", HOSTILE)
async def test_any_text_is_a_name(store: Store, who: str) -> None:
    await store.set_preferences(who, Preferences(voice=True))
    assert (await store.preferences(who)).voice
    assert await store.wait_for_turn(who, limit=1, seconds=LONG) == 0.0
    assert await store.once(who, seconds=LONG)
    assert not await store.once(who, seconds=LONG)
    await store.forget(who)
    assert await store.preferences(who) == Preferences()


async def test_what_was_asked_once_is_seen_by_all_until_it_is_over(store: Store) -> None:
    assert not await store.seen("a")
    await store.once("a", seconds=LONG)
    await store.once("b", seconds=0.05)
    assert await store.seen("a")
    await asyncio.sleep(0.1)
    assert not await store.seen("b")
    assert await store.once("b", seconds=LONG)  # to look took nothing


async def test_notes_go_to_one_who_collects_them(store: Store) -> None:
    for note in ("1", "2", "2", *HOSTILE):
        await store.leave("album", note, seconds=LONG)
    await store.leave("another", "3", seconds=LONG)
    collected = await asyncio.gather(*(store.collect("album") for _ in range(5)))
    assert sorted(map(len, collected)) == [0, 0, 0, 0, 2 + len(HOSTILE)]
    assert {note for notes in collected for note in notes} == {"1", "2", *HOSTILE}
    assert await store.collect("another") == ["3"]
    assert await store.collect("nothing") == []


async def test_notes_that_nobody_collects_are_forgotten(store: Store) -> None:
    await store.leave("album", "1", seconds=0.05)
    await asyncio.sleep(0.1)
    await store.leave("album", "2", seconds=LONG)
    assert await store.collect("album") == ["2"]
    with pytest.raises(ValueError, match="no time"):
        await store.leave("album", "1", seconds=0)


async def test_notes_that_are_looked_at_can_be_kept_for_longer(store: Store) -> None:
    await store.leave("key", "note", seconds=0.5)
    await store.leave("other", "note", seconds=0.5)
    assert await store.notes("key", keep=True) == ["note"]
    assert await store.notes("nobody left", keep=True) == []
    await asyncio.sleep(0.7)
    assert await store.notes("key") == ["note"]
    assert await store.notes("other") == []


async def test_notes_can_be_read_and_taken_back(store: Store) -> None:
    for note in ("one", "two"):
        await store.leave("key", note, seconds=60)
    assert sorted(await store.notes("key")) == ["one", "two"]
    await store.take_back("key", "one")
    await store.take_back("key", "one")
    await store.take_back("none", "one")
    assert await store.notes("key") == await store.notes("key") == ["two"]
    await store.take_back("key", "two")
    assert await store.notes("key") == await store.collect("key") == []


def test_a_note_is_read_again() -> None:
    seal = Seal(b"k" * 64)
    stored = seal.closed(NOTE)
    assert "4711" not in stored
    assert Seal(b"k" * 64).opened([stored]) == [NOTE]


def test_the_same_note_is_stored_as_the_same_text() -> None:
    assert Seal(b"k" * 64).closed(NOTE) == Seal(b"k" * 64).closed(NOTE)
    assert Seal(b"k" * 64).closed(NOTE) != Seal(b"l" * 64).closed(NOTE)


@pytest.mark.parametrize("strange", ["", "no base64!", "AAAA", "é", Seal(b"l" * 64).closed(NOTE)])
def test_what_cannot_be_read_is_passed_over(strange: str, caplog: pytest.LogCaptureFixture) -> None:
    seal = Seal(b"k" * 64)
    with caplog.at_level(logging.WARNING):
        assert seal.opened([strange, seal.closed(NOTE)]) == [NOTE]
    assert "passed over" in caplog.text
    assert "4711" not in caplog.text
