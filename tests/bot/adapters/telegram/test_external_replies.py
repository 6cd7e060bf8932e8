"""Replies that quote a message of another chat or topic: its picture is what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, GIF, Bench
from tests.bot.adapters.telegram.steps import next_answer, rest
from tests.support.photos import photo

STORY = {"chat": {"id": 5, "type": "private", "first_name": "Ann"}, "id": 1}
PAID = {"star_count": 5, "paid_media": [{"type": "preview", "width": 9, "height": 9}]}


def original(bench: Bench) -> dict[str, Any]:
    """A photo as it is somewhere else."""
    return {"photo": bench.server.person().sends_photo(photo(seed=7))["photo"]}


@pytest.mark.parametrize("text", ["/caption", "@loopback_caption_bot what is it?"])
async def test_quoted_photo_is_captioned(bench: Bench, text: str) -> None:
    member = bench.server.member(bench.server.group())
    asked = member.quotes(text, **original(bench))
    params = await next_answer(bench, member)
    assert params["text"] == CAPTION
    assert params["reply_parameters"]["message_id"] == asked["message_id"]
    answer = bench.server.made(chat_id=member.chat_id)[0].result
    member.presses(answer, say("button-attention"))
    await bench.server.until(lambda: bench.server.made("sendAnimation"))
    assert bench.server.made("sendAnimation")[0].files["animation"].data == GIF


async def test_quoted_photo_in_private_needs_no_command(bench: Bench) -> None:
    person = bench.server.person()
    person.quotes("look", **original(bench))
    assert (await next_answer(bench, person))["text"] == CAPTION


async def test_quoted_spoiler_stays_covered(bench: Bench) -> None:
    person = bench.server.person()
    person.quotes("look", **original(bench), has_media_spoiler=True)
    params = await next_answer(bench, person)
    assert [e["type"] for e in params["entities"]] == ["spoiler"]


async def test_quoted_file_is_looked_at(bench: Bench) -> None:
    person = bench.server.person()
    document = bench.server.person().sends_file(photo(), name="x", mime=None)["document"]
    person.quotes("look", document=document)
    assert (await next_answer(bench, person))["text"] == CAPTION


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"story": STORY}, say("hidden-from-bots")),
        ({"paid_media": PAID}, say("hidden-from-bots")),
        ({}, say("nothing-to-caption", command="/caption")),
        (
            {"voice": {"file_id": "F", "file_unique_id": "U", "duration": 2}},
            say("unsupported", kind="audio"),
        ),
    ],
)
async def test_what_cannot_be_captioned_and_why(bench: Bench, what: Any, why: str) -> None:
    member = bench.server.member(bench.server.group())
    member.quotes("/caption", **what)
    assert (await next_answer(bench, member))["text"] == why


async def test_idle_talk_about_something_quoted(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    member.quotes("nice", photo=member.sends_photo(photo())["photo"])
    assert await rest(bench) == []
