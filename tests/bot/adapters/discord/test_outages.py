"""Errors of Discord, of the network and of ourselves: one answer for each question, or a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord
import pytest

from bot.adapters.discord.messenger import PATIENCE, DiscordMessenger
from bot.adapters.discord.replies import DiscordPlace, Payload
from bot.locales import say
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.bot.adapters.discord.stage import CAPTION, Stage, logged, stage
from tests.support.discord_server import DiscordServer
from tests.support.facts import USUAL

CHANNEL, ORIGINAL = r"/channels/\d+/messages$", r"/messages/@original$"


def posts(bot: Stage) -> list[int]:
    """The statuses of the attempts to write into a channel."""
    return [r.status for r in bot.server.calls("POST", "/messages")]


async def test_interaction_that_expired_is_answered_in_the_channel(bot: Stage) -> None:
    bot.script.working.clear()
    interaction = await bot.use_caption()
    await bot.server.until(lambda: bool(interaction.original and interaction.original.attachments))
    interaction.expired = True
    bot.script.working.set()
    await bot.server.until(lambda: 200 in posts(bot))
    fallback = bot.server.said(bot.channel)[-1]
    assert fallback.content == CAPTION
    assert fallback.reference is interaction.original  # which shows the photo
    sent = bot.server.calls("POST", "/messages")[-1].body
    assert sent["allowed_mentions"] == {"parse": []}
    assert (await bot.pressed(fallback, 0)).attachments
    await bot.emptied()


async def test_picture_for_an_interaction_that_expired(bot: Stage) -> None:
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    bot.script.working.clear()
    interaction = await bot.server.press(bot.person, answer, answer.custom_ids[0])
    await bot.server.until(lambda: len(bot.server.downloads) == 2)
    interaction.expired = True
    bot.script.working.set()
    fallback = (await bot.said(2))[-1]
    assert fallback.attachments[0]["filename"] == "attention.gif"
    assert fallback.attachments[0]["description"]


async def test_too_many_calls_are_repeated_when_discord_says(bot: Stage) -> None:
    bot.server.fail("POST", CHANNEL, 429, times=2, retry_after=0.05)
    bot.server.fail("PATCH", ORIGINAL, 429, retry_after=0.05)
    await bot.mention("cat.jpg")
    assert [m.content for m in await bot.said()] == [CAPTION]
    assert posts(bot) == [429, 429, 200]
    assert (await bot.answered(await bot.use_caption())).content == CAPTION


@pytest.mark.parametrize("status", [500, 503, 0])
async def test_error_that_passes_is_waited_out(bot: Stage, status: int) -> None:
    bot.server.fail("POST", CHANNEL, status, times=2)
    await bot.mention("cat.jpg")
    assert [m.content for m in await bot.said()] == [CAPTION]
    await bot.emptied()
    assert posts(bot) == [status, status, 200]


@pytest.mark.parametrize("status", [502, 0])
async def test_error_that_passes_while_a_command_is_answered(bot: Stage, status: int) -> None:
    bot.server.fail("PATCH", ORIGINAL, status, times=2)
    message = await bot.answered(await bot.use_caption())
    await bot.server.until(lambda: bool(message.attachments))
    assert message.content == CAPTION
    await bot.emptied()


@pytest.mark.parametrize(("status", "code"), [(404, 10003), (400, 50035)])
async def test_error_that_stays_ends_that_answer_alone(
    bot: Stage, status: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    bot.server.fail("POST", CHANNEL, status, code=code)
    await bot.mention("cat.jpg")
    await logged(caplog, f"cannot be delivered: HTTP {status}, code {code}")
    await bot.emptied()
    assert posts(bot) == [status]
    await bot.mention("dog.jpg", "x.txt")
    assert [m.content for m in await bot.said()] == [CAPTION]


async def test_one_that_waits_holds_up_no_other(bot: Stage) -> None:
    bot.server.fail("POST", CHANNEL, 429, retry_after=3600.0)
    await bot.mention("cat.jpg")
    await bot.server.until(lambda: posts(bot) == [429])
    assert (await bot.answered(await bot.use_caption())).content == CAPTION


async def delivered(attempt: Callable[[], Awaitable[None]]) -> bool:
    """Whether what is delivered by such attempts arrives."""

    class Messenger(DiscordMessenger):
        async def _attempt(self, *_: object) -> None:
            await attempt()

    messenger = Messenger(discord.Client(intents=discord.Intents.none()))
    return await messenger.deliver(DiscordPlace(channel=1), Payload("a dog"), key="1")


async def test_longer_limits_are_waited_for_too() -> None:
    tries: list[float] = []
    clock = asyncio.get_running_loop().time

    async def attempt() -> None:
        tries.append(clock())
        if len(tries) == 1:
            raise discord.RateLimited(1.5)

    assert await delivered(attempt)
    assert tries[1] - tries[0] >= 1.5


async def test_limit_that_is_longer_than_an_answer_is_worth(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def attempt() -> None:
        raise discord.RateLimited(2 * PATIENCE)

    assert not await delivered(attempt)
    assert "given up" in caplog.text


async def test_typing_that_may_not_be_shown_is_not_tried_again(bot: Stage) -> None:
    bot.server.fail("POST", "/typing$", 403, code=50013)
    await bot.mention("cat.jpg")
    await bot.said()
    assert [r.status for r in bot.server.calls("POST", "/typing")] == [403]


async def test_reply_that_the_bot_may_not_make_is_a_plain_message(bot: Stage) -> None:
    bot.server.fail("POST", CHANNEL, 400, code=160002)
    await bot.mention("cat.jpg")
    (message,) = await bot.said()
    assert message.content == CAPTION
    assert message.reference is None


async def test_answer_that_was_deleted_meanwhile(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bot.script.working.clear()
    interaction = await bot.use_caption()
    await bot.server.until(lambda: bool(interaction.original and interaction.original.attachments))
    assert interaction.original is not None
    interaction.original.deleted = True
    bot.script.working.set()
    await logged(caplog, "cannot be delivered: HTTP 404, code 10008")
    await bot.emptied()
    assert bot.server.said(bot.channel) == [interaction.original]


async def test_message_that_arrives_twice_is_answered_once(bot: Stage) -> None:
    await bot.mention("cat.jpg", times=3)
    await bot.said()
    await bot.mention("dog.jpg", times=2)
    await bot.said(2)
    await bot.emptied()
    assert len(bot.server.said(bot.channel)) == 2
    # The first answer is known by now: it must not be given again.
    seen = len(bot.server.downloads)
    repeated = bot.server.gateway.sessions["session-1"].events[-5:]
    for event in repeated:
        await bot.server.gateway.dispatch(event["t"], event["d"])
    await bot.answered(await bot.server.command(bot.person, "help"))
    await bot.server.until(lambda: len(bot.server.downloads) >= seen + 2)
    await bot.emptied()
    await bot.stop()
    assert len([m for m in bot.server.said(bot.channel) if m.content == CAPTION]) == 2


async def test_interaction_that_arrives_twice_is_answered_once(bot: Stage) -> None:
    interaction = await bot.use_caption()
    event = bot.server.gateway.sessions["session-1"].events[-1]
    await bot.server.gateway.dispatch(event["t"], event["d"])
    assert (await bot.answered(interaction)).content == CAPTION
    await bot.server.until(lambda: len(bot.server.calls("POST", "/callback")) == 2)
    await bot.emptied()
    assert len(bot.jobs) == 1


async def test_answers_of_while_the_bot_was_down_are_given_when_it_is_back(bot: Stage) -> None:
    bot.script.working.clear()
    interaction = await bot.use_caption()
    await bot.mention("cat.jpg")
    await bot.server.until(lambda: bool(interaction.original and interaction.original.attachments))
    await _accepted(bot, 2)
    await bot.stop()
    bot.script.working.set()
    await bot.start()
    assert (await bot.answered(interaction)).content == CAPTION
    await bot.server.until(lambda: 200 in posts(bot))
    await bot.emptied()


async def _accepted(bot: Stage, count: int) -> None:
    async with asyncio.timeout(60):
        while await bot.queue.depth() < count:
            await asyncio.sleep(0.01)


async def test_end_between_the_mark_and_the_sending_loses_no_answer(
    server: DiscordServer,
) -> None:
    async with stage(server, MemoryQueue(Limits(visibility=1.0))) as bot:
        bot.script.working.clear()
        await bot.mention("cat.jpg")
        await _accepted(bot, 1)
        await bot.stop()
        bot.script.working.set()
        (delivery,) = await bot.queue.take_replies("discord", "died", wait=60.0)
        await bot.queue.mark_sent(delivery.reply.job_id)
        await bot.start()
        assert [m.content for m in await bot.said()] == [CAPTION]
        await bot.emptied()


async def test_end_between_the_sending_and_its_record_doubles_no_answer(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(server, MemoryQueue(Limits(visibility=1.0))) as bot:

        async def hang(_: object) -> None:
            await asyncio.Event().wait()

        with monkeypatch.context() as patch:
            patch.setattr(bot.service, "done", hang)
            await bot.mention("cat.jpg")
            interaction = await bot.use_caption()
            await bot.said()
            await bot.answered(interaction)
            await bot.stop()
        await bot.start()
        await bot.emptied()
        assert posts(bot) == [200, 200]
        assert len([m for m in server.said(bot.channel) if m.reference]) == 1


async def test_reply_with_a_foreign_context_is_dropped(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    reply = bot.script.reply
    bot.script.reply = lambda job: replace(reply(job), context={"chat": 1})
    await bot.mention("cat.jpg")
    await logged(caplog, "could not be sent and is dropped")
    await bot.emptied()
    bot.script.reply = reply
    await bot.mention("dog.jpg", "x.txt")
    assert [m.content for m in await bot.said()] == [CAPTION]


async def test_error_of_ours_is_told_and_spoils_nothing_else(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*_: object) -> None:
        raise RuntimeError("a defect")

    async def fail(*_: object) -> None:
        defect()

    with monkeypatch.context() as patch:
        patch.setattr("bot.chat.delivery.render", defect)
        assert (await bot.answered(await bot.use_caption())).content == say("internal")
    with monkeypatch.context() as patch:
        patch.setattr(bot.queue, "submit_unless_cached", fail)
        assert (await bot.answered(await bot.use_caption(name="b.jpg"))).content == say("internal")
    await bot.emptied()
    assert (await bot.answered(await bot.use_caption(name="c.jpg"))).content == CAPTION


async def test_answer_that_comes_too_late_to_be_acknowledged(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    bot.server.fail("POST", "/callback$", 404, code=10062)
    await bot.use_caption()
    await logged(caplog, "answered already, or too late")
    assert bot.jobs == []
    assert (
        say("help-discord", **USUAL)
        == (await bot.answered(await bot.server.command(bot.person, "help"))).content
    )
