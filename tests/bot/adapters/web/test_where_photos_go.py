"""What the page says of where a photo goes, as the workers say it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import aiohttp
import pytest

from bot.locales import say
from tests.support.scripted_worker import ENGLISH_ONLY, ScriptedCaptions
from tests.support.web_server import WebServer, web_server

AWAY = replace(ENGLISH_ONLY, sends_photos_to=("api.example",))
SAID = ("page-yours-text", "page-embed")


async def _ready(server: WebServer) -> None:
    while not (await server.queue.workers()).ready:
        await asyncio.sleep(0.01)


async def test_that_it_is_not_known_as_long_as_no_worker_was_heard_of() -> None:
    async with web_server(working=False) as server, aiohttp.ClientSession() as session:
        for lang in ("en", "de", "ar"):
            async with session.get(f"{server.url}/?lang={lang}") as response:
                page = await response.text()
            for text_id in SAID:
                assert say(f"{text_id}-unknown", lang) in page
                assert say(text_id, lang) not in page


@pytest.mark.parametrize("confident", [False, True])
async def test_the_page_shows_only_what_the_model_does(*, confident: bool) -> None:
    plain = replace(ENGLISH_ONLY, attention=False, confidence=confident)
    captions = ScriptedCaptions(capabilities=plain)
    async with web_server(captions=captions) as server, aiohttp.ClientSession() as session:
        await _ready(server)
        async with session.get(f"{server.url}/") as response:
            page = await response.text()
        assert say("page-lead-plain") in page
        assert "looked" not in page[page.index("<main") : page.index("<noscript")]
        assert ('<section id="certainty" data-needs="confidence" hidden' in page) is not confident
        assert say("page-certainty-text-plain") in page
        async with session.get(f"{server.url}/static/manifest.webmanifest") as response:
            manifest = json.loads(await response.text())
        assert manifest["description"] == say("page-description-plain")


@pytest.mark.parametrize("away", [False, True], ids=["here", "away"])
async def test_where_photos_go_on_the_page(*, away: bool) -> None:
    captions = ScriptedCaptions(capabilities=AWAY if away else ENGLISH_ONLY)
    async with web_server(captions=captions) as server, aiohttp.ClientSession() as session:
        await _ready(server)
        for lang in ("en", "de", "ar"):
            async with session.get(f"{server.url}/?lang={lang}") as response:
                page = await response.text()
            async with session.get(f"{server.url}/static/texts/{lang}.json") as response:
                texts = await response.json()
            for text_id in SAID:
                stays = say(text_id, lang)
                goes = say(f"{text_id}-elsewhere", lang, hosts="api.example")
                assert texts[text_id] == (goes if away else stays)
                assert (goes in page) is away
                assert (stays in page) is not away
                assert f"{text_id}-elsewhere" not in texts
