"""Every way to ask on Matrix, and silence where nobody asked."""

from __future__ import annotations

import pytest

from bot.chat.access_control import AccessControl
from bot.locales import say
from bot.settings import Settings
from tests.bot.adapters.matrix.stage import ANN, BOB, CAPTION, EVE, GIF, Stage, stage
from tests.support.facts import USUAL
from tests.support.matrix_server import BOT, HOST, MatrixServer
from tests.support.photos import photo


def access(**lists: str) -> AccessControl:
    names = {f"CAPTIONBOT_{name.upper()}": value for name, value in lists.items()}
    return AccessControl(Settings(_env_file=None, **names))  # type: ignore[call-arg, arg-type]  # by alias


async def test_a_photo_is_captioned_at_once_where_somebody_is_alone_with_the_bot(
    bot: Stage,
) -> None:
    event = bot.send_photo()
    assert await bot.said() == [CAPTION]
    (said,) = bot.server.said(bot.direct)
    assert said["msgtype"] == "m.notice"
    assert said["m.mentions"] == {}
    assert said["m.relates_to"] == {"m.in_reply_to": {"event_id": event}}
    assert bot.server.made("/_matrix/client/v1/media/download/")
    assert (bot.direct, True) in bot.server.typing
    assert bot.server.typing[-1] == (bot.direct, False)


async def test_in_a_room_only_what_is_asked_is_answered(bot: Stage) -> None:
    room = bot.server.room(ANN, BOB)
    event = bot.server.photo(room, ANN, photo())
    bot.server.says(room, BOB, "what a dog!")
    bot.server.says(room, BOB, "!help")  # other bots have that command, too
    thread = {"reply_to": event, "thread": "$root"}
    bot.server.says(room, BOB, "> <@ann> sent an image\n\n!caption", **thread)
    assert await bot.said(1, room) == [CAPTION]
    (said,) = bot.server.said(room)
    relation = said["m.relates_to"]
    assert relation["m.in_reply_to"] == {"event_id": event}
    assert (relation["rel_type"], relation["event_id"]) == ("m.thread", "$root")


@pytest.mark.parametrize("how", ["below", "reply", "old"])
async def test_a_mention_asks(bot: Stage, how: str) -> None:
    room = bot.server.room(ANN, BOB)
    if how == "below":
        bot.server.photo(room, BOB, photo(), "CaptionBot: this?", mentions=(BOT,))
    elif how == "reply":
        event = bot.server.photo(room, ANN, photo())
        bot.server.says(room, BOB, "CaptionBot", reply_to=event, mentions=(BOT,))
    else:
        bot.server.photo(room, BOB, photo(), f"{BOT}: this?")
    assert await bot.said(1, room) == [CAPTION]


async def test_commands_below_a_photo(bot: Stage) -> None:
    bot.send_photo("!alt")
    (said,) = await bot.said()
    assert said.startswith("A house under a bright sun. (Described by a program")


async def test_attention_by_a_command_and_by_a_reaction(bot: Stage) -> None:
    room = bot.server.room(ANN, BOB)
    event = bot.server.photo(room, ANN, photo())
    bot.server.reacts(room, BOB, event, "🔍")  # in company only at what the bot says
    bot.server.says(room, BOB, "!caption", reply_to=event)
    await bot.said(1, room)
    answer = bot.server.said(room)[0]["event_id"]
    bot.server.reacts(room, BOB, answer, "👍")
    bot.server.reacts(room, BOB, answer, "🔍️")
    await bot.said(2, room)
    bot.server.says(room, BOB, "!attention", reply_to=answer)
    await bot.said(3, room)
    for said in bot.server.said(room)[1:]:
        assert said["msgtype"] == "m.image"
        assert said["body"] == say("attention", caption=CAPTION)
        assert said["info"]["mimetype"] == "image/gif"
        assert said["m.relates_to"] == {"m.in_reply_to": {"event_id": event}}
        assert bot.server.files[said["url"].rsplit("/", 1)[1]] == GIF


async def test_commands_that_are_not_about_a_photo(bot: Stage) -> None:
    assert await bot.told("!help") == say("help-matrix", **USUAL)
    assert await bot.told("!privacy") == say("privacy", delete="!delete", **USUAL)
    assert "Write !voice on" in await bot.told("!voice")
    offer = await bot.told("!language")
    now = say("language-now", bot="English", captions="English")
    assert offer.startswith(f"{now}\n{say('language-ask')}")
    assert f"!language de: {say('language-name', 'de')}" in offer
    assert "!language auto" not in offer  # no app says what somebody reads
    chosen = await bot.told("!language Deutsch")
    assert chosen.startswith(say("language-chosen", "de"))
    assert await bot.told("!help") == say("help-matrix", "de", **USUAL)
    assert await bot.told("hello") == say("not-a-photo", "de").replace("/help", "!help")
    assert await bot.told("!delete") == say("deleted", "de")
    assert await bot.told("!stats") == say("owners-only").replace("/stats", "!stats")
    room = bot.server.room(ANN, BOB)
    assert await bot.told("CaptionBot !help", room, mentions=(BOT,)) == say("help-matrix", **USUAL)


async def test_command_without_a_photo_names_itself(bot: Stage) -> None:
    said = say("nothing-to-caption", command="/alt").replace("/alt", "!alt")
    assert await bot.told("!alt") == said


