"""Updates are confirmed when they are handled, not when they are read."""

import asyncio
import logging

import pytest

from bot.adapters import AdapterError
from bot.adapters.telegram import updates
from bot.chat.pending import Journal
from bot.locales import say
from bot.store import StoreUnavailable
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import ended
from tests.support.facts import USUAL
from tests.support.photos import photo


async def test_photo_in_hand_comes_again_after_the_process_died(idle: Bench) -> None:
    gate = idle.server.fail("download", gate=asyncio.Event())
    await idle.start(grace=0.0)
    idle.server.person().sends_photo(photo())
    await idle.server.until(lambda: gate.happened)
    polls = idle.server.polls
    await idle.server.until(lambda: idle.server.polls >= polls + 2)
    await idle.stop()
    assert len(idle.server.world.updates) == 1
    assert gate.gate is not None
    gate.gate.set()
    await idle.start()
    await idle.server.until(idle.server.made)
    await idle.settled()
    assert len(idle.server.made()) == 1


async def test_later_updates_are_not_done_again(idle: Bench) -> None:
    """One photo is stuck, a later one was answered: after a restart, only the first is done."""
    gate = idle.server.fail("download", gate=asyncio.Event())
    await idle.start(grace=0.0)
    stuck, quick = idle.server.person(), idle.server.person()
    stuck.sends_photo(photo(seed=1))
    await idle.server.until(lambda: gate.happened)
    quick.sends_photo(photo(seed=2))
    await idle.server.until(lambda: idle.server.made(chat_id=quick.chat_id))
    async with asyncio.timeout(30):
        while not idle.queue.answered:
            await asyncio.sleep(0.01)
    await idle.stop()
    assert len(idle.server.world.updates) == 2
    assert gate.gate is not None
    gate.gate.set()
    await idle.start()
    await idle.server.until(lambda: idle.server.made(chat_id=stuck.chat_id))
    await idle.settled()
    assert len(idle.server.made(chat_id=quick.chat_id)) == 1


async def test_stop_finishes_what_is_in_hand(idle: Bench) -> None:
    await idle.start(grace=30.0)
    bench = idle
    gate = bench.server.fail("download", gate=asyncio.Event())
    bench.server.person().sends_photo(photo())
    await bench.server.until(lambda: gate.happened)
    stopping = asyncio.create_task(bench.stop())
    await asyncio.sleep(0)
    assert gate.gate is not None
    gate.gate.set()
    await stopping
    assert bench.server.world.updates == []
    assert await bench.queue.depth() == 1 or bench.jobs


@pytest.mark.parametrize("restart", [False, True])
async def test_update_delivered_twice_is_answered_once(bench: Bench, restart: bool) -> None:
    person = bench.server.person()
    person.sends_photo(photo())
    (update,) = bench.server.world.updates
    await bench.server.until(bench.server.made)
    await bench.settled()
    if restart:
        await bench.stop()
        await bench.start()
    bench.server.world.push_again(update)
    person.says("/start")
    await bench.server.until(lambda: len(bench.server.made()) == 2)
    await bench.settled()
    assert [call.params["text"] for call in bench.server.made()] == [CAPTION, say("start", **USUAL)]


async def test_update_ids_may_start_again_lower(bench: Bench) -> None:
    """After a week without updates, Telegram picks the next id at random."""
    person = bench.server.person()
    person.says("/start")
    update = bench.server.world.updates[0]
    await bench.server.until(bench.server.made)
    await bench.server.until(lambda: not bench.server.world.updates)
    later = update["message"] | {"message_id": bench.server.world.next_id()}
    bench.server.world.push_again({"update_id": 17, "message": later})
    await bench.server.until(lambda: len(bench.server.made()) == 2)
    person.says("/start")
    await bench.server.until(lambda: len(bench.server.made()) == 3)


