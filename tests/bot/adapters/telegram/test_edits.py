"""Messages that ask for something only since they were edited: answered once."""

from __future__ import annotations

import pytest

from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, Bench, by_colour
from tests.bot.adapters.telegram.steps import next_answer, rest
from tests.support.facts import USUAL
from tests.support.photos import photo
from tests.support.scripted_worker import jpeg

NAME = "@loopback_caption_bot"
RED, BLUE = (jpeg(colour, (64, 64)) for colour in ("red", "blue"))


@pytest.mark.parametrize("text", ["/caption", f"and this, {NAME}?"])
async def test_question_that_is_added_later_is_answered_once(bench: Bench, text: str) -> None:
    member = bench.server.member(bench.server.group())
    message = member.sends_photo(photo(), caption="my cat")
    assert await rest(bench) == []
    for caption in (text, f"{text} ", f"{text} please"):
        member.edits(message, caption=caption)
    params = await next_answer(bench, member)
    assert params["text"] == CAPTION
    assert params["reply_parameters"]["message_id"] == message["message_id"]
    assert len(await rest(bench)) == 1
    assert len(bench.jobs) == 1


async def test_command_in_a_reply_that_was_mistyped(bench: Bench) -> None:
    group = bench.server.group()
    message = bench.server.member(group).sends_photo(photo())
    member = bench.server.member(group)
    asked = member.says("/captoin", reply_to=message)
    member.edits(asked, text="/caption")
    assert (await next_answer(bench, member))["text"] == CAPTION
    member.edits(asked, text="/caption please")
    assert len(await rest(bench)) == 1


async def test_edits_of_what_was_answered_are_nothing(bench: Bench) -> None:
    group = bench.server.group()
    member, person = bench.server.member(group), bench.server.person()
    asked = member.sends_photo(photo(), caption="/caption")
    sent = person.sends_photo(photo(seed=2))
    await next_answer(bench, member)
    await next_answer(bench, person)
    await bench.settled()
    downloads = len(bench.server.downloads)
    for count in range(5):
        member.edits(asked, caption=f"/caption {count}")
        person.edits(sent, caption="/caption " + "!" * count)
        person.edits(sent, caption="a caption of mine")
    assert len(await rest(bench)) == 2
    assert len(bench.server.downloads) == downloads


async def test_edits_after_a_restart_are_known_too(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    asked = member.sends_photo(photo(), caption="/caption")
    await next_answer(bench, member)
    await bench.settled()
    await bench.stop()
    await bench.start()
    member.edits(asked, caption="/caption again")
    assert len(await rest(bench)) == 1


async def test_edit_of_an_old_message(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    message = member.sends_photo(photo())
    message["date"] -= 3 * 365 * 86_400
    member.edits(message, caption="/caption")
    assert await rest(bench) == []


async def test_other_command_that_is_added_later(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    message = member.says("what is this?")
    member.edits(message, text="/help")
    assert (await next_answer(bench, member))["text"] == say("help", **USUAL)
    member.edits(message, text="/help me")
    assert len(await rest(bench)) == 1


async def test_command_that_is_added_to_an_album_is_about_all_of_it(bench: Bench) -> None:
    bench.script.reply = by_colour
    member = bench.server.member(bench.server.group())
    first, second = member.sends_album([RED, BLUE])
    assert await rest(bench) == []
    member.edits(second, caption="/caption")
    params = await next_answer(bench, member)
    assert params["text"] == "1. a red picture\n2. a blue picture"
    assert params["reply_parameters"]["message_id"] == first["message_id"]
    member.edits(first, caption="/caption")
    assert len(await rest(bench)) == 1
