"""What people see until an answer comes, and how many they may ask for."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.discord.messenger import DiscordMessenger
from bot.locales import say
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.bot.adapters.discord.stage import CAPTION, Stage, stage
from tests.support.discord_server import DiscordServer, Interaction
from tests.support.scripted_worker import scripted_worker


async def accepted(bot: Stage, count: int) -> None:
    """Wait until so many photos are on the queue."""
    async with asyncio.timeout(60):
        while await bot.queue.depth() < count:
            await asyncio.sleep(0.01)


async def waits(bot: Stage, interaction: Interaction) -> str:
    """What stands in an answer's place before it is there."""
    message = await bot.answered(interaction)
    return message.content


async def test_typing_is_shown_until_the_answer(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DiscordMessenger, "every", 0.02)
    bot.script.working.clear()
    for name in ("cat.jpg", "dog.jpg"):  # however many wait, it is shown once
        await bot.mention(name)
    await bot.server.until(lambda: len(bot.server.calls("POST", "/typing")) >= 3)
    bot.script.working.set()
    await bot.said(2)
    await bot.emptied()
    shown = len(bot.server.calls("POST", "/typing"))
    await asyncio.sleep(0.1)
    # one may have been on its way
    assert len(bot.server.calls("POST", "/typing")) <= shown + 1


async def test_discord_itself_shows_that_a_command_is_being_answered(bot: Stage) -> None:
    await bot.answered(await bot.use_caption())
    assert bot.server.calls("POST", "/typing") == []


async def test_place_in_the_queue_where_more_than_one_is_ahead(bot: Stage) -> None:
    bot.script.working.clear()
    for count in (1, 2, 3):
        await bot.mention(attachments=[bot.photos(*"abc")[count - 1]])
        await accepted(bot, count)
    interaction = await bot.use_caption(name="cat.jpg")
    assert await waits(bot, interaction) == say("waiting", ahead=3)
    original = interaction.original
    assert original is not None
    assert len(original.attachments) == 1  # it is to be seen already
    bot.script.working.set()
    await bot.server.until(lambda: original.content == CAPTION)
    assert len(original.attachments) == 1
    await bot.emptied()


async def test_one_ahead_is_not_worth_a_word(bot: Stage) -> None:
    bot.script.working.clear()
    await bot.mention("dog.jpg")
    await accepted(bot, 1)
    interaction = await bot.use_caption()
    await bot.server.until(lambda: bool(interaction.original and interaction.original.attachments))
    assert interaction.original is not None
    assert interaction.original.content == ""


async def test_worker_that_is_waking_up(server: DiscordServer) -> None:
    async with stage(server, worker=False) as bot:
        await bot.queue.announce("sleepy", ready=False)
        interaction = await bot.use_caption()
        assert await waits(bot, interaction) == say("waking")
        async with scripted_worker(bot.queue, bot.script):
            original = interaction.original
            await server.until(lambda: original is not None and original.content == CAPTION)
            await bot.emptied()


async def test_photo_that_waits_for_a_worker(server: DiscordServer) -> None:
    async with stage(server, worker=False) as bot:
        interaction = await bot.use_caption()
        assert await waits(bot, interaction) == say("photo-waits")
        await bot.queue.announce("killed", ready=True)  # and silent from then on
        asked = await bot.mention("dog.jpg")
        await server.until(lambda: any(m.reference is asked for m in server.said(bot.channel)))
        (note,) = [m for m in server.said(bot.channel) if m.reference is asked]
        assert note.content == say("photo-waits")
        async with scripted_worker(bot.queue, bot.script):
            original = interaction.original
            await server.until(lambda: original is not None and original.content == CAPTION)
            await server.until(lambda: note.deleted)
            await bot.emptied()
        answers = [m.content for m in server.said(bot.channel) if not m.deleted]
        assert answers == [CAPTION, CAPTION]


async def test_too_often_is_refused_with_a_time(server: DiscordServer) -> None:
    async with stage(server, limits={"person_per_minute": 1}) as bot:
        await bot.answered(await bot.use_caption())
        message = await bot.answered(await bot.use_caption(name="b.jpg"))
        assert message.content.startswith("That was a lot in a short time.")
        assert message.attachments == []


async def test_channels_have_a_limit_of_their_own(server: DiscordServer) -> None:
    async with stage(server, limits={"chat_per_minute": 1}) as bot:
        await bot.answered(await bot.use_caption())
        message = await bot.answered(await bot.use_caption(name="b.jpg"))
        assert message.content.startswith("That was a lot in a short time.")
        # A person's own messages are nobody else's business.
        for _ in range(2):
            direct = await bot.use_caption(channel=server.world.dm(bot.person))
            assert (await bot.answered(direct)).content == CAPTION


async def test_person_with_too_much_in_flight_hears_of_it_alone(server: DiscordServer) -> None:
    async with stage(server, MemoryQueue(Limits(per_person=1))) as bot:
        bot.script.working.clear()
        await bot.mention("cat.jpg")
        await accepted(bot, 1)
        message = await bot.answered(await bot.use_caption(private=True))
        assert message.content == say("person-busy")
        assert message.ephemeral
