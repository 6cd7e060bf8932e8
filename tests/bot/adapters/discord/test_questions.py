"""Every way to ask on Discord, and silence where nobody asked."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.locales import say
from captioner.queue.messages import Failure
from tests.bot.adapters.discord.stage import CAPTION, Stage, stranger
from tests.support.discord_server import Message
from tests.support.facts import USUAL
from tests.support.jobs import make_reply
from tests.support.photos import photo


def described(message: Message) -> bool:
    return all(attachment.get("description") for attachment in message.attachments)


async def test_slash_command_shows_the_photo_and_its_caption(bot: Stage) -> None:
    interaction = await bot.use_caption()
    message = await bot.answered(interaction)
    await bot.server.until(lambda: bool(message.attachments))
    assert message.content == CAPTION
    assert message.author is bot.server.world.bot
    assert len(message.custom_ids) == 5
    assert described(message)
    shown = bot.server.world.files[_path(message)]
    assert Image.open(io.BytesIO(shown)).format == "JPEG"
    await bot.emptied()


def _path(message: Message) -> str:
    url: str = message.attachments[0]["url"]
    return url.removeprefix(message.attachments[0]["url"].split("/attachments")[0]).split("?")[0]


async def test_command_is_acknowledged_before_the_photo_is_fetched(bot: Stage) -> None:
    bot.server.cdn_open.clear()
    interaction = await bot.use_caption()
    await bot.server.until(lambda: bool(bot.server.downloads))
    assert interaction.acknowledged
    bot.server.cdn_open.set()
    assert (await bot.answered(interaction)).content == CAPTION


async def test_known_photo_is_not_looked_at_again(bot: Stage) -> None:
    await bot.answered(await bot.use_caption())
    await bot.emptied()
    message = await bot.answered(await bot.use_caption())
    assert message.content == CAPTION
    assert [a["description"] for a in message.attachments] == [say("alt-photo")]
    assert len(bot.jobs) == 1


async def test_slash_command_in_a_direct_message(bot: Stage) -> None:
    attachment = bot.server.world.attachment("cat.jpg", photo())
    channel = bot.server.world.dm()
    interaction = await bot.server.caption(bot.person, attachment, channel=channel)
    assert (await bot.answered(interaction)).content == CAPTION


async def test_context_menu_looks_at_somebody_elses_message(bot: Stage) -> None:
    files = [bot.server.world.attachment("cat.png", photo(format="PNG"))]
    target = await bot.server.post(stranger(bot.server), bot.channel, "look", attachments=files)
    message = await bot.answered(await bot.server.choose(bot.person, target, "Caption this image"))
    await bot.server.until(lambda: bool(message.attachments))
    assert message.content == CAPTION
    assert described(message)


async def test_context_menu_on_a_message_without_a_picture(bot: Stage) -> None:
    target = await bot.server.post(stranger(bot.server), bot.channel, "no picture")
    message = await bot.answered(await bot.server.choose(bot.person, target, "Caption this image"))
    assert message.content == say("no-picture-in-message")
    assert message.flags & 64  # seen by nobody else
    assert bot.jobs == []


async def test_mention_with_a_photo_is_answered_by_a_reply(bot: Stage) -> None:
    asked = await bot.mention("cat.jpg")
    (message,) = await bot.said()
    assert message.content == CAPTION
    assert message.reference is asked
    assert message.attachments == []  # the photo stands right above
    assert len(message.custom_ids) == 5
    await bot.emptied()


async def test_reply_with_a_mention_looks_at_what_it_replies_to(bot: Stage) -> None:
    files = [bot.server.world.attachment("cat.jpg", photo())]
    target = await bot.server.post(stranger(bot.server), bot.channel, attachments=files)
    asked = await bot.mention(reply_to=target)
    (message,) = await bot.said()
    assert message.content == CAPTION
    assert message.reference is asked


async def test_reply_to_what_the_bot_may_not_see_says_how_to_ask(bot: Stage) -> None:
    bot.server.world.hides_what_is_replied_to = True
    files = [bot.server.world.attachment("cat.jpg", photo())]
    target = await bot.server.post(stranger(bot.server), bot.channel, attachments=files)
    await bot.mention(reply_to=target)
    (message,) = await bot.said()
    assert message.content == say("no-picture-discord")
    assert "Caption this image" in message.content


async def test_reply_to_a_deleted_message(bot: Stage) -> None:
    target = await bot.server.post(stranger(bot.server), bot.channel)
    target.deleted = True
    await bot.mention(reply_to=target)
    (message,) = await bot.said()
    assert message.content == say("no-picture-discord")


async def test_photo_in_a_direct_message(bot: Stage) -> None:
    channel = bot.server.world.dm()
    files = [bot.server.world.attachment("cat.jpg", photo())]
    asked = await bot.server.post(bot.person, channel, attachments=files)
    await bot.server.until(lambda: bool(bot.server.said(channel)))
    (message,) = bot.server.said(channel)
    assert message.content == CAPTION
    assert message.reference is asked


async def test_words_in_a_direct_message_are_told_how_it_works(bot: Stage) -> None:
    channel = bot.server.world.dm()
    await bot.server.post(bot.person, channel, "hello?")
    await bot.server.until(lambda: bool(bot.server.said(channel)))
    assert bot.server.said(channel)[0].content == say("help-discord", **USUAL)


async def test_help(bot: Stage) -> None:
    message = await bot.answered(await bot.server.command(bot.person, "help"))
    assert message.content == say("help-discord", **USUAL)
    assert message.flags & 64


async def test_silence_unless_asked(bot: Stage) -> None:
    server, world = bot.server, bot.server.world
    files = [world.attachment("cat.jpg", photo())]
    await server.post(bot.person, bot.channel, "just a photo", attachments=files)
    await server.post(bot.person, bot.channel, "@everyone look", attachments=files)
    robot = world.person("another bot", bot=True)
    await server.post(robot, bot.channel, f"<@{world.bot.id}> photo", attachments=files)
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    # Thanks for an answer mention the bot, too, but ask nothing.
    await server.post(bot.person, bot.channel, "thank you!", reply_to=answer)
    await bot.answered(await server.command(bot.person, "help"))  # all of the above was seen
    assert server.said(bot.channel)[:1] == [answer]
    assert len([m for m in server.said(bot.channel) if not m.flags & 64]) == 1
    assert len(bot.jobs) == 1


async def test_reply_to_the_bot_with_a_photo_asks(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    files = [bot.server.world.attachment("dog.jpg", photo(seed=9))]
    await bot.server.post(bot.person, bot.channel, "and this?", attachments=files, reply_to=answer)
    assert len(await bot.said(2)) == 2


@pytest.mark.parametrize("failure", list(Failure))
async def test_failures_of_the_worker_are_told(bot: Stage, failure: Failure) -> None:
    bot.script.reply = lambda job: make_reply(job, captions=(), failure=failure)
    message = await bot.answered(await bot.use_caption())
    assert message.content == say(failure)
    assert message.components == []
    await bot.emptied()


async def test_caption_with_marks_and_mentions_is_shown_as_written(bot: Stage) -> None:
    bot.script.reply = lambda job: make_reply(job, "two *stars* @everyone")
    message = await bot.answered(await bot.use_caption())
    assert message.content == r"two \*stars\* @everyone"
