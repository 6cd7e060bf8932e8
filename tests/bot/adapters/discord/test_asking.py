"""Questions about photos on Discord: a command, a menu's entry with a form, and replies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.adapters.discord.replies import MAX_CONTENT
from bot.locales import say
from captioner.capabilities import UNDECLARED, Capabilities
from captioner.queue.messages import MAX_QUESTION, Caption, CaptionJob, CaptionReply, Length
from tests.bot.adapters.discord.stage import CAPTION, Stage, labels, stage, stranger
from tests.support.discord_server import DiscordServer, Interaction, Message
from tests.support.facts import USUAL
from tests.support.photos import photo
from tests.support.scripted_worker import scripted_reply

ASKS = replace(UNDECLARED, questions=True, lengths=tuple(Length))
QUESTION = "what colour is the car?"
ANSWER = "It is red."
MENU = "Ask about this photo"
OPTIONAL = {"ask", "detail", MENU}


def able(bot: Stage, capabilities: Capabilities) -> None:
    """Let the worker that starts next do more."""
    bot.script.capabilities = capabilities
    captioned = bot.script.reply

    def reply(job: CaptionJob) -> CaptionReply:
        if job.question is None:
            return captioned(job)
        said = (Caption(text=ANSWER, log_prob=0.0),)
        return replace(scripted_reply(job, ASKS), captions=said)

    bot.script.reply = reply


@pytest.fixture
async def asking(server: DiscordServer) -> AsyncIterator[Stage]:
    """A bot whose worker answers questions."""
    async with stage(server, start=False, worker=False) as made:
        able(made, ASKS)
        async with made.attended():
            await made.service.capabilities.known()
            await made.start()
            await server.until(lambda: names(server) >= OPTIONAL)
            yield made


def names(server: DiscordServer) -> set[str]:
    return {command["name"] for command in server.world.commands}


def questions(bot: Stage) -> list[str | None]:
    return [job.question for job in bot.jobs]


async def ask(bot: Stage, question: str, data: bytes | None = None) -> Interaction:
    """Use /ask with a photo."""
    world = bot.server.world
    given = world.attachment("car.jpg", photo() if data is None else data)
    return await bot.server.ask(bot.person, given, question)


async def test_the_command_shows_question_photo_and_answer(asking: Stage) -> None:
    message = await asking.answered(await ask(asking, QUESTION))
    await asking.server.until(lambda: bool(message.attachments))
    assert message.content == f"> `{QUESTION}`\n{ANSWER}"
    assert labels(message) == [say("button-speech"), say("button-delete")]
    assert questions(asking) == [QUESTION]
    await asking.emptied()
    assert (await asking.store.counts())["discord.question"] == 1


async def test_the_menu_opens_a_form(asking: Stage) -> None:
    files = asking.photos("car.jpg")
    target = await asking.server.post(stranger(asking.server), asking.channel, attachments=files)
    opened = await asking.server.choose(asking.person, target, MENU)
    await asking.server.until(lambda: opened.form is not None)
    message = await asking.answered(await asking.server.submit(asking.person, opened, QUESTION))
    assert message.content == f"> `{QUESTION}`\n{ANSWER}"
    late = await asking.answered(await asking.server.submit(asking.person, opened, QUESTION))
    assert late.content == say("photo-expired")  # a form is sent once
    assert late.ephemeral


async def test_a_form_outlives_the_process(asking: Stage) -> None:
    target = await asking.server.post(
        stranger(asking.server), asking.channel, attachments=asking.photos("car.jpg")
    )
    opened = await asking.server.choose(asking.person, target, MENU)
    await asking.server.until(lambda: opened.form is not None)
    await asking.stop()
    await asking.start()
    message = await asking.answered(await asking.server.submit(asking.person, opened, "why?"))
    assert message.content == f"> `why?`\n{ANSWER}"


async def test_the_menu_on_a_message_without_a_picture(asking: Stage) -> None:
    target = await asking.server.post(stranger(asking.server), asking.channel, "words")
    message = await asking.answered(await asking.server.choose(asking.person, target, MENU))
    assert message.content == say("no-picture-in-message")
    assert message.ephemeral


async def test_a_reply_to_an_answer_is_a_question_and_so_is_one_to_that(asking: Stage) -> None:
    await asking.mention("car.jpg")
    (caption,) = await asking.said()
    asked = await asking.server.post(asking.person, asking.channel, QUESTION, reply_to=caption)
    answer = (await asking.said(2))[1]
    assert answer.content == ANSWER
    assert answer.reference is asked
    other = stranger(asking.server)
    await asking.server.post(other, asking.channel, "and the dog?", reply_to=answer)
    assert (await asking.said(3))[2].content == ANSWER
    assert questions(asking) == [None, QUESTION, "and the dog?"]
    assert len({job.photo for job in asking.jobs}) == 1


async def test_a_reply_to_the_answer_to_a_command(asking: Stage) -> None:
    answer = await asking.answered(await asking.use_caption())
    await asking.server.until(lambda: bool(answer.custom_ids))
    text = f"<@{asking.server.world.bot.id}> {QUESTION}"
    await asking.server.post(asking.person, asking.channel, text, reply_to=answer)
    await asking.server.until(lambda: len(asking.jobs) == 2)
    assert questions(asking) == [None, QUESTION]


async def test_a_reply_in_a_direct_message(asking: Stage) -> None:
    channel = asking.server.world.dm()
    await asking.mention("car.jpg", channel=channel)
    await asking.server.until(lambda: len(asking.server.said(channel)) == 1)
    (caption,) = asking.server.said(channel)
    await asking.server.post(asking.person, channel, QUESTION, reply_to=caption)
    await asking.server.until(lambda: len(asking.server.said(channel)) == 2)
    assert asking.server.said(channel)[1].content == ANSWER


async def test_a_reply_of_while_the_bot_was_away_is_answered(asking: Stage) -> None:
    await asking.mention("car.jpg")
    (caption,) = await asking.said()
    await asking.stop()
    await asking.server.post(asking.person, asking.channel, QUESTION, reply_to=caption)
    await asking.server.post(asking.person, asking.channel, "👍", reply_to=caption)
    for _ in range(2):
        await asking.start()
        assert (await asking.said(2))[1].content == ANSWER
        await asking.stop()
    assert questions(asking) == [None, QUESTION]


async def test_several_photos_are_asked_about_by_the_first(asking: Stage) -> None:
    await asking.mention("a.jpg", "b.jpg")
    (caption,) = await asking.said()
    await asking.server.post(asking.person, asking.channel, QUESTION, reply_to=caption)
    answer = (await asking.said(2))[1]
    assert answer.content == say("answer-photo", number=1, caption=ANSWER)


async def test_a_photo_that_is_gone(asking: Stage) -> None:
    shown = await asking.mention("car.jpg")
    (caption,) = await asking.said()
    shown.deleted = True
    await asking.server.post(asking.person, asking.channel, QUESTION, reply_to=caption)
    assert (await asking.said(2))[1].content == say("photo-expired")


async def test_what_is_no_question(asking: Stage) -> None:
    await asking.mention("car.jpg")
    (caption,) = await asking.said()
    await asking.server.post(asking.person, asking.channel, "👍", reply_to=caption)
    long = "why " * 400
    await asking.server.post(asking.person, asking.channel, long, reply_to=caption)
    refused = (await asking.said(2))[1]
    assert refused.content == say("question-too-long", limit=MAX_QUESTION)
    told = await asking.answered(await ask(asking, "?!"))
    assert (told.content, told.ephemeral) == (say("question-empty"), True)
    broken = await asking.answered(await ask(asking, QUESTION, b"no picture"))
    assert broken.content == say("not_an_image")
    assert questions(asking) == [None]


@pytest.mark.parametrize(
    "question",
    [
        "@everyone <@1> **is** it `code` ||x||?",
        "https://evil.example discord.gg/abc ```",
        "\u202eno",
    ],
)
async def test_hostile_questions_are_shown_as_plain_text(asking: Stage, question: str) -> None:
    message = await asking.answered(await ask(asking, question))
    shown, _, answer = message.content.partition("\n")
    assert answer == ANSWER
    assert shown.startswith("> `")
    assert shown.count("`") == 2  # all of it is between them
    assert "\u202e" not in shown


async def test_help_names_it(asking: Stage) -> None:
    text = (await asking.told("help")).content
    assert text == "\n\n".join(
        say(one, **USUAL) for one in ("help-discord", "help-ask-discord", "help-detail-discord")
    )
    assert len(text) <= MAX_CONTENT


async def test_the_length_of_captions(asking: Stage) -> None:
    said = await asking.told("detail", length="long")
    assert said.content == say("length-now", length=say("length-long"))
    await asking.answered(await asking.use_caption())
    assert [job.length for job in asking.jobs] == [Length.LONG]
    offered = next(c for c in asking.server.world.commands if c["name"] == "detail")["options"]
    assert [choice["value"] for choice in offered[0]["choices"]] == list(Length)


async def test_commands_follow_the_models(asking: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asking.script.capabilities = UNDECLARED
    await asking.stop()
    service = asking.service.capabilities

    async def none_heard_of() -> Capabilities | None:
        return None

    with monkeypatch.context() as patched:
        patched.setattr(service, "known", none_heard_of)
        await asking.start()  # while nobody knows, all stays as it was
        assert names(asking.server) >= OPTIONAL
        await asking.stop()

    async def without() -> Capabilities | None:
        return UNDECLARED

    monkeypatch.setattr(service, "known", without)
    await asking.start()
    assert not OPTIONAL & names(asking.server)
    assert say("menu-attention") in names(asking.server)
    await asking.stop()

    async def looks_nowhere() -> Capabilities | None:
        return replace(ASKS, attention=False)

    monkeypatch.setattr(service, "known", looks_nowhere)
    await asking.start()
    await asking.server.until(lambda: names(asking.server) >= OPTIONAL)
    assert say("menu-attention") not in names(asking.server)


# --- without a model that answers questions


async def test_without_such_a_model_nothing_is_offered(bot: Stage) -> None:
    assert not OPTIONAL & names(bot.server)
    assert (await bot.told("help")).content == say("help-discord", **USUAL)
    await bot.mention("car.jpg")
    caption = (await bot.said(2))[1]
    await bot.server.post(bot.person, bot.channel, QUESTION, reply_to=caption)
    await bot.mention("car.jpg")
    assert [one.content for one in (await bot.said(3))[1:]] == [CAPTION, CAPTION]


async def test_a_program_that_knows_old_commands_is_told(asking: Stage) -> None:
    async def without() -> Capabilities:
        return UNDECLARED

    asking.service.capabilities.known = without  # type: ignore[method-assign]  # the model has changed
    told: list[Message] = [await asking.answered(await ask(asking, QUESTION))]
    target = await asking.server.post(
        stranger(asking.server), asking.channel, attachments=asking.photos("car.jpg")
    )
    told.append(await asking.answered(await asking.server.choose(asking.person, target, MENU)))
    told.append(await asking.told("detail", length="long"))
    expected = [say("not_offered")] * 2 + [say("length-only-short")]
    assert [one.content for one in told] == expected
    assert all(one.ephemeral for one in told)
    assert asking.jobs == []
