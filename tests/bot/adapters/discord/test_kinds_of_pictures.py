"""Pictures that are no attachments: previews of links, stickers, galleries. None from elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage, stranger
from tests.support.photos import photo

PNG, APNG, LOTTIE, GIF = 1, 2, 3, 4  # formats of stickers


def hosted(bot: Stage, path: str = "/external/abc/https/example.org/cat.jpg") -> str:
    """The address of a copy that Discord made."""
    bot.server.world.files[path] = photo()
    return f"{bot.server.url}{path}"


def embed(proxy_url: str | None, url: str = "https://example.org/cat.jpg") -> dict[str, Any]:
    media = {"url": url, "width": 64, "height": 64} | (
        {"proxy_url": proxy_url} if proxy_url else {}
    )
    return {"type": "image", "url": url, "thumbnail": media}


def sticker(bot: Stage, kind: int, data: bytes) -> dict[str, Any]:
    ident = bot.server.world.snowflake()
    ending = {LOTTIE: "json", GIF: "gif"}.get(kind, "png")
    bot.server.world.files[f"/stickers/{ident}.{ending}"] = data
    return {"id": str(ident), "name": "wave", "format_type": kind}


def media(address: str) -> dict[str, Any]:
    return {"url": address, "proxy_url": address, "content_type": "image/jpeg"}


def gallery(address: str, *, spoiler: bool = False) -> list[dict[str, Any]]:
    items = [{"media": media(address), "description": None, "spoiler": spoiler}]
    nested = {"type": 12, "id": 2, "items": items}
    return [{"type": 17, "id": 1, "accent_color": None, "spoiler": False, "components": [nested]}]


async def chosen(bot: Stage, **extra: Any) -> str:
    """What is said of a message by its menu."""
    message = await bot.server.post(stranger(bot.server), bot.channel, **extra)
    interaction = await bot.server.choose(bot.person, message, "Caption this image")
    return (await bot.answered(interaction)).content


async def test_preview_of_a_link(bot: Stage) -> None:
    said = await chosen(bot, content="https://example.org/cat.jpg", embeds=[embed(hosted(bot))])
    assert said == CAPTION
    assert bot.server.downloads == ["/external/abc/https/example.org/cat.jpg"]


async def test_preview_of_a_covered_link_is_covered(bot: Stage) -> None:
    said = await chosen(bot, content="||https://example.org/cat.jpg||", embeds=[embed(hosted(bot))])
    assert said == f"||{CAPTION}||"


async def test_preview_that_comes_after_the_question(bot: Stage) -> None:
    bot.server.world.shows_everything = True
    text = f"<@{bot.server.world.bot.id}> https://example.org/cat.jpg"
    asked = await bot.server.post(bot.person, bot.channel, text)
    await bot.server.preview(asked, embed(hosted(bot)))
    (message,) = await bot.said()
    assert message.content == CAPTION
    assert message.reference is asked


@pytest.mark.parametrize(
    "address",
    [
        "https://media.discordapp.net.evil.example/cat.jpg",
        "https://cdn.discordapp.com@evil.example/cat.jpg",
        "https://cdn.discordapp.com:8443/cat.jpg",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
    ],
)
async def test_address_that_only_looks_like_discords_is_not_fetched(
    bot: Stage, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    said = await chosen(bot, content="look", embeds=[embed(address)])
    assert said == say("download-failed")
    assert "none of the platform's file servers" in caplog.text
    assert bot.server.downloads == []


async def test_picture_of_somebody_elses_server_is_none(bot: Stage) -> None:
    said = await chosen(bot, content="look", embeds=[embed(None)])
    assert said == say("no-picture-in-message")
    assert bot.server.downloads == []


@pytest.mark.parametrize(("kind", "form"), [(PNG, "PNG"), (APNG, "PNG"), (GIF, "GIF")])
async def test_stickers(bot: Stage, kind: int, form: str) -> None:
    said = await chosen(bot, sticker_items=[sticker(bot, kind, photo(format=form))])
    assert said == CAPTION


async def test_sticker_that_is_a_drawing(bot: Stage) -> None:
    assert await chosen(bot, sticker_items=[sticker(bot, LOTTIE, b"{}")]) == say("moving-sticker")
    assert bot.server.downloads == []


async def test_sticker_of_no_bytes(bot: Stage) -> None:
    assert await chosen(bot, sticker_items=[sticker(bot, PNG, b"")]) == say("empty")


@pytest.mark.parametrize("spoiler", [False, True])
async def test_gallery(bot: Stage, spoiler: bool) -> None:
    components = gallery(hosted(bot, "/attachments/1/2/cat.jpg"), spoiler=spoiler)
    said = await chosen(bot, components=components, flags=1 << 15)
    assert said == (f"||{CAPTION}||" if spoiler else CAPTION)


async def test_attachment_goes_before_a_preview(bot: Stage) -> None:
    files = bot.photos("dog.jpg")
    said = await chosen(bot, attachments=files, content="x", embeds=[embed(hosted(bot))])
    assert said == CAPTION
    assert [path.rsplit("/", 1)[1] for path in bot.server.downloads] == ["dog.jpg"]
