"""What processes write down for each other: found by the next one, and readable by nobody else."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.media import Link
from bot.chat.models import Action, Place
from bot.chat.pending import Journal, Notes, PendingQuestions, Question
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from bot.store import MemoryStore, StoreUnavailable
from tests.bot.chat.helpers import KEY, ShakyQueue

QUESTION = "who asked, and an interaction's token"


class AwayStore(MemoryStore):
    """A store whose server cannot be reached."""

    async def leave(self, key: str, note: str, *, seconds: float) -> None:  # noqa: ARG002 - the store's
        raise StoreUnavailable("away")

    async def notes(self, key: str, *, keep: bool = False) -> list[str]:  # noqa: ARG002 - the store's
        raise StoreUnavailable("away")


def service(queue: ShakyQueue, store: MemoryStore, key: bytes = KEY) -> CaptionService:
    return CaptionService(queue, Intake(), adapter="discord", hash_key=key, store=store)


def journal(service: CaptionService, store: MemoryStore) -> Journal:
    return Journal(Notes(service, store), "asked", seconds=900)


async def test_the_next_process_finds_what_one_had_in_hand(queue: ShakyQueue) -> None:
    store = MemoryStore()
    first, second = (journal(service(queue, store), store) for _ in range(2))
    assert await first.add(QUESTION)
    assert await first.left_behind() == [], "the first has it in hand itself"
    assert await second.left_behind() == [QUESTION]
    await second.remove(QUESTION)
    assert await journal(service(queue, store), store).all() == []


async def test_a_note_is_readable_with_the_key_alone(queue: ShakyQueue) -> None:
    store = MemoryStore()
    await journal(service(queue, store), store).add(QUESTION)
    kept = repr(store._notes)
    for word in ("asked", "who", "token"):
        assert word not in kept
    assert await journal(service(queue, store, b"another key of them"), store).all() == []


async def test_the_same_note_twice_is_one(queue: ShakyQueue) -> None:
    store = MemoryStore()
    notes = [Notes(service(queue, store), store) for _ in range(2)]
    for own in notes:
        assert await own.leave("album", QUESTION, seconds=60)
    assert await notes[0].collect("album") == [QUESTION]
    assert await notes[1].collect("album") == [], "one caller only gets them"


async def test_what_others_left_there_is_passed_over(queue: ShakyQueue) -> None:
    store = MemoryStore()
    notes = Notes(service(queue, store), store)
    await notes.leave("album", QUESTION, seconds=60)
    (key,) = store._notes
    for strange in ("plain", "AAAA", "%%%"):
        await store.leave(key, strange, seconds=60)
    assert await notes.read("album") == [QUESTION]


async def test_what_cannot_be_written_down_is_said(queue: ShakyQueue) -> None:
    away = AwayStore()
    own = journal(service(queue, away), away)
    assert not await own.add(QUESTION)
    with pytest.raises(StoreUnavailable):
        await own.left_behind()


async def test_a_question_in_hand_is_asked_by_the_next_process_once(queue: ShakyQueue) -> None:
    store = MemoryStore()
    first, second, third = (
        PendingQuestions(Notes(service(queue, store), store), Place, seconds=900) for _ in range(3)
    )
    place = Place(person=7, wish=Action.ALT)
    question = Question(id=1, found=[Link("https://files.example/a.png", "image/png", 9)], moment=2)
    asked: list[tuple[Place, Question]] = []

    async def ask(place: Place, question: Question) -> None:
        asked.append((place, question))

    async def ends() -> None:
        async with first.during(place, question) as noted:
            assert noted
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await ends()
    await second.catch_up(ask)
    await third.catch_up(ask)
    assert asked == [(place, question)]


async def test_a_question_of_another_version_is_passed_over(queue: ShakyQueue) -> None:
    store = MemoryStore()
    await journal(service(queue, store), store).add("[{}, {}]")

    async def ask(*_: object) -> None:
        raise AssertionError

    await PendingQuestions(Notes(service(queue, store), store), Place, seconds=900).catch_up(ask)
