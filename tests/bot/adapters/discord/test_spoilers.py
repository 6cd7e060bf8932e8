"""Files that were posted as spoilers: what is said, shown again or drawn of them is covered."""

from __future__ import annotations

from typing import Any

import pytest

from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage, stage
from tests.support.discord_server import DiscordServer, Message
from tests.support.discord_server.world import MANAGE_CHANNELS
from tests.support.photos import photo

COVERED = f"||{CAPTION}||"


def spoiler(bot: Stage, *, flagged: bool = False) -> dict[str, Any]:
    name = "cat.jpg" if flagged else "SPOILER_cat.jpg"
    return bot.server.world.attachment(name, photo(), spoiler=flagged)


def names(message: Message) -> list[str]:
    return [attachment["filename"] for attachment in message.attachments]


@pytest.mark.parametrize("flagged", [False, True])
async def test_command_shows_the_photo_and_the_caption_covered(bot: Stage, flagged: bool) -> None:
    given = spoiler(bot, flagged=flagged)
    message = await bot.answered(await bot.server.caption(bot.person, given))
    await bot.server.until(lambda: bool(message.attachments) and CAPTION in message.content)
    assert message.content == COVERED
    assert names(message) == ["SPOILER_photo.jpg"]


@pytest.mark.parametrize("flagged", [False, True])
async def test_reply_to_a_mention(bot: Stage, flagged: bool) -> None:
    await bot.mention(attachments=[spoiler(bot, flagged=flagged)])
    (message,) = await bot.said()
    assert message.content == COVERED


async def test_mixed_album(bot: Stage) -> None:
    bot.script.says = ("a dog", "the murderer")
    given = [*bot.photos("dog.jpg"), spoiler(bot)]
    message = await bot.answered(await bot.server.caption(bot.person, *given))
    await bot.server.until(lambda: bool(message.attachments))
    assert message.content == "1. a dog\n2. ||the murderer||"
    assert names(message) == ["photo.jpg", "SPOILER_photo-2.jpg"]


async def test_alt_text_and_others_are_covered(bot: Stage) -> None:
    given = spoiler(bot)
    text = (await bot.answered(await bot.server.caption(bot.person, given, command="alt"))).content
    assert "||```\n" in text
    assert text.endswith("\n```||")
    await bot.mention(attachments=[given])
    answer = (await bot.said(2))[-1]
    others = await bot.pressed(answer, say("button-alternatives"))
    assert "• ||a cat||" in others.content


@pytest.mark.parametrize("by_command", [False, True])
async def test_animation_is_covered(bot: Stage, by_command: bool) -> None:
    given = spoiler(bot)
    if by_command:
        answer = await bot.answered(await bot.server.caption(bot.person, given))
        await bot.server.until(lambda: bool(answer.attachments) and bool(answer.components))
    else:
        await bot.mention(attachments=[given])
        (answer,) = await bot.said()
    drawn = await bot.pressed(answer, say("button-attention"))
    await bot.server.until(lambda: bool(drawn.attachments))
    assert names(drawn) == ["SPOILER_attention.gif"]
    assert COVERED in drawn.content
    assert CAPTION not in drawn.attachments[0]["description"]


async def test_voice_stays_silent_in_a_channel_and_says_why(bot: Stage) -> None:
    await bot.told("voice on")
    await bot.mention(attachments=[spoiler(bot)])
    message = (await bot.said(2))[-1]
    assert message.content == f"{COVERED}\n{say('spoiler-not-spoken')}"
    assert message.attachments == []


async def test_answer_that_is_read_aloud_to_one_person_stays_covered(bot: Stage) -> None:
    await bot.mention(attachments=[spoiler(bot)])
    (answer,) = await bot.said()
    heard = await bot.pressed(answer, say("button-speech"))
    assert heard.ephemeral
    assert heard.content == COVERED
    assert names(heard) == ["SPOILER_caption.ogg"]
    assert CAPTION not in heard.attachments[0]["description"]


async def test_cut_text_stays_covered(bot: Stage) -> None:
    bot.script.says = ("x" * 1990,)
    await bot.mention(attachments=[spoiler(bot), *bot.photos("dog.jpg")])
    (message,) = await bot.said()
    assert message.content.startswith("1. ||x")
    assert message.content.count("||") % 2 == 0
    assert len(message.content) <= 2000


async def test_question_of_a_process_that_ended_stays_covered(server: DiscordServer) -> None:
    async with stage(server, worker=True) as bot:
        server.cdn_open.clear()
        interaction = await bot.server.caption(bot.person, spoiler(bot, flagged=True))
        await server.until(lambda: bool(server.downloads))
        await bot.stop()
        server.cdn_open.set()
        await bot.start()
        message = await bot.answered(interaction)
        await server.until(lambda: bool(message.attachments) and CAPTION in message.content)
        assert message.content == COVERED
        assert names(message) == ["SPOILER_photo.jpg"]


async def test_auto_answers_under_a_cover(server: DiscordServer) -> None:
    server.world.message_content = True
    async with stage(server, CAPTIONBOT_DISCORD_MESSAGE_CONTENT=True) as bot:
        await bot.told("auto on", permissions=MANAGE_CHANNELS)
        files = [spoiler(bot, flagged=True)]
        await server.post(bot.person, bot.channel, attachments=files)
        await server.until(lambda: any(m.content == COVERED for m in server.said(bot.channel)))
