"""The buttons under an answer, also under one of long ago."""

from __future__ import annotations

import pytest

from bot.locales import say
from captioner.queue.messages import Output
from tests.bot.adapters.discord.stage import CAPTION, Stage, stranger
from tests.support.photos import photo

GIF, SHEET = 0, 1
KINDS = [
    (GIF, Output.ATTENTION_GIF, "attention.gif", "alt-attention-gif"),
    (SHEET, Output.ATTENTION_SHEET, "attention.png", "alt-attention-sheet"),
]


def fetched(bot: Stage) -> int:
    """How often a message was read again."""
    return len([r for r in bot.server.rest.received if _reads_message(r.call.path, r.call.method)])


def _reads_message(path: str, method: str) -> bool:
    return method == "GET" and "/messages/" in path


@pytest.mark.parametrize(("which", "output", "name", "alt"), KINDS)
async def test_button_brings_a_described_picture(
    bot: Stage, which: int, output: Output, name: str, alt: str
) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    picture = await bot.pressed(answer, which)
    assert [a["filename"] for a in picture.attachments] == [name]
    assert [a["description"] for a in picture.attachments] == [say(alt, caption=CAPTION)]
    assert picture.content == say("attention", caption=CAPTION)
    assert bot.jobs[-1].output is output
    assert bot.jobs[-1].photo == bot.jobs[0].photo
    await bot.emptied()


async def test_labels_say_what_the_buttons_do(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    assert [button["label"] for button in answer.buttons] == [
        say("button-attention"), say("button-sheet"), say("button-alternatives"),
        say("button-speech"), say("button-delete"),
    ]  # fmt: skip


@pytest.mark.parametrize("which", [GIF, SHEET])
async def test_buttons_under_a_mention_work_after_a_restart(bot: Stage, which: int) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    await bot.stop()
    await bot.start()
    picture = await bot.pressed(answer, which)
    assert picture.attachments
    assert fetched(bot) == 1


async def test_buttons_under_a_command_work_after_a_restart(bot: Stage) -> None:
    answer = await bot.answered(await bot.use_caption())
    await bot.server.until(lambda: bool(answer.attachments))
    await bot.stop()
    await bot.start()
    picture = await bot.pressed(answer, GIF)
    assert picture.attachments
    assert fetched(bot) == 0  # the answer itself shows the photo
    assert bot.jobs[-1].output is Output.ATTENTION_GIF


async def test_button_under_a_reply_finds_the_photo_replied_to(bot: Stage) -> None:
    files = [bot.server.world.attachment("cat.jpg", photo())]
    target = await bot.server.post(stranger(bot.server), bot.channel, attachments=files)
    await bot.mention(reply_to=target)
    (answer,) = await bot.said()
    assert (await bot.pressed(answer, GIF)).attachments


async def test_everybody_may_press_and_as_often_as_they_like(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    first = await bot.pressed(answer, GIF)
    bot.person = stranger(bot.server)
    second = await bot.pressed(answer, GIF)
    assert first is not second
    assert first.attachments
    assert second.attachments


async def test_photo_that_was_deleted(bot: Stage) -> None:
    asked = await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    asked.deleted = True
    assert (await bot.pressed(answer, GIF)).content == say("photo-expired")
    await bot.emptied()


async def test_photo_in_a_channel_that_the_bot_was_shut_out_of(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    bot.server.fail("GET", r"/messages/\d+$", 403, code=50001)
    assert (await bot.pressed(answer, GIF)).content == say("photo-expired")


@pytest.mark.parametrize(
    "custom_id",
    ["captionbot:attention_gif:", "captionbot:caption:1", "captionbot:attention_gif:1:2:3",
     "captionbot:attention_gif:" + "9" * 60, "other", ""],
)  # fmt: skip
async def test_ids_that_are_none_of_ours_are_left_alone(bot: Stage, custom_id: str) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    answer.components[0]["components"][0]["custom_id"] = custom_id
    pressed = await bot.server.press(bot.person, answer, custom_id)
    assert (await bot.pressed(answer, SHEET)).attachments  # the bot goes on
    assert not pressed.acknowledged


async def test_id_of_a_message_that_never_was(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    answer.components[0]["components"][0]["custom_id"] = "captionbot:attention_gif:12"
    assert (await bot.pressed(answer, GIF)).content == say("photo-expired")
