"""The buttons under a caption: the attention as an animation or as a still picture."""

import asyncio

import pytest

from bot.locales import say
from captioner.queue.messages import CaptionJob, CaptionReply, Failure, Output
from tests.bot.adapters.telegram.conftest import CAPTION, GIF, PNG, Bench, good_answer
from tests.support.photos import photo
from tests.support.telegram_server import Json, Person

ATTENTION, SHEET = say("button-attention"), say("button-sheet")


async def captioned(bench: Bench, person: Person) -> tuple[Json, Json]:
    """A photo that was sent, and the bot's answer to it."""
    before = len(bench.server.made())
    message = person.sends_photo(photo())
    await bench.server.until(lambda: len(bench.server.made()) > before)
    return message, bench.server.made()[-1].result


def alerts(bench: Bench) -> list[str | None]:
    return [call.params.get("text") for call in bench.server.made("answerCallbackQuery")]


async def test_attention_gif(bench: Bench) -> None:
    person = bench.server.person()
    message, answer = await captioned(bench, person)
    person.presses(answer, ATTENTION)
    await bench.server.until(lambda: bench.server.made("sendAnimation"))
    (call,) = bench.server.made("sendAnimation")
    assert call.params["chat_id"] == person.chat_id
    assert call.params["caption"] == say("attention", caption=CAPTION)
    assert call.params["reply_parameters"]["message_id"] == message["message_id"]
    file = call.files["animation"]
    assert (file.data, file.name, file.content_type) == (GIF, "attention.gif", "image/gif")
    assert bench.server.made("sendChatAction")[-1].params["action"] == "upload_photo"
    assert alerts(bench) == [None]
    assert [job.output for job in bench.jobs] == [Output.CAPTION, Output.ATTENTION_GIF]


async def test_contact_sheet(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    person.presses(answer, SHEET)
    await bench.server.until(lambda: bench.server.made("sendPhoto"))
    (call,) = bench.server.made("sendPhoto")
    assert call.params["caption"] == say("attention", caption=CAPTION)
    assert call.files["photo"].data == PNG


async def test_contact_sheet_of_a_shape_that_is_no_photo(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    wrong = "Bad Request: PHOTO_INVALID_DIMENSIONS"
    bench.server.fail("sendPhoto", status=400, description=wrong)
    person.presses(answer, SHEET)
    await bench.server.until(lambda: bench.server.made("sendDocument"))
    assert bench.server.made("sendDocument")[0].files["document"].data == PNG


async def test_press_is_acknowledged_before_the_work(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    gate = bench.server.fail("download", gate=asyncio.Event()).gate
    assert gate is not None
    person.presses(answer, ATTENTION)
    await bench.server.until(lambda: bench.server.made("answerCallbackQuery"))
    assert not bench.server.made("sendAnimation")
    gate.set()
    await bench.server.until(lambda: bench.server.made("sendAnimation"))


async def test_works_after_a_restart(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    await bench.stop()
    person.presses(answer, ATTENTION)
    await bench.start()
    await bench.server.until(lambda: bench.server.made("sendAnimation"))


async def test_works_for_somebody_else_in_a_topic(bench: Bench) -> None:
    forum = bench.server.group(forum=True)
    asking = bench.server.member(forum, thread=9)
    asking.sends_photo(photo(), caption="/caption")
    await bench.server.until(bench.server.made)
    bench.server.member(forum, thread=9).presses(bench.server.made()[0].result, ATTENTION)
    await bench.server.until(lambda: bench.server.made("sendAnimation"))
    assert bench.server.made("sendAnimation")[0].params["message_thread_id"] == 9
    assert len({job.person for job in bench.jobs}) == 2


async def test_photo_was_deleted(bench: Bench) -> None:
    person = bench.server.person()
    message, answer = await captioned(bench, person)
    person.deletes(message)
    person.presses(answer, ATTENTION)
    await bench.server.until(lambda: alerts(bench))
    (call,) = bench.server.made("answerCallbackQuery")
    assert call.params["text"] == say("photo-expired")
    assert call.params["show_alert"] is True
    await bench.settled()
    assert len(bench.server.made()) == 1


async def test_answer_is_too_old_to_be_seen(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    inaccessible = {"chat": answer["chat"], "message_id": answer["message_id"], "date": 0}
    person.sends_callback(inaccessible, "show:gif")
    await bench.server.until(lambda: alerts(bench))
    assert alerts(bench) == [say("photo-expired")]


async def test_file_is_gone(bench: Bench) -> None:
    person = bench.server.person()
    message, answer = await captioned(bench, person)
    for size in message["photo"]:
        bench.server.world.files[size["file_id"]].available = False
    person.presses(answer, ATTENTION)
    await bench.server.until(lambda: len(bench.server.made()) == 2)
    assert bench.server.made()[1].params["text"] == say("photo-expired")


async def test_strange_data_does_nothing(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    strange = ("show", "show:gif:", "SHOW:GIF", "x" * 64, "attention_gif", "😀")
    for data in strange:
        person.sends_callback(answer, data)
    await bench.server.until(lambda: len(alerts(bench)) == len(strange))
    await bench.settled()
    assert alerts(bench) == [None] * len(strange)
    assert len(bench.server.made()) == 1


async def test_press_that_is_too_old_to_be_acknowledged_still_counts(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    query = person.presses(answer, ATTENTION)
    bench.server.world.callbacks.discard(query["id"])
    await bench.server.until(lambda: bench.server.made("sendAnimation"))


async def test_double_press_is_one_animation(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    bench.working.clear()
    person.presses(answer, ATTENTION)
    person.presses(answer, ATTENTION)
    await bench.server.until(lambda: len(alerts(bench)) == 2)
    bench.working.set()
    await bench.server.until(lambda: bench.server.made("sendAnimation"))
    await bench.settled()
    assert [job.output for job in bench.jobs] == [Output.CAPTION, Output.ATTENTION_GIF]


async def test_press_again_after_a_failure(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)

    def fail(job: CaptionJob) -> CaptionReply:
        return CaptionReply(
            job_id=job.id, adapter=job.adapter, context=job.context, failure=Failure.INTERNAL
        )

    bench.script.reply = fail
    person.presses(answer, ATTENTION)
    await bench.server.until(lambda: len(bench.server.made()) == 2)
    assert bench.server.made()[1].params["text"] == say("internal")
    bench.script.reply = good_answer
    person.presses(answer, ATTENTION)
    await bench.server.until(lambda: bench.server.made("sendAnimation"))


@pytest.mark.parametrize(
    "reason",
    [
        "Bad Request: not enough rights to send animations to the chat",
        "Bad Request: CHAT_SEND_GIFS_FORBIDDEN",
    ],
)
async def test_group_that_allows_no_pictures(bench: Bench, reason: str) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    bench.server.fail("sendAnimation", status=400, description=reason)
    person.presses(answer, ATTENTION)
    await bench.server.until(lambda: len(bench.server.made()) == 2)
    assert bench.server.made()[1].params["text"] == say("cannot-send-files")
