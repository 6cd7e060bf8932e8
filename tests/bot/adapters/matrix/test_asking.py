"""Questions about photos on Matrix: !ask, and replies to answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.locales import say
from captioner.queue.messages import MAX_QUESTION, Length
from tests.bot.adapters.matrix.stage import ANN, BOB, CAPTION, Stage, stage
from tests.bot.adapters.telegram.conftest import GoodAnswers
from tests.bot.adapters.telegram.test_asking import ANSWER, ASKS, QUESTION, answers_questions
from tests.support.facts import USUAL
from tests.support.matrix_server import BOT, MatrixServer
from tests.support.photos import photo


@pytest.fixture
async def asking(server: MatrixServer) -> AsyncIterator[Stage]:
    """A bot whose worker answers questions."""
    script = GoodAnswers()
    script.capabilities, script.reply = ASKS, answers_questions
    async with stage(server, script=script) as made:
        yield made


def questions(bot: Stage) -> list[str | None]:
    return [job.question for job in bot.jobs]


async def test_ask_below_a_photo_and_in_reply_to_one(asking: Stage) -> None:
    asking.send_photo(f"!ask {QUESTION}")
    assert await asking.said() == [ANSWER]
    room = asking.server.room(ANN, BOB)
    event = asking.server.photo(room, ANN, photo())
    asking.server.says(room, BOB, "!ask who\nis it?", reply_to=event)
    assert await asking.said(1, room) == [ANSWER]
    (said,) = asking.server.said(room)
    assert said["m.relates_to"]["m.in_reply_to"] == {"event_id": event}
    assert questions(asking) == [QUESTION, "who is it?"]


async def test_a_reply_to_an_answer_is_a_question_and_so_is_one_to_that(asking: Stage) -> None:
    asking.send_photo()
    await asking.said()
    caption = asking.server.said(asking.direct)[0]["event_id"]
    assert await asking.told(QUESTION, reply_to=caption) == ANSWER
    answer = asking.server.said(asking.direct)[1]["event_id"]
    assert await asking.told("and the house?", reply_to=answer) == ANSWER
    assert await asking.told("!ask why?", reply_to=answer) == ANSWER
    assert questions(asking) == [None, QUESTION, "and the house?", "why?"]


async def test_in_company_a_reply_that_mentions_the_bot(asking: Stage) -> None:
    room = asking.server.room(ANN, BOB)
    event = asking.server.photo(room, ANN, photo())
    asking.server.says(room, BOB, "!caption", reply_to=event)
    await asking.said(1, room)
    caption = asking.server.said(room)[0]["event_id"]
    asking.server.says(room, BOB, "lovely", reply_to=caption)
    asking.server.says(room, BOB, "👍", reply_to=caption)
    asking.server.says(room, BOB, QUESTION, reply_to=caption, mentions=(BOT,))
    assert await asking.said(2, room) == [CAPTION, ANSWER]
    assert questions(asking) == [None, QUESTION]


async def test_what_is_no_question(asking: Stage) -> None:
    assert await asking.told("!ask") == say("ask-how", command="!ask")
    assert await asking.told("!ask what?") == say("nothing-to-caption", command="!ask")
    event = asking.send_photo("!ask " + "why " * 25_000)
    long = say("question-too-long", limit=MAX_QUESTION)
    assert (await asking.said(3))[2] == long
    assert await asking.told("!ask " + "\u202e" * 10_000, reply_to=event) == say(
        "ask-how", command="!ask"
    )
    assert asking.jobs == []


async def test_what_people_are_told_of(asking: Stage) -> None:
    told = await asking.told("!help")
    for name in ("help-ask", "help-detail"):
        assert say(name).replace("/", "!") in told
    assert "/" not in told.replace("and/or", "")
    assert say("privacy-questions") in await asking.told("!privacy")


async def test_the_length_of_captions(asking: Stage) -> None:
    offered = await asking.told("!detail")
    assert f"!detail long: {say('length-long')}" in offered
    assert await asking.told("!detail long") == say("length-now", length=say("length-long"))
    asking.send_photo()
    await asking.said(3)
    assert [job.length for job in asking.jobs] == [Length.LONG]


@pytest.fixture
async def plain(server: MatrixServer) -> AsyncIterator[Stage]:
    """A bot whose worker gives one caption, and does not say where it looked."""
    script = GoodAnswers()
    script.capabilities = replace(ASKS, attention=False, alternatives=False)
    async with stage(server, script=script) as made:
        yield made


async def test_what_the_model_does_not_do_is_neither_spoken_of_nor_done(plain: Stage) -> None:
    facts = {**USUAL, "looks": "no", "others": "no"}
    assert (await plain.told("!help")).startswith(say("help-matrix", **facts))
    for said, name in enumerate(("!attention", "!others"), 2):
        plain.send_photo(name)
        assert (await plain.said(said))[said - 1] == say("not_offered")
    assert plain.jobs == [], "the photo is not even fetched"


async def test_without_such_a_model(bot: Stage) -> None:
    assert await bot.told("!ask what?") == say("not_offered")
    bot.send_photo(f"!ask {QUESTION}")
    assert (await bot.said(2))[1] == say("not_offered")
    assert await bot.told("!detail") == say("length-only-short")
    assert "!ask" not in await bot.told("!help")
    room = bot.server.room(ANN, BOB)
    bot.server.says(room, BOB, "!ask another bot")
    event = bot.server.photo(room, ANN, photo())
    bot.server.says(room, BOB, "!caption", reply_to=event)
    assert await bot.said(1, room) == [CAPTION]
    caption = bot.server.said(room)[0]["event_id"]
    bot.server.says(room, BOB, QUESTION, reply_to=caption)
    bot.server.says(room, BOB, "!ask who?", reply_to=event)
    assert await bot.said(2, room) == [CAPTION, say("not_offered")]
    assert questions(bot) == [None]
