"""With no worker alive, people hear that their photo waits; no word on waiting comes too late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.locales import say
from captioner.queue.base import Limits
from tests.bot.adapters.telegram.conftest import CAPTION, Bench, GoodAnswers, WatchedQueue
from tests.bot.adapters.telegram.steps import next_answer
from tests.support.intake import SharedIntake
from tests.support.photos import photo
from tests.support.scripted_worker import scripted_worker
from tests.support.telegram_server import TelegramServer


@pytest.fixture
async def unattended(server: TelegramServer) -> AsyncIterator[Bench]:
    """A bench with a bot, and no worker."""
    async with WatchedQueue(Limits()) as queue, SharedIntake() as intake:
        bench = Bench(server, queue, intake, GoodAnswers())
        await bench.start()
        try:
            yield bench
        finally:
            await bench.stop()
            await bench.store.close()


@pytest.mark.parametrize("killed", [False, True])
async def test_photo_that_waits_for_a_worker(unattended: Bench, killed: bool) -> None:
    bench = unattended
    if killed:  # it was there a moment ago, and could not say that it left
        await bench.queue.announce("killed", ready=True, model="m")
    person = bench.server.person()
    person.sends_photo(photo())
    assert (await next_answer(bench, person))["text"] == say("photo-waits")
    note = bench.server.made()[0].result
    async with scripted_worker(bench.queue, bench.script):
        assert (await next_answer(bench, person, 1))["text"] == CAPTION
        await bench.server.until(lambda: bench.server.made("deleteMessage"))
        (deleted,) = bench.server.made("deleteMessage")
        assert deleted.params["message_id"] == note["message_id"]


async def test_word_on_waiting_never_comes_after_the_answer(
    unattended: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.delivery._CHECKS", (0.0,))
    bench, on_its_way = unattended, asyncio.Event()
    held = bench.server.fail("sendMessage", gate=on_its_way)
    person = bench.server.person()
    person.sends_photo(photo())
    await bench.server.until(lambda: held.happened)
    async with scripted_worker(bench.queue, bench.script):
        async with asyncio.timeout(60):
            while not bench.jobs or await bench.queue.depth():
                await asyncio.sleep(0.01)
        assert bench.server.made() == []
        on_its_way.set()
        await bench.server.until(lambda: len(bench.server.made()) == 2)
    texts = [call.params["text"] for call in bench.server.made()]
    assert texts == [say("photo-waits"), CAPTION]
    await bench.server.until(lambda: bench.server.made("deleteMessage"))
