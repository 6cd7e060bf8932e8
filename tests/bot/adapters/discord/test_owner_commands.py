"""Owners decide at run time who may use the bot on Discord, and whether it works at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.chat.owner_commands import OwnerCommand
from bot.locales import say
from bot.store import StoreUnavailable
from tests.bot.adapters.discord.stage import CAPTION, Stage, labels, stage, stranger
from tests.bot.adapters.discord.test_preferences import Broken, access_control
from tests.support.discord_server import DiscordServer, Message
from tests.support.facts import USUAL


@pytest.fixture
async def owned(server: DiscordServer) -> AsyncIterator[Stage]:
    """A bot whose owner is the person who acts."""
    async with stage(server, start=False) as bot:
        await bot.start(access=access_control(owners=f"discord:{bot.person.id}"))
        yield bot


async def pressed(bot: Stage, question: Message, label: str = "button-yes") -> None:
    """Press a button of a question; returns when something stands in its place."""
    edits = question.edits
    custom_id = question.custom_ids[labels(question).index(say(label))]
    await bot.server.press(bot.person, question, custom_id)
    await bot.server.until(lambda: question.edits > edits)


async def test_blocking_a_person_who_was_chosen(
    owned: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    owner, nuisance = owned.person, stranger(owned.server)
    name = f"discord:{nuisance.id}"
    question = await owned.told("owner block", person=nuisance)
    assert question.content == say("block-sure", who=name)
    assert question.ephemeral
    assert labels(question) == [say("button-yes"), say("button-no")]
    await pressed(owned, question)
    assert question.content.startswith(say("block-done", who=name))
    assert question.buttons == []
    assert f"owner discord:{owner.id} blocked {name}" in caplog.text
    owned.person = nuisance
    told = await owned.answered(await owned.use_caption())
    assert told.content == say("blocked")
    assert owned.jobs == []
    owned.person = owner
    lifted = await owned.told("owner lift", id=str(nuisance.id))
    assert lifted.content.startswith(say("lift-done", who=name))
    owned.person = nuisance
    await owned.mention("cat.jpg")
    assert [m.content for m in await owned.said(4) if not m.ephemeral] == [CAPTION]


@pytest.mark.parametrize("written", ["here", "guild"])
async def test_blocking_a_server(owned: Stage, written: str) -> None:
    guild = owned.server.world.guild
    ident = str(guild) if written == "guild" else written
    question = await owned.told("owner block", id=ident)
    assert question.content == say("block-sure", who=f"discord:{guild}")
    await pressed(owned, question)
    owned.person = stranger(owned.server)
    assert (await owned.answered(await owned.use_caption())).content == say("blocked")


@pytest.mark.parametrize("given", ["nothing", "both", "name"])
async def test_nobody_is_blocked_by_mistake(owned: Stage, given: str) -> None:
    somebody = stranger(owned.server)
    options: dict[str, dict[str, Any]]
    options = {"nothing": {}, "both": {"person": somebody, "id": "5"}, "name": {"id": "bob"}}
    told = await owned.told("owner block", **options[given])
    assert told.content == say("access-how-discord")
    assert told.buttons == []


async def test_owners_are_safe_from_themselves(owned: Stage) -> None:
    name = f"discord:{owned.person.id}"
    told = await owned.told("owner block", person=owned.person)
    assert told.content == say("access-owner", who=name)


async def test_others_can_do_nothing(owned: Stage) -> None:
    question = await owned.told("owner pause")
    yes, _ = question.custom_ids
    owned.person = stranger(owned.server)
    for command in OwnerCommand:
        told = await owned.told(
            f"owner {command}", **({"id": "5"} if command.about_somebody else {})
        )
        assert told.content == say("owners-only-command")
        assert told.ephemeral
    told = await owned.answered(await owned.server.press(owned.person, question, yes))
    assert told.content == say("owners-only-command")
    forged = "captionbot:yes:pause:all:captions:0:0000000000"
    await owned.server.press(owned.person, question, forged, forged=True)  # discord.py drops it
    assert question.edits == 0
    assert (await owned.answered(await owned.use_caption())).content == CAPTION


async def test_a_button_that_is_pressed_twice(owned: Stage) -> None:
    question = await owned.told("owner block", id="4711")
    buttons = question.components
    await pressed(owned, question)
    await owned.told("owner lift", id="4711")
    question.components = buttons  # on another device, that has not heard of it
    press = await owned.server.press(owned.person, question, question.custom_ids[0])
    assert (await owned.answered(press)).content == say("confirm-twice")
    assert (await owned.told("owner access")).content.count("–") == 2


async def test_while_it_is_paused_everybody_is_told_the_truth(owned: Stage) -> None:
    question = await owned.told("owner pause")
    await pressed(owned, question)
    resume = "/owner resume"
    assert question.content.startswith(say("pause-done", resume=resume))
    fetched = len(owned.server.downloads)
    owned_person, owned.person = owned.person, stranger(owned.server)
    assert (await owned.answered(await owned.use_caption())).content == say("paused")
    await owned.mention("cat.jpg")
    assert (await owned.said(3))[-1].content == say("paused")
    assert owned.jobs == []
    assert len(owned.server.downloads) == fetched
    owned.person = owned_person
    assert (await owned.told("owner resume")).content == say("resume-done")
    assert (await owned.answered(await owned.use_caption())).content == CAPTION


async def test_no_changes_nothing(owned: Stage) -> None:
    question = await owned.told("owner pause")
    await pressed(owned, question, "button-no")
    assert question.content == say("confirm-no")
    assert (await owned.answered(await owned.use_caption())).content == CAPTION


async def test_help_tells_owners_more(owned: Stage) -> None:
    both = f"{say('help-discord', **USUAL)}\n\n{say('help-owner-discord')}"
    assert (await owned.told("help")).content == both
    owned.person = stranger(owned.server)
    assert (await owned.told("help")).content == say("help-discord", **USUAL)


async def test_the_command_is_shown_to_those_who_manage_a_server(owned: Stage) -> None:
    (command,) = [c for c in owned.server.world.commands if c["name"] == "owner"]
    assert command["default_member_permissions"] == str(1 << 5)  # manage the server
    assert sorted(command["contexts"]) == [0, 1]
    assert not command.get("name_localizations")
    assert command["description_localizations"]["de"] == say("command-owner", "de")
    assert [option["name"] for option in command["options"]] == [*OwnerCommand]


class Away(Broken):
    """A store whose server is away."""

    async def notes(self, key: str, *, keep: bool = False) -> list[str]:  # noqa: ARG002 - it is the store's
        raise StoreUnavailable


async def test_a_store_that_is_away(server: DiscordServer) -> None:
    async with stage(server, start=False) as bot:
        for store in (Away(), None):
            owner = access_control(owners=f"discord:{bot.person.id}")
            bot.service.rules._store = store
            await bot.start(access=owner, store=store)
            for command in ("access", "pause", "resume"):
                told = await bot.told(f"owner {command}")
                assert told.content == say("choices-unavailable")
            await bot.stop()
