"""What was asked while the bot was away, or ended with the question in hand."""

from __future__ import annotations

from tests.bot.adapters.discord.stage import CAPTION, Stage


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
