"""Several pictures at once: one answer, a line a photo, and none spoils the others."""

from __future__ import annotations

from bot.locales import say
from captioner.queue.messages import Failure
from tests.bot.adapters.discord.stage import Stage, labels
from tests.support.jobs import make_reply
from tests.support.photos import hostile, photo
from tests.support.scripted_worker import scripted_reply

DOG, CAT, BOAT = "a dog runs over the grass", "two cats sleep", "a boat on a lake"


def numbered(*lines: str) -> str:
    return "\n".join(say("album-line", number=n, caption=line) for n, line in enumerate(lines, 1))


async def test_command_with_five_pictures_gets_one_answer_that_shows_them(bot: Stage) -> None:
    bot.script.says = (DOG, CAT, BOAT, DOG, CAT)
    given = bot.photos("1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg")
    message = await bot.answered(await bot.server.caption(bot.person, *given))
    assert message.content == numbered(DOG, CAT, BOAT, DOG, CAT)
    assert len(message.attachments) == 5
    assert message.attachments[1]["description"] == say("alt-photo-number", number=2, count=5)
    assert len(bot.jobs) == 1
    assert len(bot.jobs[0].photos) == 5
    assert len({*bot.jobs[0].photos}) == 5


async def test_mention_with_several_pictures_gets_one_reply(bot: Stage) -> None:
    bot.script.says = (DOG, CAT)
    asked = await bot.mention("one.jpg", "notes.txt", "two.jpg")
    (message,) = await bot.said()
    assert message.content == numbered(DOG, CAT)
    assert message.reference is asked
    assert message.attachments == []
    await bot.emptied()
    assert len(bot.server.said(bot.channel)) == 1


async def test_direct_message_with_ten_pictures(bot: Stage) -> None:
    bot.script.says = [f"photo {n} shows something" for n in range(10)]
    channel = bot.server.world.dm(bot.person)
    await bot.server.post(
        bot.person, channel, attachments=bot.photos(*(f"{n}.jpg" for n in range(10)))
    )
    await bot.server.until(lambda: bool(bot.server.said(channel)))
    (message,) = bot.server.said(channel)
    assert len(message.content.splitlines()) == 10
    assert len(message.components) == 3  # ten looks in two rows, and the rest
    assert "10" in labels(message)[9]


async def test_each_photo_of_a_message_can_be_looked_at(bot: Stage) -> None:
    bot.script.says = (DOG, CAT)
    await bot.mention("one.jpg", "two.jpg")
    (message,) = await bot.said()
    assert labels(message) == [
        say("button-attention-of", which="1"), say("button-attention-of", which="2"),
        say("button-alternatives"), say("button-speech"), say("button-delete"),
    ]  # fmt: skip
    await bot.stop()
    await bot.start()
    await bot.pressed(message, 1)
    assert bot.jobs[1].photos == bot.jobs[0].photos[1:]


async def test_each_photo_of_a_command_can_be_looked_at(bot: Stage) -> None:
    given = bot.photos("1.jpg", "2.jpg", "3.jpg")
    message = await bot.answered(await bot.server.caption(bot.person, *given))
    picture = await bot.pressed(message, 2)
    assert picture.attachments[0]["filename"] == "attention.gif"
    # What is shown is the small JPEG: cleaned once more it is another one of the same photo.
    assert bot.server.downloads[-1].endswith("photo-3.jpg")


async def test_one_that_cannot_be_opened_spoils_none_of_the_others(bot: Stage) -> None:
    bot.script.says = (DOG, BOAT)
    world = bot.server.world
    given = [
        world.attachment("1.jpg", photo(seed=1)),
        world.attachment("2.jpg", hostile()["truncated JPEG"].data),
        world.attachment("3.jpg", photo(seed=3)),
        world.attachment("4.jpg", photo(seed=4), size=20_000_001),
        world.attachment("5.txt", b"words"),
    ]
    message = await bot.answered(await bot.server.caption(bot.person, *given))
    assert message.content == numbered(
        DOG, say("damaged"), BOAT, say("too_large", limit=20), say("not_an_image")
    )
    assert len(message.attachments) == 2
    await bot.pressed(message, 1)
    assert bot.server.downloads[-1].endswith("photo-2.jpg")
    await bot.emptied()


async def test_one_that_was_removed_meanwhile(bot: Stage) -> None:
    bot.script.says = (CAT,)
    given = bot.photos("1.jpg", "2.jpg")
    del bot.server.world.files[next(p for p in bot.server.world.files if p.endswith("1.jpg"))]
    message = await bot.answered(await bot.server.caption(bot.person, *given))
    assert message.content == numbered(say("photo-removed"), CAT)


async def test_none_that_can_be_opened_is_one_refusal(bot: Stage) -> None:
    damaged = hostile()["truncated JPEG"].data
    given = [bot.server.world.attachment(f"{n}.jpg", damaged) for n in range(3)]
    message = await bot.answered(await bot.server.caption(bot.person, *given))
    assert message.content == say("damaged")
    assert bot.jobs == []


async def test_photo_that_the_worker_fails_at_is_a_line_of_its_own(bot: Stage) -> None:
    bot.script.reply = lambda job: make_reply(
        job, captions=(), failure=Failure.BAD_PHOTO, more=scripted_reply(job).answers[:1]
    )
    await bot.mention("one.jpg", "two.jpg")
    (message,) = await bot.said()
    first, second = message.content.splitlines()
    assert say("bad_photo") in first
    assert "picture" in second
    assert labels(message)[0] == say("button-attention-of", which="2")