async def test_server_that_is_gone_for_a_while(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.server.stop()
    async with asyncio.timeout(30):
        while "cannot be reached" not in caplog.text:
            await asyncio.sleep(0.02)
    bench.server.person().sends_photo(photo())
    await bench.server.start()
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == CAPTION


async def test_second_process_with_the_token_is_named(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    fault = bench.server.fail("getUpdates", status=409, description="Conflict: terminated")
    bench.server.person().says("/start")
    await bench.server.until(bench.server.made)
    bench.server.person().says("/start")
    await bench.server.until(lambda: fault.happened and len(bench.server.made()) == 2)
    assert "a second bot process with the same token" in caplog.text


async def test_wait_asked_for_while_polling(bench: Bench) -> None:
    fault = bench.server.fail("getUpdates", retry_after=1)
    bench.server.person().says("/start")
    bench.server.person().says("/start")
    await bench.server.until(lambda: fault.happened and len(bench.server.made()) == 2)


async def test_token_that_is_revoked_meanwhile_ends_the_bot(bench: Bench) -> None:
    bench.server.token = "7700112233:another-token"
    bench.server.person().says("/start")
    with pytest.raises(AdapterError, match="TELEGRAM_BOT_TOKEN"):
        await asyncio.wait_for(bench.bot, 30)


async def test_defect_in_a_handler_is_logged_and_forgotten(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("bot.adapters.telegram.messages.find_picture", broken)
    bench.server.person().sends_photo(photo())
    await bench.settled()
    monkeypatch.undo()
    bench.server.person().sends_photo(photo(seed=1))
    await bench.server.until(bench.server.made)
    defects = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(defects) == 1
    assert "a defect" in caplog.text


async def test_slow_update_comes_again_after_a_crash(idle: Bench) -> None:
    gate = idle.server.fail("download", gate=asyncio.Event())
    running = asyncio.create_task(idle.adapter(patience=0.01).run())
    person = idle.server.person()
    person.sends_photo(photo())
    await idle.server.until(lambda: gate.happened)
    person.says("/help")
    await idle.server.until(idle.server.made)  # others are not held up by it
    polls = idle.server.polls
    await idle.server.until(lambda: idle.server.polls > polls + 2)
    assert len(idle.server.world.updates) == 2, "neither is confirmed"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert gate.gate is not None
    gate.gate.set()
    adapter = idle.adapter()
    running = asyncio.create_task(adapter.run())
    await idle.server.until(
        lambda: any(CAPTION in call.params["text"] for call in idle.server.made("sendMessage"))
    )
    await ended(running)


async def test_slow_updates_are_confirmed_when_there_are_too_many(
    idle: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "_CROWD", 0)
    gate = idle.server.fail("download", gate=asyncio.Event())
    adapter = idle.adapter(patience=0.1)
    running = asyncio.create_task(adapter.run())
    idle.server.person().sends_photo(photo())
    await idle.server.until(lambda: gate.happened)
    await idle.server.until(lambda: not idle.server.world.updates)
    assert gate.gate is not None
    gate.gate.set()
    await idle.server.until(idle.server.made)
    await ended(running)


@pytest.mark.parametrize("killed", [True, False])
async def test_slow_update_that_was_confirmed_is_done_by_the_next_process(
    idle: Bench, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    monkeypatch.setattr(updates, "_CROWD", 0)
    gate = idle.server.fail("download", gate=asyncio.Event())
    first = idle.adapter(patience=0.1)
    running = asyncio.create_task(first.run())
    idle.server.person().sends_photo(photo())
    await idle.server.until(lambda: gate.happened)
    await idle.server.until(lambda: not idle.server.world.updates)
    assert gate.gate is not None
    if killed:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        gate.gate.set()
    else:
        gate.gate.set()
        await idle.server.until(idle.server.made)
        await ended(running)
    second = idle.adapter()
    running = asyncio.create_task(second.run())
    await idle.server.until(idle.server.made)
    await idle.settled()
    await ended(running)
    assert len(idle.server.made()) == 1
    written = Journal(second._conversation.notes, "updates", seconds=updates._KEPT)
    assert await written.all() == [], "nothing is kept of it"


async def test_slow_update_is_not_confirmed_while_it_cannot_be_written_down(
    idle: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def away(*_args: object, **_options: object) -> None:
        tries.append(1)
        raise StoreUnavailable("away")

    monkeypatch.setattr(updates, "_CROWD", 0)
    monkeypatch.setattr(idle.store, "leave", away)
    gate = idle.server.fail("download", gate=asyncio.Event())
    adapter = idle.adapter(patience=0.1)
    running = asyncio.create_task(adapter.run())
    idle.server.person().sends_photo(photo())
    await idle.server.until(lambda: gate.happened)
    await idle.server.until(lambda: len(tries) > 1)
    assert len(idle.server.world.updates) == 1
    assert gate.gate is not None
    gate.gate.set()
    await idle.server.until(lambda: not idle.server.world.updates)
    await ended(running)
