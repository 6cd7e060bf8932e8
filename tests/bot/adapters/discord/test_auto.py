"""Channels where every photo is answered: only where whoever manages them wants that."""

from __future__ import annotations

import asyncio

import pytest

from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage, logged, stage
from tests.support.discord_server import DiscordServer, Message
from tests.support.discord_server.world import ATTACH_FILES, MANAGE_CHANNELS, SEND_MESSAGES, USUAL


async def photo_alone(bot: Stage, **post: object) -> Message:
    """A photo that is addressed to nobody."""
    use = {"channel": bot.channel, "attachments": bot.photos("cat.jpg")} | post
    return await bot.server.post(bot.person, **use)  # type: ignore[arg-type] # what a test gives


def answers(bot: Stage) -> list[Message]:
    """What everybody sees of the bot."""
    return [m for m in bot.server.world.messages.values()
            if m.author is bot.server.world.bot and not m.ephemeral]  # fmt: skip


@pytest.fixture
def granted(server: DiscordServer) -> DiscordServer:
    """A Discord that lets the bot read messages."""
    server.world.message_content = True
    return server


async def test_every_photo_is_answered_where_it_was_switched_on(granted: DiscordServer) -> None:
    async with stage(granted, CAPTIONBOT_DISCORD_MESSAGE_CONTENT=True) as bot:
        # What was said before the bot came is looked for once, and is not to be found later.
        async with asyncio.timeout(60):
            while not bot.running.connected:
                await asyncio.sleep(0.01)
        await bot.told("help")
        await photo_alone(bot)
        told = await bot.told("auto on", permissions=MANAGE_CHANNELS)
        assert told.content == say("auto-on-discord")
        assert told.ephemeral
        assert answers(bot) == []  # the first photo was before
        asked = await photo_alone(bot)
        await granted.post(bot.person, bot.channel, "just words")
        await granted.until(lambda: len(answers(bot)) == 1)
        (answer,) = answers(bot)
        assert answer.content == CAPTION
        assert answer.reference is asked
        await bot.emptied()
        await bot.told("auto off", permissions=MANAGE_CHANNELS)
        await photo_alone(bot)
        await bot.told("help")
        assert answers(bot) == [answer]


async def test_threads_belong_to_their_channel(granted: DiscordServer) -> None:
    thread = granted.world.thread()
    async with stage(granted, CAPTIONBOT_DISCORD_MESSAGE_CONTENT=True) as bot:
        await bot.told("auto on", permissions=MANAGE_CHANNELS)
        await photo_alone(bot, channel=thread)
        await granted.until(lambda: len(answers(bot)) == 1)
        assert answers(bot)[0].channel is thread


async def test_what_cannot_be_captioned_is_passed_over_in_silence(granted: DiscordServer) -> None:
    async with stage(granted, CAPTIONBOT_DISCORD_MESSAGE_CONTENT=True) as bot:
        await bot.told("auto on", permissions=MANAGE_CHANNELS)
        broken = granted.world.attachment("cat.jpg", b"\xff\xd8\xff nothing")
        await photo_alone(bot, attachments=[broken])
        await photo_alone(bot)
        await granted.until(lambda: len(answers(bot)) == 1)
        await bot.emptied()
        assert [m.content for m in answers(bot)] == [CAPTION]


async def test_only_who_manages_the_channel_decides(granted: DiscordServer) -> None:
    async with stage(granted, CAPTIONBOT_DISCORD_MESSAGE_CONTENT=True) as bot:
        (known,) = [c for c in granted.world.commands if c["name"] == "auto"]
        assert known["default_member_permissions"] == str(MANAGE_CHANNELS)
        assert (known["contexts"], known["integration_types"]) == ([0], [0])
        for said in ("auto on", "auto off"):
            assert (await bot.told(said)).content == say("auto-not-allowed-discord")
        await photo_alone(bot)
        await bot.told("help")
        assert answers(bot) == []


async def test_without_the_intent_it_is_explained(bot: Stage) -> None:
    told = await bot.told("auto on", permissions=MANAGE_CHANNELS)
    assert told.content == say("auto-needs-intent")


async def test_intent_that_is_not_granted_is_said_and_done_without(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.world.message_content = False
    async with stage(server, start=False) as bot:
        await bot.start(CAPTIONBOT_DISCORD_MESSAGE_CONTENT=True)
        await logged(caplog, "does not grant this bot the message content intent")
        told = await bot.told("auto on", permissions=MANAGE_CHANNELS)
        assert told.content == say("auto-needs-intent")
        await bot.mention("cat.jpg")
        await server.until(lambda: len(answers(bot)) == 1)
        assert answers(bot)[0].content == CAPTION


async def test_missing_permissions_are_named_when_it_is_switched_on(
    granted: DiscordServer,
) -> None:
    granted.world.allowed = USUAL & ~(SEND_MESSAGES | ATTACH_FILES)
    async with stage(granted, CAPTIONBOT_DISCORD_MESSAGE_CONTENT=True) as bot:
        told = await bot.told("auto on", permissions=MANAGE_CHANNELS)
        assert "Send Messages, Attach Files" in told.content
        await photo_alone(bot)
        await bot.emptied()
        # Nobody asked, so nobody is told in private either.
        assert granted.calls("POST", "/users/@me/channels") == []
