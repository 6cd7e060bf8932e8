"""While somebody waits: their place, that the bot is waking up, and that a limit was reached."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.locales import say
from captioner.queue.base import Receipt
from captioner.queue.messages import CaptionJob
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import captioned, rest
from tests.support.photos import photo


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is kept waiting for the word that they wait."""
    monkeypatch.setattr("bot.chat.delivery._CHECKS", (0.0,))


async def queued(bench: Bench, count: int) -> None:
    async with asyncio.timeout(30):
        while await bench.queue.depth() < count:
            await asyncio.sleep(0.01)


async def test_place_is_told_and_taken_away(bench: Bench) -> None:
    bench.working.clear()
    for number in range(3):
        bench.server.person().sends_photo(photo(seed=number))
        await queued(bench, number + 1)
    last = bench.server.person()
    last.sends_photo(photo(seed=9))
    await bench.server.until(lambda: bench.server.made(chat_id=last.chat_id))
    (note,) = bench.server.made(chat_id=last.chat_id)
    assert note.params["text"].endswith("photos are in front of yours.")
    bench.working.set()
    await bench.server.until(
        lambda: (
            note.result["message_id"]
            in [call.params["message_id"] for call in bench.server.made("deleteMessage")]
        )
    )
    await bench.server.until(lambda: len(bench.server.made(chat_id=last.chat_id)) >= 2)
    said = await rest(bench)
    assert said.count(CAPTION) == 4
    assert len([text for text in said if "in front of yours" in text]) <= 2  # of the third, too


def receive_as(bench: Bench, monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """Have the queue say something else of the jobs that it accepts."""
    submit = bench.queue.submit

    async def changing(job: CaptionJob) -> Receipt:
        return replace(await submit(job), **changed)

    monkeypatch.setattr(bench.queue, "submit", changing)


async def test_nothing_is_told_to_the_next_in_line(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive_as(bench, monkeypatch, ahead=1)
    await captioned(bench, bench.server.person())
    assert await rest(bench) == [CAPTION]


async def test_waking_up_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    receive_as(bench, monkeypatch, waking=True)
    bench.working.clear()
    person = bench.server.person()
    person.sends_photo(photo())
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == say("waking")
    bench.working.set()
    await bench.server.until(lambda: bench.server.made("deleteMessage"))


@pytest.mark.parametrize("method", ["sendMessage", "deleteMessage"])
async def test_word_on_waiting_that_is_not_taken_keeps_nobody_from_the_answer(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    caplog.set_level(logging.INFO)
    receive_as(bench, monkeypatch, waking=True)
    bench.working.clear()
    refused = bench.server.fail(method, status=400, description="Bad Request: not here")
    person = bench.server.person()
    person.sends_photo(photo())
    await bench.server.until(lambda: refused.happened or bench.server.made(chat_id=person.chat_id))
    bench.working.set()
    await bench.server.until(lambda: refused.happened)
    assert (await rest(bench))[-1] == CAPTION
    assert "a word on the waiting was not taken" in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_word_on_waiting_is_taken_away_when_the_bot_stops(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive_as(bench, monkeypatch, waking=True)
    bench.working.clear()
    bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    await bench.stop()
    assert bench.server.made("deleteMessage")


async def test_limit_of_a_person_is_told_once(idle: Bench) -> None:
    await idle.start(person_per_minute=1)
    person, other = idle.server.person(), idle.server.person()
    await captioned(idle, person)
    for number in range(3):
        person.sends_photo(photo(seed=number))
    await idle.server.until(lambda: len(idle.server.made(chat_id=person.chat_id)) == 2)
    await captioned(idle, other)
    said = await rest(idle)
    assert len(said) == 3
    (slow,) = [text for text in said if text != CAPTION]
    assert slow.startswith(say("slow-down", seconds=60)[:20])


async def test_limit_of_a_chat(idle: Bench) -> None:
    await idle.start(chat_per_minute=1)
    group = idle.server.group()
    await captioned(idle, idle.server.member(group), caption="/caption")
    await captioned(idle, idle.server.person())  # whose own chat has no limit beside their own
    idle.server.member(group).sends_photo(photo(seed=5), caption="/caption")
    await idle.server.until(lambda: len(idle.server.made(chat_id=group["id"])) == 2)
    assert (
        idle.server.made(chat_id=group["id"])[1]
        .params["text"]
        .startswith(say("slow-down", seconds=60)[:20])
    )
