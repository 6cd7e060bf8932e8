"""Channels, where the bot answers as an admin, and the direct messages that channels take."""

from __future__ import annotations

from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import next_answer, rest
from tests.support.facts import USUAL
from tests.support.photos import photo
from tests.support.telegram_server import BOT, Person


def channel(bench: Bench, *, admin: bool = True) -> Person:
    poster = bench.server.channel()
    if admin:
        bench.server.make_admin(poster.chat, BOT["id"])
    return poster


async def test_command_in_reply_to_a_post(bench: Bench) -> None:
    poster = channel(bench)
    post = poster.sends_photo(photo())
    poster.says("/caption", reply_to=post)
    params = await next_answer(bench, poster)
    assert params["text"] == CAPTION
    assert params["reply_parameters"]["message_id"] == post["message_id"]
    assert "reply_markup" not in params
    assert bench.server.made("sendChatAction", chat_id=poster.chat_id) == []
    assert len(await rest(bench)) == 1


async def test_auto_answers_every_photo_of_a_channel(bench: Bench) -> None:
    poster = channel(bench)
    poster.sends_photo(photo())
    poster.says("/auto on")
    assert (await next_answer(bench, poster))["text"] == say("auto-on")
    poster.sends_photo(photo(seed=2))
    assert (await next_answer(bench, poster, 1))["text"] == CAPTION
    poster.says("/auto off")
    assert (await next_answer(bench, poster, 2))["text"] == say("auto-off")
    poster.sends_photo(photo(seed=3))
    assert len(await rest(bench)) == 3


async def test_question_that_is_added_to_a_post(bench: Bench) -> None:
    poster = channel(bench)
    post = poster.sends_photo(photo())
    for caption in ("/caption", "/caption now"):
        poster.edits(post, caption=caption)
    assert (await next_answer(bench, poster))["text"] == CAPTION
    assert len(await rest(bench)) == 1


async def test_silence_in_channels(bench: Bench) -> None:
    poster, elsewhere = channel(bench), channel(bench, admin=False)
    poster.says("hello")
    poster.says("/help")
    poster.says("/start@loopback_caption_bot")
    poster.sends_photo(photo())
    post = elsewhere.sends_photo(photo())
    elsewhere.says("/caption", reply_to=post)
    elsewhere.says("/auto on")
    assert await rest(bench) == []
    assert bench.jobs == []


async def test_direct_messages_of_a_channel(bench: Bench) -> None:
    person = bench.server.direct_messages()
    assert person.topic is not None
    person.sends_photo(photo(), caption="/caption")
    params = await next_answer(bench, person)
    assert params["text"] == CAPTION
    assert params["direct_messages_topic_id"] == person.topic["topic_id"]
    answer = bench.server.made(chat_id=person.chat_id)[0].result
    assert bench.server.made("sendChatAction", chat_id=person.chat_id) == []
    # The bot's own message says the topic as well, which a press brings back.
    answer["direct_messages_topic"] = person.topic
    person.presses(answer, say("button-attention"))
    await bench.server.until(lambda: bench.server.made("sendAnimation"))
    (call,) = bench.server.made("sendAnimation")
    assert call.params["direct_messages_topic_id"] == person.topic["topic_id"]
    person.says("/help")
    params = await next_answer(bench, person, 2)
    assert params["text"] == say("help", **USUAL)
    assert params["direct_messages_topic_id"] == person.topic["topic_id"]
