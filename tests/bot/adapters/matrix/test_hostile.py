"""What people and their servers could send: nothing of it stops the bot, or reaches elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.matrix import events
from bot.locales import say
from tests.bot.adapters.matrix.stage import ANN, BOB, CAPTION, Stage
from tests.support.facts import USUAL
from tests.support.matrix_server import HOST
from tests.support.photos import photo

DEEP: Any = "x"
for _ in range(80):
    DEEP = {"m.relates_to": DEEP}

MALFORMED: list[Any] = [
    {},
    {"msgtype": None, "body": 5},
    {"msgtype": "m.image"},
    {"msgtype": "m.image", "body": [], "url": {"a": 1}, "info": "large"},
    {"msgtype": "m.image", "body": "a", "url": "https://169.254.169.254/latest/meta-data"},
    {"msgtype": "m.image", "body": "a", "url": "mxc://../../etc/passwd"},
    {"msgtype": "m.image", "body": "a", "url": f"mxc://{HOST}/a?allow_remote=true#x"},
    {"msgtype": "m.image", "body": "a", "url": f"mxc://{HOST}/../../v3/logout"},
    {"msgtype": "m.text", "body": "x" * 60_000},
    {"msgtype": "m.text", "body": "!" * 60_000},
    {"msgtype": "m.text", "body": "\u0000\u202e!caption\ud7ff"},
    {"msgtype": "m.text", "body": "a", "m.relates_to": "m.thread"},
    {"msgtype": "m.text", "body": "a", "m.mentions": {"user_ids": [1, None, {}]}},
    {"msgtype": "m.text", "body": "a", "m.mentions": ["@room"]},
    {"msgtype": "m.text", "body": "!caption", "m.relates_to": {"m.in_reply_to": {"event_id": 1}}},
    {"msgtype": "m.text", "body": "a", "m.relates_to": {"rel_type": "m.thread", "event_id": []}},
    DEEP,
]


async def test_malformed_events_are_passed_over(bot: Stage) -> None:
    room = bot.server.room(ANN, BOB)
    for body in MALFORMED:
        bot.server.sends(room, BOB, body)
        bot.server.sends(room, BOB, body, "m.reaction")
        bot.server.sends(room, BOB, body, "m.room.redaction")
    bot.server.sends(room, BOB, {"body": "a"}, "m.sticker", unsigned="old")
    bot.server.photo(room, ANN, photo(), "!caption")
    await bot.server.until(lambda: CAPTION in bot.server.texts(room))
    assert all("/download/" not in call.path or HOST in call.path for call in bot.server.calls)
    assert len(bot.server.made("/download/")) == 1


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_whatever_is_read_is_what_it_says(body: Any) -> None:
    source = {"type": "m.room.message", "event_id": "$a", "sender": ANN, "content": body}
    message = events.read(source)
    if message is not None:
        assert message.picture is None
        assert all(isinstance(one, str) for one in message.mentioned)
    assert events.reaction(source)[0] == ""
    assert events.redacted(source) == ""


@pytest.mark.parametrize(
    "source",
    [{}, {"content": None}, {"type": [], "content": 1}, {"type": "m.room.message", "sender": 5}],
)
def test_what_is_no_message(source: Any) -> None:
    assert events.read(source) is None
    assert events.age(source) == 0


@pytest.mark.parametrize(
    ("text", "anywhere", "found"),
    [
        ("!caption", False, ("caption", "")),
        ("!Language  Français \n", False, ("language", "Français")),
        ("hey !caption", False, ("", "")),
        ("CaptionBot: !caption", True, ("caption", "")),
        ("!" + "a" * 300, True, ("", "")),
        ("!!", False, ("", "")),
    ],
)
def test_commands_in_a_text(text: str, anywhere: bool, found: tuple[str, str]) -> None:
    message = events.RoomMessage(event="$a", sender=ANN, text=text)
    assert message.command(anywhere=anywhere) == found


async def test_what_is_no_picture_is_refused_in_a_sentence(bot: Stage) -> None:
    for data, how, text in (
        (b"%PDF-1.7", {"kind": "application/pdf"}, say("unsupported", kind="pdf")),
        (b"hello", {"kind": "image/png"}, say("not_an_image")),
        (photo(), {"kind": "text/html"}, say("not_an_image")),
        (photo(), {"size": 10**12}, say("too_large", limit=20)),
        (b"", {}, say("empty")),
    ):
        before = len(bot.server.said(bot.direct))
        bot.server.photo(bot.direct, ANN, data, **how)
        assert (await bot.said(before + 1))[-1] == text


async def test_a_type_that_is_wrong_does_not_matter_where_the_file_is_a_picture(
    bot: Stage,
) -> None:
    bot.server.photo(bot.direct, ANN, photo(), kind="image/gif; charset=utf-8")
    assert await bot.said() == [CAPTION]


async def test_a_size_that_is_a_lie_does_not_matter(bot: Stage) -> None:
    bot.server.photo(bot.direct, ANN, b"\xff\xd8\xff" + bytes(20_000_001), size=5)
    assert await bot.said() == [say("too_large", limit=20)]


async def test_a_photo_that_is_not_there(bot: Stage) -> None:
    body = {"msgtype": "m.image", "body": "a", "url": f"mxc://{HOST}/gone", "info": {}}
    bot.server.sends(bot.direct, ANN, body)
    assert await bot.said() == [say("photo-removed")]


@pytest.mark.parametrize("kind", ["m.key.verification.request", "m.server_notice", "m.bad", ""])
async def test_what_programs_tell_each_other_is_no_question(bot: Stage, kind: str) -> None:
    bot.server.sends(bot.direct, ANN, {"msgtype": kind, "body": "!help"})
    assert await bot.told("!privacy") == say("privacy", delete="!delete", **USUAL)


async def test_stickers_files_and_sounds(bot: Stage) -> None:
    url = bot.server.file(photo())
    bot.server.sends(bot.direct, ANN, {"body": "a cat", "url": url, "info": {}}, "m.sticker")
    assert await bot.said() == [CAPTION]
    for body, text in (
        ({"msgtype": "m.file", "body": "a.zip", "info": {"mimetype": "application/zip"}},
         say("not_an_image")),
        ({"msgtype": "m.video", "body": "a.mp4", "info": {"mimetype": "video/mp4"}},
         say("unsupported", kind="video")),
        ({"msgtype": "m.audio", "body": "a.ogg"}, say("not-a-photo").replace("/help", "!help")),
    ):  # fmt: skip
        before = len(bot.server.said(bot.direct))
        bot.server.sends(bot.direct, ANN, {"url": bot.server.file(b"PK"), **body})
        assert (await bot.said(before + 1))[-1] == text


async def test_what_a_caption_says_pings_nobody(bot: Stage) -> None:
    bot.server.photo(bot.direct, ANN, photo(), "!caption @room")
    await bot.said()  # the server checks that the list of mentions is empty
