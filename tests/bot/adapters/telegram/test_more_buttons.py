"""Other captions, reading aloud and deleting: the other buttons under a caption."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.speech import in_language
from bot.locales import say
from captioner.queue.messages import CaptionJob, CaptionReply
from tests.bot.adapters.telegram.conftest import CAPTION, Bench, good_answer
from tests.bot.adapters.telegram.steps import alerts, captioned, next_answer
from tests.support.scripted_worker import scripted_reply
from tests.support.telegram_server import Json, Person

OTHERS, SPEECH, DELETE = say("button-alternatives"), say("button-speech"), say("button-delete")


def messages(bench: Bench, person: Person) -> list[Json]:
    return [m for m in bench.server.world.messages.values() if m["chat"]["id"] == person.chat_id]


async def test_other_captions_after_a_restart(bench: Bench) -> None:
    bench.script.reply = scripted_reply
    person = bench.server.person()
    message, answer = await captioned(bench, person)
    await bench.settled()
    await bench.stop()
    person.presses(answer, OTHERS)
    await bench.start()
    params = await next_answer(bench, person, 1)
    head, first, second = params["text"].splitlines()
    assert head == say("alternatives")
    assert first.startswith("• a picture that is ")
    assert second.startswith("• something ")
    assert params["reply_parameters"]["message_id"] == message["message_id"]
    assert len(bench.jobs) == 1  # the rest was known


async def test_no_other_caption(bench: Bench) -> None:
    bench.script.reply = lambda job: replace(
        good_answer(job), captions=good_answer(job).captions[:1]
    )
    _, answer = await captioned(bench, bench.server.person())
    labels = [one["text"] for row in answer["reply_markup"]["inline_keyboard"] for one in row]
    assert SPEECH in labels
    assert OTHERS not in labels


async def test_read_aloud_even_when_the_photo_is_gone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.buttons._SPEECH_ONCE_IN", 600.0)  # however slow
    person = bench.server.person()
    message, answer = await captioned(bench, person)
    person.deletes(message)
    person.presses(answer, SPEECH)
    person.presses(answer, SPEECH)  # once is enough
    await bench.server.until(lambda: bench.server.made("sendVoice"))
    (call,) = bench.server.made("sendVoice")
    assert call.params["reply_parameters"]["message_id"] == answer["message_id"]
    assert call.files["voice"].content_type in ("audio/ogg", "application/ogg")
    await bench.server.until(lambda: len(alerts(bench)) == 2)
    await bench.settled()
    assert len(bench.server.made("sendVoice")) == 1


async def test_read_aloud_where_voice_messages_are_not_allowed(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    _, answer = await captioned(bench, member, caption="/caption")
    wrong = "Bad Request: not enough rights to send voice notes to the chat"
    bench.server.fail("sendVoice", times=9, status=400, description=wrong)
    member.presses(answer, SPEECH)
    assert (await next_answer(bench, member, 1))["text"] == say("voice-not-welcome")


async def test_read_aloud_to_somebody_who_blocked_the_bot(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    bench.server.world.blocked.add(person.chat_id)
    person.presses(answer, SPEECH)
    await bench.server.until(lambda: [c for c in bench.server.calls if c.method == "sendVoice"])
    await bench.settled()
    assert len(bench.server.made()) == 1


def test_what_is_read_aloud_is_english() -> None:
    unsure = say("unsure", caption="a dog")
    assert in_language(unsure, "en") == unsure
    assert in_language("a dog", "en") == "a dog"
    assert in_language(f"1. {unsure}\n2. a cat", "en") == f"1. {unsure}\n2. a cat"


def test_what_is_read_aloud_is_english_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def say_in(text_id: str, lang: str | None = "en", **args: str) -> str:
        if text_id == "unsure" and lang == "de":
            return f"Vielleicht: {args['caption']}, oder nicht."
        return say(text_id, lang, **args)

    monkeypatch.setattr("bot.chat.speech.say", say_in)
    monkeypatch.setattr("bot.chat.speech.languages", lambda: ("en", "de"))
    german = say_in("unsure", "de", caption="a dog")
    assert (
        in_language(f"1. {german}\n2. a cat", "en")
        == f"1. {say('unsure', caption='a dog')}\n2. a cat"
    )


async def test_delete_is_for_who_asked(bench: Bench) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    person.presses(answer, DELETE)
    await bench.server.until(lambda: bench.server.made("deleteMessage"))
    assert answer["message_id"] not in [m["message_id"] for m in messages(bench, person)]
    await bench.server.until(lambda: alerts(bench) == [None])


async def test_delete_in_a_group(bench: Bench) -> None:
    group = bench.server.group()
    sender, asker, other, admin = (bench.server.member(group) for _ in range(4))
    bench.server.make_admin(group, admin.user["id"])
    photo_of = (await captioned(bench, sender, caption="/caption"))[0]
    for _ in range(2):
        asker.says("/caption", reply_to=photo_of)
    await bench.server.until(lambda: len(bench.server.made()) == 3)
    answers = [call.result for call in bench.server.made()[1:]]
    for stranger in (other, sender):
        stranger.presses(answers[0], DELETE)
    await bench.server.until(lambda: len(alerts(bench)) == 2)
    assert alerts(bench) == [say("delete-not-allowed-telegram")] * 2
    asker.presses(answers[0], DELETE)
    admin.presses(answers[1], DELETE)
    await bench.server.until(lambda: len(bench.server.made("deleteMessage")) == 2)


@pytest.mark.parametrize("gone", [False, True])
async def test_what_cannot_be_deleted(bench: Bench, gone: bool) -> None:
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    if gone:
        bench.server.world.delete_message(answer)
    else:
        bench.server.world.undeletable.add(answer["message_id"])
    person.presses(answer, DELETE)
    await bench.server.until(lambda: alerts(bench))
    assert alerts(bench) == [None if gone else say("delete-too-late")]


async def test_made_up_data_does_no_harm(bench: Bench) -> None:
    person, other = bench.server.person(), bench.server.person()
    _, answer = await captioned(bench, person)
    made_up = ("delete", "delete:", "delete:x", "delete:-1", "language:", "language:../en", "show:")
    for data in made_up:
        other.sends_callback(answer, data)
    await bench.server.until(lambda: len(alerts(bench)) == len(made_up))
    await bench.settled()
    assert not bench.server.made("deleteMessage", "editMessageText")
    assert len(bench.server.made()) == 1


async def test_captions_that_ping_nobody(bench: Bench) -> None:
    def rude(job: CaptionJob) -> CaptionReply:
        captions = good_answer(job).captions
        return replace(good_answer(job), captions=(captions[0], replace(captions[0], text="@all")))

    bench.script.reply = rude
    person = bench.server.person()
    _, answer = await captioned(bench, person)
    assert answer["text"] == CAPTION
    person.presses(answer, OTHERS)
    assert "@all" not in (await next_answer(bench, person, 1))["text"]
