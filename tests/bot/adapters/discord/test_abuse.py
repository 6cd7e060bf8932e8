"""One person who does whatever a person can do, and everybody else, who must not notice."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.locales import say
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.bot.adapters.discord.stage import CAPTION, Stage, stage, stranger
from tests.fuzz.mutations import TEXTS
from tests.support.discord_server import DiscordServer
from tests.support.photos import photo

FLOOD = 40
_COMPONENT = 3
MADE_UP = (
    "", "alt", "alt:", "alt::", "alt:1:0", "alt:-1:99", "alt:99999999999999999999:0", "delete:",
    "delete:0", "delete:-5", "x" * 100, "attention_gif:1:0\0", "alt:1:0:1", "alt:١:٠",
)  # fmt: skip
SENT = [text[:4000] for text in TEXTS if "\ud800" not in text and "\udfff" not in text]


async def somebody_else_is_answered(bot: Stage) -> None:
    attachment = bot.server.world.attachment("else.jpg", photo(seed=77))
    asked = await bot.server.caption(stranger(bot.server), attachment)
    assert CAPTION in (await bot.answered(asked)).content


async def test_a_flood_is_refused_in_part_and_holds_up_nobody(server: DiscordServer) -> None:
    async with stage(
        server, MemoryQueue(Limits(per_person=5)), limits={"person_per_minute": 20}
    ) as bot:
        bot.script.working.clear()
        for number in range(FLOOD):
            attachment = bot.server.world.attachment("cat.jpg", photo(32, 24, seed=number))
            await server.caption(bot.person, attachment)
        other = server.world.attachment("dog.jpg", photo(seed=99))
        asked = await server.caption(stranger(server), other)
        await server.until(
            lambda: len([i for i in server.world.interactions.values() if i.acknowledged]) > FLOOD
        )
        bot.script.working.set()
        assert (await bot.answered(asked)).content == CAPTION
        await bot.emptied()
        people = [job.person for job in bot.jobs]
        assert len(people) <= 21
        mine = next(n for n, person in enumerate(people) if people.count(person) == 1)
        assert mine <= 4, "a first photo goes before the many of somebody else"


async def test_texts_of_every_kind(bot: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """As messages, as descriptions, as names of files."""
    caplog.set_level(logging.INFO)
    us = bot.server.world.bot.id
    for text in SENT:
        attachment = bot.server.world.attachment(
            "cat.jpg", photo(32, 24), description=text[:1024], content_type="image/jpeg"
        )
        attachment["filename"] = text[:200] or "cat.jpg"
        await bot.server.post(
            bot.person, bot.channel, f"<@{us}>{text}"[:4000], attachments=[attachment]
        )
    await somebody_else_is_answered(bot)
    await bot.emptied()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_message_with_very_many_files(bot: Stage) -> None:
    """Discord takes ten; here are fifty."""
    photos = [bot.server.world.attachment(f"{n}.jpg", photo(32, 24, seed=n)) for n in range(50)]
    await bot.mention(attachments=photos)
    await somebody_else_is_answered(bot)
    await bot.emptied()
    assert all(len(job.photos) <= 10 for job in bot.jobs)


async def test_options_that_nobody_offered(bot: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """As a program sends them that is not Discord's own."""
    caplog.set_level(logging.INFO)
    for text in SENT[::2]:
        asked = await bot.server.command(bot.person, "language", language=text)
        message = await bot.answered(asked)
        assert 0 < len(message.content) <= 2000
    await somebody_else_is_answered(bot)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_buttons_that_nobody_made(bot: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await bot.mention("cat.jpg")
    (answer,) = await bot.said()
    for data in MADE_UP:
        pressed: dict[str, Any] = {"custom_id": data, "component_type": 2}
        await bot.server._interaction(bot.person, bot.channel, _COMPONENT, pressed, pressed=answer)
    await somebody_else_is_answered(bot)
    await bot.emptied()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    said = [message.content for message in bot.server.world.messages.values()]
    assert say("internal") not in said
