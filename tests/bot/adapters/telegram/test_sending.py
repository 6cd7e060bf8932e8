"""Answers arrive although Telegram stumbles; those that never can are let go."""

from dataclasses import replace

import pytest

from bot.adapters.telegram.messenger import TelegramPlace, plain
from bot.locales import say
from captioner.queue.base import Limits
from captioner.queue.messages import Caption, CaptionJob, CaptionReply
from tests.bot.adapters.telegram.conftest import CAPTION, Bench, good_answer
from tests.support.photos import photo


async def nothing_is_left(bench: Bench) -> None:
    """Stop the bot and see that no reply would come again."""
    await bench.settled()
    await bench.stop()
    again = await bench.queue.take_replies(
        "telegram", "test", wait=2 * bench.queue.limits.visibility
    )
    assert again == []


@pytest.fixture
def limits() -> Limits:
    return Limits(visibility=0.5)


async def test_wait_that_telegram_asks_for_is_kept(bench: Bench) -> None:
    person, other = bench.server.person(), bench.server.person()
    bench.server.fail("sendMessage", retry_after=2, chat_id=person.chat_id)
    person.sends_photo(photo())
    await bench.server.until(lambda: [c for c in bench.server.calls if c.method == "sendMessage"])
    other.sends_photo(photo(seed=1))
    await bench.server.until(lambda: bench.server.made(chat_id=person.chat_id))
    refused, sent = (
        call
        for call in bench.server.calls
        if call.method == "sendMessage" and call.params["chat_id"] == person.chat_id
    )
    assert sent.at - refused.at >= 2
    between = [
        call
        for call in bench.server.calls
        if refused.at < call.at < sent.at and call.params.get("chat_id") == person.chat_id
    ]
    # One may have been on its way when Telegram refused the other.
    assert [call.method for call in between] in ([], ["sendChatAction"])
    (unhindered,) = bench.server.made(chat_id=other.chat_id)
    assert unhindered.at < sent.at
    await nothing_is_left(bench)


@pytest.mark.parametrize("how", [{"status": 500}, {"status": 502}, {"reset": True}])
async def test_failing_server_is_tried_again(bench: Bench, how: dict[str, int]) -> None:
    fault = bench.server.fail("sendMessage", times=2, **how)
    bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    assert fault.happened == 2
    assert len(bench.server.made()) == 1
    await nothing_is_left(bench)


