"""Whatever a message says: nobody but Discord and its file server is contacted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage
from tests.support.discord_server import DiscordServer
from tests.support.photos import photo
from tests.support.watching import Trap, trap, watched


@contextmanager
def only_discord(server: DiscordServer, caught: Trap) -> Iterator[None]:
    with watched() as contacts:
        yield
    assert contacts.addresses <= {("127.0.0.1", int(server.url.rpartition(":")[2]))}
    assert contacts.names <= {"127.0.0.1"}
    assert contacts.others == []
    assert caught.visits == 0


@pytest.mark.parametrize(
    "address",
    [
        "http://{trap}/cat.jpg", "http://{cdn}@{trap}/cat.jpg", "http://{cdn}:80@{trap}/cat.jpg",
        "http://{cdn}\\@{trap}/cat.jpg", "http://{trap}\\@{cdn}/cat.jpg", "http://{cdn}.{trap}/a",
        "http://127.0.0.1/attachments/cat.jpg", "http://[::1]:{port}/cat.jpg",
        "http://[::ffff:127.0.0.1]:{port}/cat.jpg", "http://2130706433:{port}/cat.jpg",
        "http://0x7f.1:{port}/cat.jpg", "http://127.1:{port}/cat.jpg", "http://0:{port}/cat.jpg",
        "http://localhost:{port}/cat.jpg", "http://①②⑦.⓪.⓪.①:{port}/cat.jpg",
        "https://{cdn}/attachments/cat.jpg", "ftp://{trap}/cat.jpg", "gopher://{trap}/_x",
        "unix:///var/run/docker.sock", "data:image/png;base64,AAAA", "http://{cdn} {trap}/cat.jpg",
        "http://{cdn}\r\nHost: {trap}/cat.jpg", "http://{cdn}%2f@{trap}/", "http:///{trap}/a",
    ],
)  # fmt: skip
async def test_where_an_attachment_lies_decides_whether_it_is_fetched(
    bot: Stage, address: str
) -> None:
    cdn = bot.server.url.removeprefix("http://")
    async with trap() as caught:
        attachment = bot.server.world.attachment("cat.jpg", photo())
        filled = address.format(trap=caught.address, port=caught.port, cdn=cdn)
        attachment["url"] = attachment["proxy_url"] = filled
        with only_discord(bot.server, caught):
            asked = await bot.server.caption(bot.person, attachment)
            message = await bot.answered(asked)
    assert message.content in {say("download-failed"), say("photo-removed")}
    assert bot.jobs == []


async def test_other_addresses_in_a_message_are_not_visited(bot: Stage) -> None:
    async with trap() as caught:
        url = f"http://{caught.address}/x.jpg"
        embed: dict[str, Any] = {
            "type": "image", "url": url, "title": url, "description": f"[x]({url})",
            "image": {"url": url, "proxy_url": url}, "thumbnail": {"url": url, "proxy_url": url},
            "video": {"url": url}, "author": {"name": "a", "url": url, "icon_url": url},
            "footer": {"text": url, "icon_url": url}, "provider": {"name": "p", "url": url},
        }  # fmt: skip
        attachment = bot.server.world.attachment("cat.jpg", photo(), description=url)
        attachment["proxy_url"] = url  # never asked: the attachment's own address is
        text = f"<@{bot.server.world.bot.id}> {url} ![x]({url}) <{url}>"
        payload = bot.server.world.payload

        def with_embed(*args: Any, **options: Any) -> dict[str, Any]:
            return {**payload(*args, **options), "embeds": [embed]}

        bot.server.world.payload = with_embed  # type: ignore[method-assign]  # this world alone
        with only_discord(bot.server, caught):
            await bot.server.post(bot.person, bot.channel, text, attachments=[attachment])
            assert [message.content for message in await bot.said()] == [CAPTION]
            await bot.emptied()


async def test_the_file_server_cannot_send_us_on(bot: Stage) -> None:
    async with trap() as caught:
        bot.server.redirect_to = f"http://{caught.address}/cat.jpg"
        with only_discord(bot.server, caught):
            message = await bot.answered(await bot.use_caption())
        assert message.content == say("download-failed")
