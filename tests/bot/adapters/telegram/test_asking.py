"""Questions about photos on Telegram: every way to ask, what is said where none is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.adapters.telegram import command_registration
from bot.chat import capabilities
from bot.chat.questions import KEPT
from bot.locales import say
from bot.store import MemoryStore
from captioner.capabilities import UNDECLARED, Capabilities
from captioner.queue.base import Limits
from captioner.queue.messages import MAX_QUESTION, Caption, CaptionJob, CaptionReply, Length
from tests.bot.adapters.telegram.conftest import (
    CAPTION,
    Bench,
    GoodAnswers,
    WatchedQueue,
    by_colour,
    good_answer,
)
from tests.bot.adapters.telegram.steps import (
    access_control,
    captioned,
    next_answer,
    rest,
    told,
)
from tests.support.facts import USUAL
from tests.support.intake import SharedIntake
from tests.support.photos import photo
from tests.support.scripted_worker import jpeg, scripted_reply, scripted_worker
from tests.support.telegram_server import Json, TelegramServer

ASKS = replace(UNDECLARED, questions=True, lengths=tuple(Length))
QUESTION = "what colour is the car?"
ANSWER = "It is red."


def answers_questions(job: CaptionJob) -> CaptionReply:
    if job.question is None:
        return good_answer(job)
    said = (Caption(text=ANSWER, log_prob=0.0),)
    return replace(scripted_reply(job, ASKS), captions=said)


@pytest.fixture
async def able(announced: None, server: TelegramServer) -> AsyncIterator[Bench]:
    """A worker that answers questions, and no bot yet."""
    script = GoodAnswers()
    script.capabilities, script.reply = ASKS, answers_questions
    async with (
        WatchedQueue(Limits()) as queue,
        SharedIntake() as intake,
        scripted_worker(queue, script),
    ):
        bench = Bench(server, queue, intake, script)
        yield bench
        await bench.stop()
        await bench.store.close()


@pytest.fixture
async def asking(able: Bench) -> Bench:
    """A bot whose worker answers questions."""
    await able.start()
    return able


def questions(bench: Bench) -> list[str | None]:
    """What the worker was asked."""
    return [job.question for job in bench.jobs]


def buttons(message: Json) -> list[str]:
    rows = message["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


async def said_last(bench: Bench, count: int) -> Json:
    await bench.server.until(lambda: len(bench.server.made()) >= count)
    return bench.server.made()[count - 1].params


async def test_ask_below_a_photo(asking: Bench) -> None:
    person = asking.server.person()
    message = person.sends_photo(photo(), caption=f"/ask {QUESTION}")
    answer = await next_answer(asking, person)
    assert answer["text"] == ANSWER
    assert answer["reply_parameters"]["message_id"] == message["message_id"]
    assert questions(asking) == [QUESTION]
    shown = asking.server.made()[0].result
    assert buttons(shown) == [say("button-speech"), say("button-delete")]


async def test_ask_in_reply_to_somebody_elses_photo(asking: Bench) -> None:
    group = asking.server.group()
    message = asking.server.member(group).sends_photo(photo())
    asker = asking.server.member(group)
    question = asker.says(f"/ask {QUESTION}", reply_to=message)
    answer = await next_answer(asking, asker)
    assert answer["text"] == ANSWER
    assert answer["reply_parameters"]["message_id"] == question["message_id"]


async def test_a_reply_to_an_answer_is_a_question_and_so_is_one_to_that(asking: Bench) -> None:
    person = asking.server.person()
    _, caption = await captioned(asking, person)
    person.says(QUESTION, reply_to=caption)
    first = await said_last(asking, 2)
    assert first["text"] == ANSWER
    person.says("And the house?", reply_to=asking.server.made()[1].result)
    assert (await said_last(asking, 3))["text"] == ANSWER
    assert questions(asking) == [None, QUESTION, "And the house?"]
    assert len({job.photo for job in asking.jobs}) == 1
    assert len({job.cache_key for job in asking.jobs}) == 3


async def test_the_same_question_about_the_same_photo_is_answered_from_the_cache(
    asking: Bench,
) -> None:
    person = asking.server.person()
    for count, question in enumerate((QUESTION, QUESTION, "why?"), 1):
        person.sends_photo(jpeg("red"), caption=f"/ask {question}")
        assert (await said_last(asking, count))["text"] == ANSWER
    assert questions(asking) == [QUESTION, "why?"]


async def test_others_ask_in_a_group_by_a_reply_and_by_ask(asking: Bench) -> None:
    group = asking.server.group()
    _, caption = await captioned(asking, asking.server.member(group), caption="/caption")
    other = asking.server.member(group)
    other.says(QUESTION, reply_to=caption)
    await said_last(asking, 2)
    other.says("/ask who is it?", reply_to=caption)
    await said_last(asking, 3)
    other.says("👍", reply_to=caption)  # nothing is asked
    other.says("nice", reply_to=other.says("hello"))
    assert len(await rest(asking)) == 3
    assert questions(asking) == [None, QUESTION, "who is it?"]


async def test_an_album_is_asked_about_by_its_first_photo(asking: Bench) -> None:
    person = asking.server.person()
    album = person.sends_album([jpeg("red"), jpeg("blue")], caption=f"/ask {QUESTION}")
    answer = await next_answer(asking, person)
    assert answer["text"] == say("answer-photo", number=1, caption=ANSWER)
    assert answer["reply_parameters"]["message_id"] == album[0]["message_id"]
    person.says(f"/ask {QUESTION}", reply_to=album[1])  # the photo that is meant
    assert (await said_last(asking, 2))["text"] == ANSWER
    assert [len(job.photos) for job in asking.jobs] == [1, 1]


async def test_a_reply_to_the_answer_about_an_album(asking: Bench) -> None:
    asking.script.reply = lambda job: (
        by_colour(job) if job.question is None else answers_questions(job)
    )
    person = asking.server.person()
    person.sends_album([jpeg("red"), jpeg("blue")])
    await said_last(asking, 1)
    person.says(QUESTION, reply_to=asking.server.made()[0].result)
    assert (await said_last(asking, 2))["text"] == say("answer-photo", number=1, caption=ANSWER)


async def test_what_is_no_question(asking: Bench) -> None:
    person = asking.server.person()
    how = say("ask-how", command="/ask")
    assert await told(asking, person, "/ask") == how
    message = person.sends_photo(photo(), caption="/ask ?!")
    assert (await said_last(asking, 2))["text"] == how
    assert await told(asking, person, "/ask what?") == say("nothing-to-caption", command="/ask")
    long = say("question-too-long", limit=MAX_QUESTION)
    person.says("/ask " + "x" * 4000, reply_to=message)
    assert (await said_last(asking, 4))["text"] == long
    assert asking.jobs == []


@pytest.mark.parametrize(
    "question",
    [
        "is @everybody <b>there</b>? *bold* [x](https://evil.example)",
        "what is this?\u202e\u2066\ufdd0\x00\x07\U0001f600",
        "who\nis\u2028it?",
        "{ $caption } %s {0} \\n",
    ],
)
async def test_hostile_questions_are_plain_text(asking: Bench, question: str) -> None:
    person = asking.server.person()
    person.sends_photo(photo(), caption=f"/ask {question}")
    assert (await next_answer(asking, person))["text"] == ANSWER
    (asked,) = questions(asking)
    assert asked
    assert asked.isprintable()
    assert "\n" not in asked


async def test_an_edited_caption_asks_once(asking: Bench) -> None:
    person = asking.server.member(asking.server.group())
    message = person.sends_photo(photo(), caption="look")
    for _ in range(2):
        person.edits(message, caption=f"/ask {QUESTION}")
    assert await said_last(asking, 1)
    assert await rest(asking) == [ANSWER]


async def test_a_photo_that_is_not_known_any_more(asking: Bench) -> None:
    person = asking.server.person()
    _, caption = await captioned(asking, person)
    assert isinstance(asking.store, MemoryStore)
    await asking.settled()
    asking.store._notes.clear()
    person.says(QUESTION, reply_to=caption)
    assert (await said_last(asking, 2))["text"] == say("photo-expired")


async def test_what_is_noted_is_forgotten(asking: Bench) -> None:
    person, other = asking.server.person(), asking.server.person()
    _, caption = await captioned(asking, person)
    await captioned(asking, other)
    await asking.settled()
    assert isinstance(asking.store, MemoryStore)
    kept = {key for key in asking.store._notes if asking.store._notes[key]}
    assert KEPT <= 86_400
    await told(asking, person, "/delete")
    left = {key for key in asking.store._notes if asking.store._notes[key]}
    assert len(kept - left) == 2  # the answer's note, and whose it was
    person.says(QUESTION, reply_to=caption)
    assert (await said_last(asking, 4))["text"] == say("photo-expired")


async def test_a_deleted_answer_is_forgotten(asking: Bench) -> None:
    person = asking.server.person()
    _, caption = await captioned(asking, person)
    person.presses(caption, say("button-delete"))
    await asking.settled()
    await asking.server.until(lambda: asking.server.made("deleteMessage"))
    key = f"{person.chat_id}:{caption['message_id']}"
    service = asking.adapter()._conversation
    await service.service.prepare()
    await asking.settled()
    assert await service.answered.find(key) == ""


async def test_help_and_privacy_say_it(asking: Bench) -> None:
    person = asking.server.person()
    help_text = await told(asking, person, "/help")
    texts = (say(one, **USUAL) for one in ("help", "help-ask", "help-detail"))
    assert help_text == "\n\n".join(texts)
    privacy = await told(asking, person, "/privacy")
    assert privacy.endswith(say("privacy-questions-telegram", delete="/delete"))
    assert len(privacy) < 4096


async def test_the_limits_and_lists_of_captions_hold(able: Bench) -> None:
    blocked, person = able.server.person(), able.server.person()
    access = access_control(block=f"telegram:{blocked.chat_id}")
    await able.start(person_per_minute=2, access=access)
    _, caption = await captioned(able, person)
    assert await told(able, person, QUESTION, reply_to=caption) == ANSWER
    refused = await told(able, person, "and why?", reply_to=caption)
    assert refused.startswith(say("slow-down", seconds=60)[:20])
    blocked.sends_photo(photo(), caption=f"/ask {QUESTION}")
    assert (await next_answer(able, blocked))["text"] == say("blocked")
    assert questions(able) == [None, QUESTION]


async def test_it_is_counted(asking: Bench) -> None:
    person = asking.server.person()
    person.sends_photo(photo(), caption=f"/ask {QUESTION}")
    await next_answer(asking, person)
    await asking.settled()
    assert (await asking.store.counts())["telegram.question"] == 1


# --- without a model that answers questions


async def test_nothing_is_offered_and_nothing_is_noted(bench: Bench) -> None:
    person = bench.server.person()
    _, caption = await captioned(bench, person)
    assert await told(bench, person, "/help") == say("help", **USUAL)
    privacy = say("privacy", delete="/delete", **USUAL)
    assert await told(bench, person, "/privacy") == privacy
    person.sends_photo(photo(), caption=f"/ask {QUESTION}")
    assert (await said_last(bench, 4))["text"] == say("not_offered")
    assert await told(bench, person, "/ask") == say("not_offered")
    assert await told(bench, person, QUESTION, reply_to=caption) == say("not-a-photo")
    assert await told(bench, person, "/detail") == say("length-only-short")
    await bench.settled()
    assert isinstance(bench.store, MemoryStore)
    assert len(bench.store._notes) == 1  # which commands Telegram was told of
    assert questions(bench) == [None]


async def test_silence_in_company(bench: Bench) -> None:
    group = bench.server.group()
    _, caption = await captioned(bench, bench.server.member(group), caption="/caption")
    member = bench.server.member(group)
    member.says(QUESTION, reply_to=caption)
    member.says("/ask another bot something")
    assert await rest(bench) == [CAPTION]
    message = member.sends_photo(photo())
    member.says(f"/ask {QUESTION}", reply_to=message)
    member.says(f"/ask {QUESTION}", reply_to=caption)
    assert await rest(bench) == [CAPTION, say("not_offered"), say("not_offered")]


# --- how long captions are


async def test_a_choice_of_length(asking: Bench) -> None:
    person = asking.server.person()
    person.says("/detail")
    offer = await said_last(asking, 1)
    assert say("length-ask") in offer["text"]
    shown = asking.server.made()[0].result
    assert buttons(shown) == [say(f"length-{one}") for one in ("short", "alt", "long")]
    person.presses(shown, say("length-long"))
    await asking.server.until(lambda: asking.server.made("editMessageText"))
    edited = asking.server.made("editMessageText")[0].params["text"]
    assert edited == say("length-now", length=say("length-long"))
    await captioned(asking, person)
    person.sends_photo(photo(seed=3), caption="/alt")
    await said_last(asking, 3)
    assert await told(asking, person, "/detail ALT") == say("length-now", length=say("length-alt"))
    await captioned(asking, person)
    await told(asking, person, "/delete")
    await captioned(asking, person)
    await asking.settled()
    assert lengths(asking.jobs) == ["long", "alt", "alt", "short"]


def lengths(jobs: Sequence[CaptionJob]) -> list[str]:
    return [job.length.value for job in jobs]


async def test_albums_are_short(asking: Bench) -> None:
    asking.script.reply = by_colour
    person = asking.server.person()
    await told(asking, person, "/detail long")
    person.sends_album([jpeg("red"), jpeg("blue")])
    await said_last(asking, 2)
    assert lengths(asking.jobs) == ["short"]


async def test_a_long_caption_arrives_whole(asking: Bench) -> None:
    long = " ".join(f"Sentence number {n} of many." for n in range(70))
    asking.script.reply = lambda job: replace(
        good_answer(job), captions=(Caption(text=long, log_prob=0.0),)
    )
    _, answer = await captioned(asking, asking.server.person())
    assert answer["text"] == long


# --- the lists of commands


async def test_the_lists_follow_the_models(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_registration, "codes", lambda: {None: "en"})
    monkeypatch.setattr(capabilities, "_EVERY", 0.05)
    monkeypatch.setattr(capabilities, "_PATIENCE", 0.1)
    declared: list[Capabilities | None] = [ASKS]

    async def known(_: object) -> Capabilities | None:
        return declared[-1]

    monkeypatch.setattr(capabilities.WorkerCapabilities, "known", known)

    def listed() -> set[str]:
        return {one["command"] for one in server.commands.get(("all_private_chats", ""), ())}

    everything = set(command_registration.PRIVATE)
    async with WatchedQueue(Limits()) as queue, SharedIntake() as intake:
        bench = Bench(server, queue, intake, GoodAnswers())
        await bench.start()
        await server.until(lambda: listed() == everything)
        for now, there in ((UNDECLARED, everything - {"ask", "detail"}), (ASKS, everything)):
            declared.append(now)
            await server.until(lambda there=there: listed() == there)  # type: ignore[misc]  # mypy knows no defaults in a lambda
        assert isinstance(bench.store, MemoryStore)
        async with asyncio.timeout(30):
            while not any(notes for _, notes in bench.store._notes.values()):
                await asyncio.sleep(0.01)  # until what was told is noted
        await bench.stop()
        calls = len(server.made("setMyCommands"))
        declared.append(None)  # no worker is heard of after a restart
        await bench.start()
        await asyncio.sleep(0.3)
        await bench.stop()
        assert listed() == everything
        assert len(server.made("setMyCommands")) == calls
        await bench.store.close()