async def test_failing_upload_is_tried_again(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_photo(photo())
    await bench.server.until(bench.server.made)
    fault = bench.server.fail("sendAnimation", status=500)
    person.presses(bench.server.made()[0].result, say("button-attention"))
    await bench.server.until(lambda: bench.server.made("sendAnimation"))
    assert fault.happened == 1


async def test_bot_that_was_blocked_lets_go(bench: Bench) -> None:
    person, other = bench.server.person(), bench.server.person()
    bench.working.clear()
    person.sends_photo(photo())
    await bench.server.until(lambda: bench.server.made("sendChatAction"))
    bench.server.world.blocked.add(person.chat_id)
    bench.working.set()
    await bench.server.until(lambda: [c for c in bench.server.calls if c.method == "sendMessage"])
    other.sends_photo(photo(seed=1))
    await bench.server.until(lambda: bench.server.made(chat_id=other.chat_id))
    await nothing_is_left(bench)
    assert not bench.server.made(chat_id=person.chat_id)


async def test_missing_right_lets_go(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    wrong = "Bad Request: not enough rights to send text messages to the chat"
    bench.server.fail("sendMessage", status=400, description=wrong)
    member.sends_photo(photo(), caption="/caption")
    await bench.server.until(lambda: [c for c in bench.server.calls if c.method == "sendMessage"])
    await nothing_is_left(bench)
    assert not bench.server.made()


async def test_answer_to_a_deleted_message_still_comes(bench: Bench) -> None:
    bench.working.clear()
    person = bench.server.person()
    message = person.sends_photo(photo())
    await bench.server.until(lambda: bench.server.made("sendChatAction"))
    person.deletes(message)
    bench.working.set()
    await bench.server.until(bench.server.made)
    assert "reply_to_message" not in bench.server.made()[0].result


async def test_group_that_became_a_supergroup(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    new = bench.server.group()
    bench.server.fail("sendMessage", status=400, migrate_to=new["id"])
    member.sends_photo(photo(), caption="/caption")
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["chat_id"] == new["id"]


async def test_answer_that_could_not_be_sent_is_sent_after_a_restart(bench: Bench) -> None:
    fault = bench.server.fail("sendMessage", times=99, status=500)
    bench.server.person().sends_photo(photo())
    await bench.server.until(lambda: fault.happened)
    await bench.stop()
    assert not bench.server.made()
    fault.times = 0
    await bench.start()
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == CAPTION
    await nothing_is_left(bench)
    assert len(bench.server.made()) == 1


async def test_answer_held_longer_than_the_queue_waits_is_sent_once(bench: Bench) -> None:
    """The queue offers it again, as if this process had died."""
    bench.server.fail("sendMessage", retry_after=3)
    bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    await nothing_is_left(bench)
    assert len(bench.server.made()) == 1


async def test_answer_sent_before_a_crash_is_not_sent_again(idle: Bench) -> None:
    """The process died after sending and marking, before the queue heard that it was done."""
    idle.working.clear()
    person = idle.server.person()
    person.sends_photo(photo())
    await idle.start()
    await idle.server.until(lambda: not idle.server.world.updates)
    await idle.stop()
    idle.working.set()
    (delivery,) = await idle.queue.take_replies("telegram", "test", wait=10)
    await idle.queue.mark_sent(delivery.reply.job_id)
    await idle.start()
    await nothing_is_left(idle)
    assert not idle.server.made()


async def test_answer_is_marked_as_sent_before_anything_else_is_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a killed process had done before that, it would do twice."""
    done = []
    mark, count = bench.queue.mark_sent, bench.store.count

    async def noted_mark(job_id: str) -> bool:
        done.append("marked" if bench.server.made() else "marked too early")
        return await mark(job_id)

    async def noted_count(name: str, by: int = 1) -> None:
        if bench.server.made():
            done.append("counted")
        await count(name, by)

    monkeypatch.setattr(bench.queue, "mark_sent", noted_mark)
    monkeypatch.setattr(bench.store, "count", noted_count)
    bench.server.person().sends_photo(photo())
    await nothing_is_left(bench)
    assert [*dict.fromkeys(done)] == ["marked", "counted"]


async def test_reply_without_a_place_is_let_go(bench: Bench) -> None:
    def nowhere(job: CaptionJob) -> CaptionReply:
        return replace(good_answer(job), context={"chat": "x"})

    bench.script.reply = nowhere
    bench.server.person().sends_photo(photo())
    await bench.settled()
    bench.script.reply = good_answer
    bench.server.person().sends_photo(photo(seed=1))
    await bench.server.until(bench.server.made)
    await nothing_is_left(bench)


async def test_caption_pings_nobody_and_fits(bench: Bench) -> None:
    def long(job: CaptionJob) -> CaptionReply:
        text = "@everyone " + "very " * 1000 + "long"
        return replace(good_answer(job), captions=(Caption(text=text, log_prob=-1.0),))

    bench.script.reply = long
    bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    text = bench.server.made()[0].params["text"]
    assert len(text) <= 4096
    assert text.endswith("…")
    assert "@everyone" not in text


async def test_empty_caption_is_no_empty_message(bench: Bench) -> None:
    def empty(job: CaptionJob) -> CaptionReply:
        return replace(good_answer(job), captions=(Caption(text=" ", log_prob=-1.0),))

    bench.script.reply = empty
    bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == say("internal")


def test_plain() -> None:
    assert plain("  a dog ", 10) == "a dog"
    assert plain("a dog", 5) == "a dog"
    assert plain("a dogs", 5) == "a do…"


def test_place_survives_the_wire() -> None:
    for place in (
        TelegramPlace(chat=5, message=6),
        TelegramPlace(chat=-5, message=6, thread=7, lang="de"),
    ):
        assert TelegramPlace.from_context(place.to_context()) == place
    with pytest.raises(ValueError, match="no place"):
        TelegramPlace.from_context({"message": 5})
