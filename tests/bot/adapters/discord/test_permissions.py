"""What the bot may not do is said by its name, to the person who asked and to nobody else."""

from __future__ import annotations

import pytest

from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage, stage
from tests.support.discord_server import DiscordServer, Message
from tests.support.discord_server.world import (
    ATTACH_FILES,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    USUAL,
    VIEW_CHANNEL,
)


async def told_in_private(bot: Stage) -> Message:
    """What the bot tells the person alone."""
    server = bot.server
    channel = server.world.dm(bot.person)
    await server.until(lambda: bool(server.said(channel)))
    return server.said(channel)[0]


@pytest.mark.parametrize(
    ("lacking", "name"), [(SEND_MESSAGES, "Send Messages"), (VIEW_CHANNEL, "View Channels")]
)
async def test_channel_that_it_may_not_write_in(bot: Stage, lacking: int, name: str) -> None:
    await bot.server.grant(USUAL & ~lacking)
    await bot.mention("cat.jpg")
    told = await told_in_private(bot)
    assert name in told.content
    assert f"<#{bot.channel.id}>" in told.content
    assert CAPTION not in told.content
    await bot.emptied()
    assert bot.server.said(bot.channel) == []


async def test_thread_that_it_may_not_write_in(server: DiscordServer) -> None:
    thread = server.world.thread()
    async with stage(server) as bot:
        await server.grant(USUAL & ~SEND_IN_THREADS)
        await bot.mention("cat.jpg", channel=thread)
        assert "Send Messages in Threads" in (await told_in_private(bot)).content


async def test_somebody_who_takes_no_messages(bot: Stage) -> None:
    bot.server.world.closed.add(bot.person.id)
    await bot.server.grant(USUAL & ~SEND_MESSAGES)
    await bot.mention("cat.jpg")
    await bot.emptied()
    await bot.server.grant(USUAL)
    await bot.mention("dog.jpg")
    assert [m.content for m in await bot.said()] == [CAPTION]


async def test_pictures_that_it_may_not_attach(bot: Stage) -> None:
    await bot.server.grant(USUAL & ~ATTACH_FILES)
    message = await bot.answered(await bot.use_caption())
    assert message.content == CAPTION  # the photo is missing, the caption is not
    await bot.mention("cat.jpg")
    answer = (await bot.said(2))[-1]
    picture = await bot.pressed(answer, 0)
    assert picture.attachments == []
    assert say("cannot-attach-discord", permission="Attach Files") in picture.content
    await bot.emptied()


async def test_picture_that_is_too_large_for_the_place(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    bot.server.upload_limit = 10
    picture = await bot.pressed(answer, 0)
    assert picture.attachments == []
    assert say("too-large-to-send", limit=1) in picture.content
    uploads = [r for r in bot.server.rest.received if r.uploads]
    assert uploads == []  # it was not even tried


async def test_picture_that_discord_finds_too_large_after_all(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    bot.server.rest.posting.largest_upload = 10
    picture = await bot.pressed(answer, 0)
    assert picture.attachments == []
    assert CAPTION in picture.content
    await bot.emptied()


async def test_bot_that_people_take_along_answers_where_it_is_no_member(bot: Stage) -> None:
    elsewhere = bot.server.world.elsewhere()
    message = await bot.answered(await bot.use_caption(channel=elsewhere))
    await bot.server.until(lambda: bool(message.attachments))
    assert message.content == CAPTION
    picture = await bot.pressed(message, 0)
    assert picture.attachments
    for name in ("Caption this image", "Show attention"):
        target = await bot.server.post(bot.person, elsewhere, attachments=bot.photos("a.jpg"))
        answer = await bot.answered(await bot.server.choose(bot.person, target, name))
        assert CAPTION in answer.content


async def test_answer_that_comes_too_late_where_it_is_no_member(bot: Stage) -> None:
    elsewhere = bot.server.world.elsewhere()
    bot.script.working.clear()
    interaction = await bot.use_caption(channel=elsewhere)
    await bot.server.until(lambda: bool(interaction.original and interaction.original.attachments))
    interaction.expired = True
    bot.script.working.set()
    told = await told_in_private(bot)
    assert told.content == CAPTION
    assert told.components == []
    await bot.emptied()


async def test_private_answer_that_comes_too_late_stays_private(bot: Stage) -> None:
    bot.script.working.clear()
    interaction = await bot.use_caption(private=True)
    await bot.server.until(lambda: bool(interaction.original and interaction.original.attachments))
    interaction.expired = True
    bot.script.working.set()
    assert (await told_in_private(bot)).content == CAPTION
    await bot.emptied()
    assert [m for m in bot.server.said(bot.channel) if not m.ephemeral] == []
