"""Captions in the language that a request asks for."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.locales import say
from tests.support.scripted_worker import ScriptedCaptions, jpeg, speaks
from tests.support.web_server import WebServer, form, problem, web_server

RED = {"en": "a red picture", "de": "ein Bild in Rot", "ar": "صورة حمراء", "zh": "一张红色的图片"}
ADDRESS = "/api/captions"


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    captions = ScriptedCaptions(capabilities=speaks("en", "de", "ar", "zh"))
    async with web_server(captions=captions) as server:
        while not (await server.queue.workers()).ready:  # it announces itself in a moment
            await asyncio.sleep(0.01)
        yield server


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def captioned(
    client: aiohttp.ClientSession,
    server: WebServer,
    field: str | None = None,
    accept: str = "",
    *,
    first: bool = False,
    query: str = "",
) -> dict[str, Any]:
    """The answer to a red photo; the field stands before the photo or behind it."""
    data = aiohttp.FormData()
    if field is not None and first:
        data.add_field("language", field)
    photo = io.BytesIO(jpeg("red"))
    data.add_field("photo", photo, filename="holiday.jpg", content_type="image/jpeg")
    if field is not None and not first:
        data.add_field("language", field)
    headers = {"Accept-Language": accept} if accept else {}
    async with client.post(server.url + ADDRESS + query, data=data, headers=headers) as response:
        assert response.status == 200, await response.text()
        said: dict[str, Any] = await response.json()
        assert response.headers["Content-Language"] == said["language"]
    assert said["caption"] == RED[said["language"]]
    return said


async def test_which_language_it_is(server: WebServer, client: aiohttp.ClientSession) -> None:
    for field, accept, language in (
        (None, "", "en"),
        (None, "it, zh-TW;q=0.8, de;q=0.7", "zh"),
        (None, "it", "en"),
        ("de-AT", "zh", "de"),
        (" auto ", "ar", "ar"),
        ("", "ar", "ar"),
        ("it", "de", "en"),
    ):
        said = await captioned(client, server, field, accept, first=accept == "zh")
        assert said["language"] == language, (field, accept)
    said = await captioned(client, server, query="?lang=de", accept="zh")
    assert said["language"] == "de"
    assert {job.language for job in server.captions.jobs} == {"en", "zh", "de", "ar"}
    assert len(server.captions.jobs) == 4, "each language is cached by itself"


async def test_what_belongs_to_a_caption_is_in_its_language(
    server: WebServer, client: aiohttp.ClientSession
) -> None:
    said = await captioned(client, server, "de")
    assert said["alt_text"] == f"Ein Bild in Rot {say('alt-text-sure', 'de')}"
    async with client.get(server.url + said["attention_gif"]) as response:
        assert response.status == 200
    assert [job.language for job in server.captions.jobs] == ["de", "de"]


@pytest.mark.parametrize("field", ["klingon", "xx", "../de", "d", "\x00", "de" * 100])
async def test_what_is_no_language(
    server: WebServer, client: aiohttp.ClientSession, field: str
) -> None:
    data = form(jpeg("red"))
    data.add_field("language", field)
    headers = {"Accept-Language": "de"}
    async with client.post(server.url + ADDRESS, data=data, headers=headers) as response:
        assert await problem(response) == (400, "unknown_language")
        names = "Englisch, Deutsch, Arabisch, Chinesisch"
        detail = say("detail-unknown_language", "de", languages=names)
        assert (await response.json())["detail"] == detail
    assert not server.captions.jobs


async def languages(client: aiohttp.ClientSession, server: WebServer) -> dict[str, Any]:
    async with client.get(f"{server.url}/api/languages") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        said: dict[str, Any] = await response.json()
        return said


async def test_the_list(server: WebServer, client: aiohttp.ClientSession) -> None:
    said = await languages(client, server)
    assert said["default"] == "en"
    assert [(one["code"], one["name"], one["direction"]) for one in said["languages"]] == [
        ("en", "English", "ltr"),
        ("de", "Deutsch", "ltr"),
        ("ar", "العربية", "rtl"),
        ("zh", "简体中文", "ltr"),
    ]


async def test_a_language_that_the_operator_has_decided(
    server: WebServer, client: aiohttp.ClientSession
) -> None:
    server.service.caption_language = "de"
    assert [one["code"] for one in (await languages(client, server))["languages"]] == ["de"]
    assert (await captioned(client, server, "zh", "ar"))["language"] == "de"


async def test_without_a_worker_the_list_is_what_is_certain(client: aiohttp.ClientSession) -> None:
    async with web_server(working=False) as server:
        said = await languages(client, server)
    assert [one["code"] for one in said["languages"]] == ["en"]
