"""What the page says of where a photo goes, as the workers say it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp
import pytest

from bot.locales import say
from tests.support.scripted_worker import ENGLISH_ONLY, ScriptedCaptions
from tests.support.web_server import web_server

AWAY = replace(ENGLISH_ONLY, sends_photos_to=("api.example",))
SAID = ("page-yours-text", "page-embed")


@pytest.mark.parametrize("away", [False, True], ids=["here", "away"])
async def test_where_photos_go_on_the_page(*, away: bool) -> None:
    captions = ScriptedCaptions(capabilities=AWAY if away else ENGLISH_ONLY)
    async with web_server(captions=captions) as server, aiohttp.ClientSession() as session:
        while not (await server.queue.workers()).ready:
            await asyncio.sleep(0.01)
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
