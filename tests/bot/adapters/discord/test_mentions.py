"""The ways to mention the bot: by its name, by its role, and later, by editing."""

from __future__ import annotations

from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage
from tests.support.photos import photo


async def test_role_that_discord_made_for_the_bot(bot: Stage) -> None:
    bot.server.world.shows_everything = True
    text = f"<@&{bot.server.world.own_role}> what is this?"
    await bot.server.post(bot.person, bot.channel, text, attachments=bot.photos("cat.jpg"))
    assert (await bot.said())[0].content == CAPTION


async def test_role_in_a_message_whose_content_discord_hides(bot: Stage) -> None:
    text = f"<@&{bot.server.world.own_role}> what is this?"
    await bot.server.post(bot.person, bot.channel, text, attachments=bot.photos("cat.jpg"))
    (message,) = await bot.said()
    assert message.content == say("mention-me-discord")


async def test_other_roles_are_nothing_to_us(bot: Stage) -> None:
    everyone = f"<@&{bot.server.world.guild}> look"
    await bot.server.post(bot.person, bot.channel, everyone, attachments=bot.photos("cat.jpg"))
    await bot.mention("cat.jpg")
    assert len(await bot.said()) == 1


async def test_words_that_mention_the_bot_are_told_of_help(bot: Stage) -> None:
    await bot.server.post(bot.person, bot.channel, f"<@{bot.server.world.bot.id}> hi")
    (message,) = await bot.said()
    assert message.content == say("no-picture-discord")
    assert "/help" in message.content


async def test_mention_that_is_added_later_is_answered_once(bot: Stage) -> None:
    files = bot.photos("cat.jpg")
    asked = await bot.server.post(bot.person, bot.channel, "my cat", attachments=files)
    name = f"<@{bot.server.world.bot.id}>"
    await bot.server.edit(asked, f"{name} what is this?", times=3)
    (message,) = await bot.said()
    assert message.content == CAPTION
    assert message.reference is asked
    await bot.emptied()
    await bot.server.edit(asked, f"{name} what is this, please?", times=3)
    last = await bot.mention("dog.jpg")
    assert [m.reference for m in await bot.said(2)] == [asked, last]


async def test_edits_of_what_was_answered_are_nothing(bot: Stage) -> None:
    asked = await bot.mention("cat.jpg")
    await bot.said()
    await bot.emptied()
    for count in range(3):
        await bot.server.edit(asked, f"<@{bot.server.world.bot.id}> {count}")
    last = await bot.mention("dog.jpg")
    assert [m.reference for m in await bot.said(2)] == [asked, last]


async def test_edit_of_an_old_message(bot: Stage) -> None:
    files = [bot.server.world.attachment("cat.jpg", photo())]
    old = await bot.server.post(
        bot.person, bot.channel, "my cat", attachments=files, age=3 * 365 * 86_400
    )
    await bot.server.edit(old, f"<@{bot.server.world.bot.id}> what is this?")
    last = await bot.mention("dog.jpg")
    assert [m.reference for m in await bot.said()] == [last]
