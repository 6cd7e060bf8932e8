"""What was asked while the bot was away, or ended with the question in hand."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.adapters.discord import interactions
from bot.chat import pending
from bot.locales import say
from bot.store import StoreUnavailable
from tests.bot.adapters.discord.stage import CAPTION, Stage
from tests.support.discord_server import Interaction

LONG = 30.0  # seconds to wait for what is sure to come


async def test_mention_of_while_the_bot_was_away_is_answered(bot: Stage) -> None:
    await bot.stop()
    asked = await bot.mention("cat.jpg")
    await bot.mention()  # a question without a picture is not worth coming back to
    await bot.start()
    (answer,) = await bot.said()
    assert answer.content == CAPTION
    assert answer.reference is asked
    assert len(bot.jobs) == 1


async def test_mention_in_a_busy_channel_is_found_however_much_was_said_since(bot: Stage) -> None:
    """Discord gives a hundred messages at a time."""
    await bot.mention("cat.jpg")
    await bot.said(1)
    await bot.stop()
    missed = []
    for _ in range(3):
        missed.append(await bot.mention("dog.jpg"))
        for _ in range(100):
            await bot.server.post(bot.person, bot.channel, "what a lovely day")
    await bot.start()
    answers = await bot.said(4)
    about = [answer.reference.id for answer in answers[1:] if answer.reference]
    assert sorted(about) == [message.id for message in missed]


async def test_what_was_answered_before_is_not_looked_at_again(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    await bot.said(1)
    await bot.stop()
    other = await bot.mention("dog.jpg", "cow.jpg")
    await bot.start()
    _, second = await bot.said(2)
    assert second.reference is other
    assert len(bot.jobs) == 2


async def test_private_message_of_while_the_bot_was_away_is_answered(bot: Stage) -> None:
    direct = bot.server.world.dm(bot.person)
    await bot.mention("cat.jpg", channel=direct)
    await bot.server.until(lambda: len(bot.server.said(direct)) == 1)
    for count in (2, 3):
        await bot.stop()
        await bot.mention("dog.jpg", channel=direct)
        await bot.start()
        await bot.server.until(lambda n=count: len(bot.server.said(direct)) == n)  # type: ignore[misc]  # mypy knows no defaults in a lambda


async def test_command_that_was_in_hand_when_the_bot_ended_is_answered(bot: Stage) -> None:
    bot.server.cdn_open.clear()
    asked = await bot.use_caption()
    await bot.server.until(lambda: bool(bot.server.downloads))
    await bot.stop()
    assert asked.original is not None
    assert asked.original.loading, "somebody is told that the bot thinks"
    bot.server.cdn_open.set()
    await bot.start()
    assert (await bot.answered(asked)).content == CAPTION
    assert len(bot.jobs) == 1


async def test_acknowledgement_is_repeated_where_the_connection_breaks(bot: Stage) -> None:
    fault = bot.server.fail("POST", "/callback", 0)
    assert (await bot.answered(await bot.use_caption())).content == CAPTION
    assert fault.times == 0


async def test_channel_that_may_not_be_read_stops_nothing(bot: Stage) -> None:
    await bot.stop()
    await bot.mention("cat.jpg")
    fault = bot.server.fail("GET", "/messages$", 403, code=50001)
    await bot.start()
    await bot.server.until(lambda: fault.times == 0)
    assert (await bot.answered(await bot.use_caption())).content == CAPTION
    assert len(bot.jobs) == 1


async def test_command_of_a_bot_that_ended_before_it_answered_discord(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord has told its person that the application did not respond."""
    asked = await ended_with_a_command(bot, monkeypatch, acknowledged=False)
    assert await notes(bot)
    await bot.start()
    await until_forgotten(bot)
    assert not asked.acknowledged
    assert not bot.jobs


async def test_command_of_a_bot_that_ended_as_soon_as_it_had_answered_discord(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ended_with_a_command(bot, monkeypatch, acknowledged=True)
    await bot.start()
    answer = await bot.answered(asked)
    assert answer.content == CAPTION
    assert str(answer.id) in json.dumps(answer.components), "its buttons find the photo"
    await until_forgotten(bot)


async def test_questions_left_behind_are_found_however_late_the_store_is_there(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ended_with_a_command(bot, monkeypatch, acknowledged=True)
    real, failures = bot.store.notes, iter([True] * 3)

    async def late(what: str, *, keep: bool = False) -> list[str]:
        if next(failures, False):
            raise StoreUnavailable("it is away")
        return await real(what, keep=keep)

    monkeypatch.setattr(bot.store, "notes", late)
    monkeypatch.setattr(pending, "_PAUSE", 0.01)
    await bot.start()
    assert (await bot.answered(asked)).content == CAPTION


async def test_command_that_cannot_be_noted_is_refused_at_once(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("it is away")

    monkeypatch.setattr(bot.store, "leave", away)
    asked = await bot.use_caption()
    await bot.server.until(lambda: asked.original is not None)
    assert asked.original is not None
    assert asked.original.content == say("queue-unavailable", seconds=30)
    assert asked.original.ephemeral
    assert not bot.jobs


async def ended_with_a_command(
    bot: Stage, monkeypatch: pytest.MonkeyPatch, *, acknowledged: bool
) -> Interaction:
    """A command during which the bot ended, before or after it told Discord to wait."""
    reached, real = asyncio.Event(), interactions._acknowledge

    async def hold(*arguments: Any, **options: Any) -> None:
        if acknowledged:
            await real(*arguments, **options)
        reached.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(interactions, "_acknowledge", hold)
        asked = await bot.use_caption()
        await reached.wait()
        await bot.stop()
    return asked


async def until_forgotten(bot: Stage) -> None:
    """Nothing is left for another process to look after."""
    async with asyncio.timeout(LONG):
        while await notes(bot):
            await asyncio.sleep(0.02)


async def notes(bot: Stage) -> list[str]:
    """What was left for the next process."""
    return [note for key in [*bot.store._notes] for note in await bot.store.notes(key)]