async def test_what_is_said_of_a_spoiler_is_covered(bot: Stage) -> None:
    info = {"mimetype": "image/jpeg"}
    image = {"msgtype": "m.image", "body": "x.jpg", "url": bot.server.file(photo()), "info": info}
    event = bot.server.sends(bot.direct, ANN, image | {"m.spoiler": True})
    assert await bot.said() == ["…"]  # what programs show that can cover nothing
    (said,) = bot.server.said(bot.direct)
    assert said["formatted_body"] == f"<span data-mx-spoiler>{CAPTION}</span>"
    bot.server.says(bot.direct, ANN, "!attention", reply_to=event)
    await bot.said(2)
    drawn = bot.server.said(bot.direct)[1]
    assert drawn["m.spoiler"] is True
    assert CAPTION not in drawn["body"]
    assert f"<span data-mx-spoiler>{CAPTION}</span>" in drawn["formatted_body"]


async def test_voice_is_read_aloud(bot: Stage) -> None:
    bot.server.says(bot.direct, ANN, "!voice on")
    await bot.said(2)
    sound = bot.server.said(bot.direct)[1]
    assert sound["msgtype"] == "m.audio"
    assert bot.server.files[sound["url"].rsplit("/", 1)[1]].startswith(b"OggS")


async def test_auto_is_for_moderators(bot: Stage) -> None:
    room = bot.server.room(ANN, BOB, levels={ANN: 50})
    assert await bot.told("!auto on", room, BOB) == say("auto-not-allowed-matrix")
    assert await bot.told("!auto", room, ANN) == say("auto-how-matrix")
    assert await bot.told("!auto on", room, ANN) == say("auto-on-matrix")
    bot.server.says(room, BOB, "no photo")
    bot.server.photo(room, BOB, photo())
    assert await bot.said(4, room) == [*bot.server.texts(room)[:3], CAPTION]
    bot.server.photo(room, BOB, b"\xff\xd8\xff broken")  # what nobody asked for is not refused
    assert await bot.told("!auto off", room, ANN) == say("auto-off")
    bot.server.kicks(room)
    await bot.rest()


async def test_invitations_of_those_who_may_use_the_bot(server: MatrixServer) -> None:
    async with stage(server, start=False) as bot:
        await bot.start(access=access(allow=f"matrix:{ANN}"))
        wanted, other = server.invites(ANN), server.invites(EVE)
        await server.until(lambda: server.rooms[wanted].members[BOT] == "join")
        await server.until(lambda: server.rooms[other].members[BOT] == "leave")
        server.photo(wanted, ANN, photo())
        assert await bot.said(1, wanted) == [CAPTION]
        mixed = server.room(ANN, EVE)
        server.photo(mixed, EVE, photo(), "!caption")
        alone = server.room(EVE)
        assert await bot.told("!caption", alone, EVE) == say("not-admitted")
        assert await bot.told("!privacy", alone, EVE) == say("privacy", delete="!delete", **USUAL)
        assert server.texts(mixed) == []


async def test_encrypted_messages_cannot_be_read_and_that_is_said_once(bot: Stage) -> None:
    secret = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "A", "session_id": "s"}
    secret |= {"sender_key": "k", "device_id": "d"}
    for _ in range(3):
        bot.server.sends(bot.direct, ANN, secret, "m.room.encrypted")
    assert await bot.said() == [say("encrypted-matrix")]
    await bot.told("!start")
    assert bot.server.texts(bot.direct).count(say("encrypted-matrix")) == 1


async def test_an_encrypted_file_in_a_room_that_is_not(bot: Stage) -> None:
    body = {"msgtype": "m.image", "body": "x.jpg", "file": {"url": f"mxc://{HOST}/a", "key": {}}}
    bot.server.sends(bot.direct, ANN, body)
    assert await bot.said() == [say("encrypted-matrix")]


async def test_edits_and_programs_ask_nothing(bot: Stage) -> None:
    first = bot.server.says(bot.direct, ANN, "!start")
    await bot.said()
    edit = {"m.relates_to": {"rel_type": "m.replace", "event_id": first}}
    bot.server.sends(bot.direct, ANN, {"msgtype": "m.text", "body": "* !help", **edit})
    bot.server.sends(bot.direct, ANN, {"msgtype": "m.notice", "body": "!help"})
    assert await bot.told("!privacy") == say("privacy", delete="!delete", **USUAL)


async def test_an_answer_goes_with_its_photo(bot: Stage) -> None:
    room = bot.server.room(ANN, BOB)
    event = bot.server.photo(room, ANN, photo())
    bot.server.says(room, BOB, "!caption", reply_to=event)
    await bot.said(1, room)
    await bot.emptied()
    bot.server.redacts(room, ANN, event)
    await bot.server.until(lambda: not bot.server.said(room))


async def test_a_photo_that_is_gone_before_its_answer_gets_none(bot: Stage) -> None:
    bot.script.working.clear()
    event = bot.send_photo()
    await bot.server.until(lambda: bot.server.made("/download/"))
    bot.server.redacts(bot.direct, ANN, event)
    await bot.told("!start")  # it comes behind, so the bot knows by now
    bot.script.working.set()
    await bot.emptied()
    assert CAPTION not in bot.server.texts(bot.direct)


async def test_old_homeservers_have_files_elsewhere(server: MatrixServer) -> None:
    server.versions = ["r0.6.1", "v1.10"]
    async with stage(server) as bot:
        bot.send_photo()
        assert await bot.said() == [CAPTION]
        assert server.made("/_matrix/media/v3/download/")


async def test_limits_are_those_of_every_platform(server: MatrixServer) -> None:
    async with stage(server, person_per_minute=1) as bot:
        bot.send_photo(seed=1)
        await bot.said()
        for seed in (2, 3):
            bot.send_photo(seed=seed)
        said = await bot.said(2)
        assert said[1].startswith(say("slow-down", seconds=60)[:30])
        await bot.rest()
        assert len(server.made("/download/")) == 1
