"""Owners decide at run time who may use the bot on Matrix; reactions confirm it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.locales import say
from tests.bot.adapters.matrix.stage import ANN, BOB, CAPTION, EVE, Stage, stage
from tests.bot.adapters.telegram.steps import access_control
from tests.support.matrix_server import BOT, MatrixServer

OWNER = f"matrix:{ANN}"
_MENTION: dict[str, Any] = {"m.mentions": {"user_ids": [BOT]}}


async def asked(bot: Stage, text: str, room: str = "", **how: str) -> str:
    """The event of the question that a command of the owner is answered with."""
    said = await bot.told(text, room, **how)
    assert said.endswith(f"✅ {say('button-yes')}  ❌ {say('button-no')}")
    return str(bot.server.said(room or bot.direct)[-1]["event_id"])


async def reacted(bot: Stage, question: str, key: str, person: str = ANN) -> str:
    """What the bot says to a reaction in the owner's room."""
    before = len(bot.server.said(bot.direct))
    bot.server.reacts(bot.direct, person, question, key)
    return (await bot.said(before + 1))[before]


async def test_blocking_and_lifting(server: MatrixServer) -> None:
    async with stage(server, access=access_control(owners=OWNER)) as bot:
        name, alone = f"matrix:{EVE}", server.room(EVE)
        question = await asked(bot, f"!block {EVE}")
        assert (await reacted(bot, question, "✅")).startswith(say("block-done", who=name))
        assert await bot.told("!caption", alone, EVE) == say("blocked")
        assert await reacted(bot, question, "👍") == say("confirm-twice")
        assert (await bot.told(f"!lift {EVE}")).startswith(say("lift-done", who=name))
        assert await bot.told("!start", alone, EVE) != say("blocked")


async def test_who_wrote_a_message_and_the_whole_room(server: MatrixServer) -> None:
    async with stage(server, access=access_control(owners=OWNER)) as bot:
        room, us = server.room(ANN, BOB, EVE), _MENTION
        rude = server.says(room, BOB, "rude words")
        reply: dict[str, Any] = {"m.relates_to": {"m.in_reply_to": {"event_id": rude}}}
        said = await bot.told("!block", room, **us, **reply)
        assert said.startswith(say("block-sure", who=f"matrix:{BOB}"))
        said = await bot.told("!block here", room, **us)
        assert said.startswith(say("block-sure", who=f"matrix:{room}".lower()))
        server.reacts(room, BOB, str(server.said(room)[-1]["event_id"]), "✅")
        server.reacts(room, ANN, str(server.said(room)[-1]["event_id"]), "✅")
        await bot.server.until(lambda: len(server.said(room)) == 3)
        server.photo(room, EVE, b"never fetched", "!caption")
        assert await bot.told("!access") != ""
        assert len(server.said(room)) == 3
        assert bot.jobs == []


async def test_pausing(server: MatrixServer) -> None:
    async with stage(server, access=access_control(owners=OWNER)) as bot:
        assert await reacted(bot, await asked(bot, "!pause"), "❌") == say("confirm-no")
        done = await reacted(bot, await asked(bot, "!pause"), "✅")
        assert done.startswith(say("pause-done", resume="!resume"))
        before = len(server.said(bot.direct))
        bot.send_photo()
        assert (await bot.said(before + 1))[-1] == say("paused")
        assert await bot.told("!resume") == say("resume-done")
        bot.send_photo(seed=1)
        assert (await bot.said(before + 3))[-1] == CAPTION


@pytest.mark.parametrize("command", ["!access", "!block 5", "!pause", "!stats"])
async def test_others_learn_nothing(server: MatrixServer, command: str) -> None:
    async with stage(server, access=access_control(owners=OWNER)) as bot:
        alone, room = server.room(EVE), server.room(ANN, BOB, EVE)
        text = "owners-only" if command == "!stats" else "owners-only-command"
        assert (await bot.told(command, alone, EVE)).replace("!", "/") == say(text)
        server.says(room, EVE, command, **_MENTION)
        await bot.rest()
        assert server.said(room) == []


async def test_help_and_how(server: MatrixServer) -> None:
    async with stage(server, access=access_control(owners=OWNER)) as bot:
        assert "!block @alice:example.org" in await bot.told("!help")
        how = say("access-how", command="!block", example="@alice:example.org")
        assert await bot.told("!block alice") == how
