"""Captions in the language of the page, or in the one chosen for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.adapters.web import WebOptions
from bot.locales import say
from tests.support.browser import watched_page
from tests.support.scripted_worker import ScriptedCaptions, speaks
from tests.support.web_server import WebServer, web_server
from tests.system.page.steps import BLUE, RED, cards, choose, fits, words
from tests.system.page.test_aloud import VOICE, spoken

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(loop_scope="package")
async def multilingual() -> AsyncIterator[WebServer]:
    captions = ScriptedCaptions(capabilities=speaks("en", "de", "ar", "zh"))
    async with web_server(captions=captions, options=WebOptions(per_minute=0)) as server:
        while not (await server.queue.workers()).ready:  # it announces itself in a moment
            await asyncio.sleep(0.01)
        yield server


async def in_language(page: Page, text: str, language: str, direction: str) -> None:
    """The sentence, and which language the browser takes it for."""
    sentence = page.locator("#sentence")
    await expect(sentence).to_have_text(text)
    await expect(sentence).to_have_attribute("lang", language)
    await expect(sentence).to_have_attribute("dir", direction)
    await expect(page.locator("#words")).to_have_attribute("dir", direction)


async def test_captions_are_in_the_language_of_the_page_until_another_is_chosen(
    browser: Browser, multilingual: WebServer
) -> None:
    async with watched_page(
        browser,
        multilingual.url,
        locale="de",
        reduced_motion="reduce",
        viewport={"width": 390, "height": 844},
    ) as page:
        await page.add_init_script(VOICE)
        await page.reload()
        captions = page.get_by_label(say("page-captions", "de"))
        await expect(captions.locator("option")).to_have_text(
            [say("page-captions-auto", "de"), "English", "Deutsch", "العربية", "简体中文"]
        )
        await choose(page, RED)
        await in_language(page, "Ein Bild in Rot.", "de", "ltr")
        await captions.select_option("ar")  # the photo is captioned anew
        await in_language(page, "صورة حمراء.", "ar", "rtl")
        await fits(page, 390)
        await words(page).nth(0).focus()
        first, second = [await words(page).nth(n).bounding_box() for n in (0, 1)]
        assert first is not None
        assert second is not None
        assert first["x"] > second["x"]
        await page.keyboard.press("ArrowLeft")  # on to the next word, as it is read
        await expect(words(page).nth(1)).to_be_focused()
        await expect(page.locator("#reading")).to_contain_text("\u2068حمراء\u2069")
        await page.locator("#read").press("Enter")
        await captions.select_option("zh")
        await in_language(page, "一张红色的图片。", "zh", "ltr")
        await expect(words(page)).to_have_text(["一张", "红色", "的", "图片"])
        await choose(page, [RED, BLUE])
        await expect(cards(page, "done")).to_have_count(2)
        await expect(cards(page).nth(1).locator(".text")).to_have_attribute("lang", "zh")
        await page.locator("#album-read").click()
        number = [say("page-card", "zh", number=n) for n in (1, 2)]
        assert await spoken(page) == [
            "ar: صورة حمراء.",
            f"zh: {number[0]}: 一张红色的图片。",
            f"zh: {number[1]}: 一张蓝色的图片。",
        ]
        await page.reload()
        await expect(captions).to_have_value("zh")


async def test_a_language_that_the_model_lacks_is_told_once(
    browser: Browser, multilingual: WebServer
) -> None:
    async with watched_page(
        browser, multilingual.url, locale="it", reduced_motion="reduce"
    ) as page:
        remark = page.locator("#other-language")
        told = say("page-captions-not-in", "it", wanted="italiano", used="inglese")
        for photo, said in ((RED, told), (BLUE, "")):
            await choose(page, photo)
            await expect(words(page).nth(1)).to_have_text("red" if photo is RED else "blue")
            await expect(remark).to_have_text(said)
            if said:  # buttons stand apart from it
                above, below = (
                    await remark.bounding_box(),
                    await page.locator("#play").bounding_box(),
                )
                assert above
                assert below
                assert below["y"] - above["y"] - above["height"] > 12


async def test_where_there_is_no_choice_none_is_offered(page: Page) -> None:
    await choose(page, RED)
    await expect(words(page)).to_have_count(3)
    await expect(page.locator("#captions-switch")).to_be_hidden()


async def test_a_word_is_called_as_sure_as_its_level_is(page: Page) -> None:
    found = await page.evaluate(
        """async () => {
          const { reading } = await import("./static/say.js");
          const word = { word: "dog", attention: [], sure: true };
          const levels = ["sure", "likely", "doubtful", null, undefined];
          return levels.map((level) => reading({ ...word, level }, [0, 0]).sure);
        }"""
    )
    # The last one is of a history that an earlier version kept.
    assert found == ["yes", "likely", "no", "unknown", "yes"]
