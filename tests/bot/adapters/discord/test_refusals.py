"""What cannot be captioned is refused with a sentence, and nothing is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web

from bot.adapters.discord import CDN
from bot.chat.refusals import Refusal
from bot.locales import say
from bot.media.downloads import Downloads
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.bot.adapters.discord.stage import CAPTION, Stage, stage
from tests.support.discord_server import DiscordServer
from tests.support.photos import hostile, photo


class Elsewhere:
    """A server that no bot of ours has any business with."""

    def __init__(self) -> None:
        self.visits = 0
        self.url = ""

    async def visit(self, _: web.Request) -> web.Response:
        self.visits += 1
        return web.Response(body=photo())


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    place = Elsewhere()
    app = web.Application()
    app.router.add_get("/{tail:.*}", place.visit)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield place
    await runner.cleanup()


async def sentence_for(bot: Stage, name: str, data: bytes, **claims: Any) -> str:
    """What the bot says to a file that somebody mentions it with."""
    attachment = bot.server.world.attachment(name, data, **claims)
    text = f"<@{bot.server.world.bot.id}>"
    await bot.server.post(bot.person, bot.channel, text, attachments=[attachment])
    return (await bot.said())[-1].content


def as_received(data: dict[str, Any]) -> discord.Attachment:
    """An attachment as discord.py hands it to the bot, without a connection."""
    made: Any = discord.Attachment
    attachment: discord.Attachment = made(data=data, state=SimpleNamespace(http=None))
    return attachment


@pytest.mark.parametrize(
    ("name", "content_type", "sentence"),
    [
        ("notes.txt", None, say("not_an_image")),
        ("archive.zip", None, say("not_an_image")),
        ("film.mp4", None, say("unsupported", kind="video")),
        ("song.ogg", "audio/ogg; codecs=opus", say("unsupported", kind="audio")),
        ("drawing.svg", None, say("unsupported", kind="svg")),
        ("paper.pdf", None, say("unsupported", kind="pdf")),
        ("cat.jpg", "text/plain; charset=utf-8", say("not_an_image")),
    ],
)
async def test_not_a_picture_is_refused_without_fetching_it(
    bot: Stage, name: str, content_type: str | None, sentence: str
) -> None:
    assert await sentence_for(bot, name, b"data", content_type=content_type) == sentence
    assert bot.server.downloads == []
    assert bot.jobs == []


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("truncated JPEG", say("damaged")),
        ("text named .jpg", say("not_an_image")),
        ("empty file", say("empty")),
        ("1 x 1 pixel", None),
        ("50,000 x 50,000 PNG header", None),
    ],
)
async def test_broken_files_are_refused_by_intake(
    bot: Stage, what: str, sentence: str | None
) -> None:
    said = await sentence_for(bot, "cat.jpg", hostile()[what].data)
    assert sentence is None or said == sentence
    assert said != CAPTION
    assert bot.jobs == []
    await bot.emptied()


async def test_file_without_a_type_is_looked_at(bot: Stage) -> None:
    said = await sentence_for(bot, "cat", photo(), content_type="application/octet-stream")
    assert said == CAPTION


async def test_too_large_is_refused_before_it_is_fetched(bot: Stage) -> None:
    said = await sentence_for(bot, "cat.jpg", photo(), size=20_000_001)
    assert said == say("too_large", limit=20)
    assert bot.server.downloads == []


async def test_too_large_given_to_a_command_is_told_to_nobody_else(bot: Stage) -> None:
    attachment = bot.server.world.attachment("cat.jpg", photo(), size=20_000_001)
    message = await bot.answered(await bot.server.caption(bot.person, attachment))
    assert message.content == say("too_large", limit=20)
    assert message.flags & 64


async def test_damaged_photo_given_to_a_command(bot: Stage) -> None:
    message = await bot.answered(await bot.use_caption(hostile()["truncated JPEG"].data))
    assert message.content == say("damaged")
    assert not message.loading


async def test_file_larger_than_it_says_is_not_read_to_its_end(server: DiscordServer) -> None:
    async with stage(server, start=False) as bot:
        bot.service.max_bytes = 1_000_000
        await bot.start()
        said = await sentence_for(bot, "cat.jpg", photo() + bytes(2_000_000), size=1000)
        assert said == say("too_large", limit=1)


async def test_file_that_is_gone(bot: Stage) -> None:
    attachment = bot.server.world.attachment("cat.jpg", photo())
    bot.server.world.files.clear()
    message = await bot.answered(await bot.server.caption(bot.person, attachment))
    assert message.content == say("photo-removed")
    await bot.emptied()


@pytest.mark.parametrize(
    "address",
    [
        "{elsewhere}/cat.jpg",
        "{cdn}@{host}/cat.jpg",
        "http://user:secret@{cdn_host}/attachments/cat.jpg",
        "http://{host}/{cdn}/cat.jpg",
        "http://{host}#{cdn}/attachments/cat.jpg",
        "https://{cdn_host}/cat.jpg",
        "//{host}/cat.jpg",
        "file:///etc/passwd",
        "/etc/passwd",
        "http://[::1/cat.jpg",
        "http://127.0.0.1:999999/cat.jpg",
        "",
    ],
)
async def test_hostile_addresses_are_not_fetched(
    bot: Stage, elsewhere: Elsewhere, address: str
) -> None:
    url = address.format(
        elsewhere=elsewhere.url, cdn=bot.server.url, host=elsewhere.url.removeprefix("http://"),
        cdn_host=bot.server.url.removeprefix("http://"),
    )  # fmt: skip
    attachment = bot.server.world.attachment("cat.jpg", photo())
    attachment["url"] = attachment["proxy_url"] = url
    message = await bot.answered(await bot.server.caption(bot.person, attachment))
    assert message.content == say("download-failed")
    assert elsewhere.visits == 0
    assert bot.server.downloads == []


async def test_redirects_are_not_followed(bot: Stage, elsewhere: Elsewhere) -> None:
    attachment = bot.server.world.attachment("cat.jpg", photo())
    bot.server.redirect_to = f"{elsewhere.url}/cat.jpg"
    message = await bot.answered(await bot.server.caption(bot.person, attachment))
    assert message.content == say("download-failed")
    assert len(bot.server.downloads) == 1
    assert elsewhere.visits == 0


async def test_download_that_never_comes_is_given_up(server: DiscordServer) -> None:
    server.cdn_open.clear()
    attachment = as_received(server.world.attachment("cat.jpg", photo()))
    async with aiohttp.ClientSession() as session:
        downloads = Downloads(session, max_bytes=1000, origins=[server.url], seconds=0.3)
        with pytest.raises(Refusal) as refused:
            await downloads.fetch(attachment.url)
    assert refused.value.code == "download-slow"


async def test_only_discords_own_file_servers_unless_told_otherwise() -> None:
    async with aiohttp.ClientSession() as session:
        downloads = Downloads(session, max_bytes=1000, origins=CDN)
        for address in ("https://cdn.discordapp.com.evil.example/a", "http://cdn.discordapp.com/a"):
            with pytest.raises(Refusal):
                await downloads.fetch(address)


async def test_person_with_too_much_in_flight(server: DiscordServer) -> None:
    async with stage(server, MemoryQueue(Limits(per_person=1))) as bot:
        bot.script.working.clear()
        await bot.mention("cat.jpg")
        await bot.mention("dog.png")
        assert (await bot.said())[0].content == say("person-busy")
        bot.script.working.set()
        assert {m.content for m in await bot.said(2)} == {say("person-busy"), CAPTION}


async def test_queue_that_is_full(server: DiscordServer) -> None:
    async with stage(server, MemoryQueue(Limits(depth=1))) as bot:
        bot.script.working.clear()
        await bot.mention("cat.jpg")
        await bot.mention("dog.png")
        (message,) = await bot.said()
        assert message.content.startswith("A lot of photos are waiting")
