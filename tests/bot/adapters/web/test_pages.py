"""The language of an answer, and the page's texts as a browser gets them."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
import yarl
from babel import Locale
from babel.numbers import format_decimal

from bot.adapters.web.capabilities import Facts, best, by_wish
from bot.adapters.web.pages import Text, page_texts
from bot.chat.capabilities import UNKNOWN
from bot.locales import languages, say
from tests.bot.test_locales import FIGURES, messages
from tests.support.scripted_worker import jpeg
from tests.support.web_server import form, web_server


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("tlh, pt-BR;q=0.5, fr;q=0.7", "fr"),
        ("fr;q=0, es;q=0.1", "es"),
        ("*", "en"),
        ("AR-eg", "ar"),
        ("de;q=high, it", "it"),
        ("en-GB;q=0.9, zh-Hant-TW", "zh"),
        (";;;,,,q=1", "en"),
        ("xx, " * 1000 + "de", "en"),
    ],
)
def test_the_most_wanted_language_that_there_is(accepted: str, lang: str) -> None:
    assert best(by_wish(accepted)) == lang


def formatted(text: Text, lang: str, args: dict[str, Any]) -> str:
    """What the page's script makes of a text."""
    if isinstance(text, str):
        return text
    said = ""
    for part in text:
        if isinstance(part, str):
            said += part
        elif "value" in part:
            value = args[str(part["value"])]
            said += value if isinstance(value, str) else format_decimal(value, locale=lang)
        else:
            value, cases = args[str(part["choose"])], part["cases"]
            assert isinstance(cases, dict)
            key = value if isinstance(value, str) else Locale(lang).plural_form(value)
            said += formatted(cases.get(str(key), cases[str(part["otherwise"])]), lang, args)
    return said


@pytest.mark.parametrize("lang", languages())
def test_a_browser_says_what_the_server_would(lang: str) -> None:
    texts = page_texts(lang)
    known = messages("en")
    ours = {text_id for text_id in known if text_id.startswith("page-")}
    instead = ("-elsewhere", "-unknown", "-plain")
    assert {text_id for text_id in ours if not text_id.endswith(instead)} == texts.keys() & ours
    for text_id, text in texts.items():
        for number in (0, 1, 2, 3, 5, 11, 21, 100, 1_000_000):
            args = {
                name: number if isinstance(FIGURES[name], int) else FIGURES[name]
                for name in known[text_id]
            }
            assert formatted(text, lang, args) == say(text_id, lang, **args), text_id
            if not known[text_id]:
                break


@pytest.mark.parametrize("lang", languages())
def test_the_page_speaks_of_what_the_model_does(lang: str) -> None:
    usual, plain = page_texts(lang), page_texts(lang, Facts(attention=False))
    changed = {text_id for text_id, text in usual.items() if plain[text_id] != text}
    assert changed == {"page-description", "page-lead", "page-how-text", "page-certainty-text"}
    for text_id in changed:
        assert plain[text_id] == say(f"{text_id}-plain", lang)


@pytest.mark.parametrize("place", ["top", "nowhere", "unknown"])
def test_a_browser_chooses_by_words_as_the_server_does(place: str) -> None:
    for lang in languages():
        args = {"word": "dog", "sure": "no", "place": place}
        assert formatted(page_texts(lang)["page-word"], lang, args) == say(
            "page-word", lang, **args
        )


def test_what_the_script_could_not_format_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.web.pages.source", lambda _: "page-x = { NUMBER(1) }\n")
    page_texts.cache_clear()
    with pytest.raises(ValueError, match="cannot say"):
        page_texts("en")
    page_texts.cache_clear()


async def test_each_language_is_served_as_it_is_asked_for() -> None:
    async with web_server(working=False) as server, aiohttp.ClientSession() as client:
        tags = set()
        for lang in languages():
            headers = {"Accept-Language": f"{lang};q=0.9, en;q=0.1"}
            async with client.get(f"{server.url}/", headers=headers) as response:
                body = await response.text()
                assert response.headers["Content-Language"] == lang
                assert response.headers["Vary"] == "Accept-Language"
                tags.add(response.headers["ETag"])
            direction = "rtl" if lang == "ar" else "ltr"
            assert f'<html lang="{lang}" dir="{direction}"' in body
            assert say("page-title", lang) in body
            assert f'<option value="{lang}" lang="{lang}" selected>' in body
            async with client.get(f"{server.url}/?lang={lang}") as response:
                assert await response.text() == body
            async with client.get(f"{server.url}/static/texts/{lang}.json") as response:
                assert response.content_type == "application/json"
                texts = await response.json()
            assert texts == page_texts(lang, Facts(hosts=UNKNOWN))
            start = body.index('type="application/json">') + len('type="application/json">')
            assert json.loads(body[start : body.index("</script>", start)]) == texts
            address = f"{server.url}/static/manifest.webmanifest"
            async with client.get(f"{address}?lang={lang}") as response:
                assert response.content_type == "application/manifest+json"
                manifest = json.loads(await response.text())
            assert manifest["description"] == say("page-description", lang)
            base = yarl.URL(address)
            assert str(base.join(yarl.URL(manifest["start_url"]))) == f"{server.url}/"
            for icon in manifest["icons"]:
                async with client.get(base.join(yarl.URL(icon["src"]))) as response:
                    assert response.content_type == icon["type"]
        assert len(tags) == len(languages())


async def test_a_refusal_is_in_the_language_asked_for() -> None:
    async with web_server() as server, aiohttp.ClientSession() as client:
        url = f"{server.url}/api/captions"
        headers = {"Accept-Language": "de-CH, en;q=0.5"}
        async with client.post(url, data=form(b"no photo"), headers=headers) as response:
            said = await response.json(content_type="application/problem+json")
            assert response.headers["Content-Language"] == "de"
        assert said["title"] == say("problem-not_an_image", "de")
        assert said["detail"] == say("not_an_image", "de")
        async with client.post(url, data=form(b"no photo")) as response:
            said = await response.json(content_type="application/problem+json")
        assert said["detail"] == say("not_an_image")
        steps = {"Accept": "application/x-ndjson", "Accept-Language": "ja"}
        async with client.get(f"{server.url}/nowhere", headers=steps) as response:
            said = await response.json(content_type="application/problem+json")
        assert said["title"] == say("problem-not_found", "ja")
        async with client.post(url, data=form(jpeg()), headers=headers) as response:
            assert (await response.json())["caption"] == "a red picture"
