"""Other captions, reading aloud and deleting: also under an answer of long ago."""

from __future__ import annotations

import pytest

from bot.chat.speech import Speech, SpeechUnavailable
from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage, labels, stranger
from tests.support.discord_server.world import MANAGE_MESSAGES
from tests.support.facts import USUAL

OTHERS, ALOUD, DELETE = (
    say("button-alternatives"), say("button-speech"), say("button-delete"),
)  # fmt: skip
OGG = b"OggS and so on"


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was read aloud."""
    texts: list[str] = []

    async def speak(text: str, *, language: str = "en") -> Speech:
        texts.append(text)
        return Speech(OGG, 1.0)

    monkeypatch.setattr("bot.chat.messenger.speak", speak)
    return texts


async def test_other_captions_are_for_who_asks(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    await bot.stop()
    await bot.start()
    others = await bot.pressed(answer, OTHERS)
    assert others.ephemeral
    assert others.content.splitlines()[0] == say("alternatives")
    assert "a cat" in others.content
    assert "an animal" in others.content
    assert CAPTION not in others.content
    assert len(bot.jobs) == 1  # they were known


async def test_no_other_captions(bot: Stage) -> None:
    bot.script.others = ()
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    assert ALOUD in labels(answer)
    assert OTHERS not in labels(answer)


async def test_other_captions_of_an_album(bot: Stage) -> None:
    bot.script.says = ("a dog", "a boat")
    await bot.mention("1.jpg", "2.jpg")
    (answer,) = await bot.said()
    others = (await bot.pressed(answer, OTHERS)).content
    assert others.count("a cat") == 2
    assert "2. a boat" in others


async def test_reading_aloud(bot: Stage, spoken: list[str]) -> None:
    message = await bot.answered(await bot.use_caption())
    await bot.stop()
    await bot.start()
    said = await bot.pressed(message, ALOUD)
    assert said.ephemeral
    (sound,) = said.attachments
    assert sound["filename"] == "caption.ogg"
    assert sound["description"]
    assert said.content == CAPTION
    assert spoken == [CAPTION]
    assert len(bot.jobs) == 1  # the answer itself is read, whether or not its photo is still there


async def test_reading_aloud_where_that_cannot_be(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def speak(text: str, *, language: str = "en") -> Speech:
        raise SpeechUnavailable("espeak-ng is missing")

    monkeypatch.setattr("bot.chat.messenger.speak", speak)
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    assert (await bot.pressed(answer, ALOUD)).content == say("speech-unavailable")


async def test_reading_aloud_says_how_sure_it_is(bot: Stage, spoken: list[str]) -> None:
    bot.script.confidence = 0.1
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    assert answer.content == say("unsure", caption=CAPTION)
    await bot.pressed(answer, ALOUD)
    assert spoken == [say("unsure", caption=CAPTION)]


@pytest.mark.parametrize("by", ["mention", "command"])
async def test_who_asked_may_delete(bot: Stage, by: str) -> None:
    if by == "mention":
        await bot.mention("cat.jpg")
        (answer,) = await bot.said()
    else:
        answer = await bot.answered(await bot.use_caption())
    await bot.stop()
    await bot.start()
    await bot.server.press(bot.person, answer, answer.custom_ids[-1])
    await bot.server.until(lambda: answer.deleted)


async def test_others_may_not_delete_unless_they_manage_messages(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    assert labels(answer)[-1] == DELETE
    bot.person = stranger(bot.server)
    refused = await bot.pressed(answer, DELETE)
    assert refused.content == say("delete-not-allowed")
    assert refused.ephemeral
    assert not answer.deleted
    await bot.server.press(bot.person, answer, answer.custom_ids[-1], permissions=MANAGE_MESSAGES)
    await bot.server.until(lambda: answer.deleted)


async def test_answer_that_was_deleted_already(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await bot.mention("cat.jpg", "dog.jpg")
    (answer,) = await bot.said()
    pressed = answer.custom_ids[-1]
    answer.deleted = True
    await bot.server.press(bot.person, answer, pressed)
    await bot.server.until(
        lambda: any(r.call.method == "DELETE" and r.status for r in bot.server.rest.received)
    )
    assert (await bot.told("help")).content == say("help-discord", **USUAL)


async def test_private_answer(bot: Stage) -> None:
    message = await bot.answered(await bot.use_caption(private=True))
    await bot.server.until(lambda: bool(message.attachments))
    assert message.ephemeral
    assert message.content == CAPTION
    assert DELETE not in labels(message)  # it goes away by itself
    picture = await bot.pressed(message, 0)
    assert picture.ephemeral
    assert picture.attachments


async def test_answer_that_is_not_private(bot: Stage) -> None:
    message = await bot.answered(await bot.use_caption(private=False))
    assert not message.ephemeral


@pytest.mark.parametrize("by", ["command", "menu"])
async def test_alt_text_to_copy(bot: Stage, by: str) -> None:
    bot.script.says = ("a dog *barks*",)
    if by == "command":
        asked = await bot.use_caption(command="alt")
    else:
        target = await bot.server.post(bot.person, bot.channel, attachments=bot.photos("a.jpg"))
        asked = await bot.server.choose(bot.person, target, say("menu-alt"))
    message = await bot.answered(asked)
    assert message.ephemeral
    first, fence, text, end = message.content.splitlines()
    assert (first, fence, end) == (say("alt-text-ready"), "```", "```")
    assert text.startswith("A dog *barks*")
    assert message.attachments == []
    assert message.components == []
