"""The page in every language: what it says, which way it runs, and that it fits on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.locales import languages, say
from tests.support.browser import watched_page
from tests.support.web_server import WebServer
from tests.system.page.steps import (
    BLUE,
    RED,
    TEXT,
    captioned,
    cards,
    choose,
    fits,
    words,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.mark.parametrize("lang", languages())
async def test_it_fits_on_a_phone_and_everybody_can_use_it(
    browser: Browser, server: WebServer, lang: str
) -> None:
    """390 pixels wide, in light and dark: nothing sticks out, and axe-core finds nothing."""
    async with watched_page(
        browser,
        server.url,
        locale=lang,
        reduced_motion="reduce",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    ) as page:
        await expect(page.locator("html")).to_have_attribute("lang", lang)
        await expect(page.locator("html")).to_have_attribute(
            "dir", "rtl" if lang == "ar" else "ltr"
        )
        await expect(page.locator("h1")).to_have_text(say("page-title", lang))
        await fits(page, 390)
        brand, history, language = [
            await page.locator(one).bounding_box() for one in (".brand", "#past-open", "#language")
        ]
        assert brand
        assert history
        assert language
        assert abs(brand["y"] - history["y"]) < 12 < language["y"] - history["y"], "two rows"
        await captioned(page)
        await words(page).nth(1).focus()
        await fits(page, 390)
        scheme: Any = "dark"
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await choose(page, [RED, BLUE, TEXT])
        await expect(cards(page, "failed")).to_have_count(1)
        await expect(cards(page, "done")).to_have_count(2)
        await expect(cards(page, "failed")).to_contain_text(say("problem-not_an_image", lang))
        await fits(page, 390)
        await page.locator("#past-open").click()
        await expect(page.locator("#past-list li").first).to_be_visible()
        await fits(page, 390)
        assert await english_left(page, lang) == []


async def english_left(page: Page, lang: str) -> list[str]:
    """Texts of the page that stand there in English, though the page speaks another language."""
    if lang == "en":
        return []
    shown = await page.locator("[data-text]").evaluate_all(
        "all => all.map((one) => [one.dataset.text, one.textContent])"
    )
    same = {"page-api", "page-download-gif", "page-card", "page-photos"}
    return [
        text_id
        for text_id, text in shown
        if text_id.startswith("page-") and text_id not in same and _plain(text_id) == text
    ]


def _plain(text_id: str) -> str | None:
    try:
        return say(text_id)
    except KeyError:  # it has placeholders
        return None


async def test_the_switch_changes_everything_and_is_remembered(page: Page) -> None:
    await captioned(page)
    await words(page).nth(1).focus()
    await page.get_by_label("Language", exact=True).select_option("de")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await expect(words(page)).to_have_text(["a", "red", "picture"])  # nothing is lost
    await expect(page.locator("#sure")).to_have_text(say("page-sure", "de"))
    await expect(page.locator("#play")).to_have_text(say("page-play", "de"))
    label = await words(page).nth(0).get_attribute("aria-label")
    assert label == say("page-word", "de", word="a", sure="yes", place="top-left")
    await choose(page, TEXT)
    await expect(page.get_by_role("alert")).to_contain_text(say("problem-not_an_image", "de"))
    await expect(page.get_by_role("alert")).to_contain_text(say("not_an_image", "de"))
    await page.reload()
    await expect(page.locator("h1")).to_have_text(say("page-title", "de"))
    await expect(page.get_by_label(say("page-language", "de"), exact=True)).to_have_value("de")
    await page.locator("#language").select_option("en")
    await expect(page.locator("h1")).to_have_text(say("page-title"))


async def test_an_album_changes_its_language(page: Page) -> None:
    await choose(page, [RED, BLUE, TEXT])
    await expect(cards(page, "failed")).to_have_count(1)
    await expect(page.locator("#album-state")).to_have_text("2 captioned, 1 failed")
    await page.locator("#language").select_option("ru")
    await expect(page.locator("#album-title")).to_have_text(say("page-photos", "ru", count=3))
    await expect(page.locator("#album-state")).to_contain_text(
        say("page-album-captioned", "ru", count=2)
    )
    await expect(cards(page).nth(0).get_by_role("button")).to_have_text(say("page-card-open", "ru"))


async def test_arabic_runs_from_right_to_left(browser: Browser, server: WebServer) -> None:
    async with watched_page(browser, server.url, locale="ar-EG", reduced_motion="reduce") as page:
        await captioned(page)
        photo = await page.locator(".photo").bounding_box()
        said = await page.locator("#answer").bounding_box()
        assert photo is not None
        assert said is not None
        assert photo["x"] > said["x"]  # the photo comes first, and first is right
        first = await words(page).nth(0).bounding_box()
        last = await words(page).nth(2).bounding_box()
        assert first is not None
        assert last is not None
        assert first["x"] < last["x"]  # the caption is English
        await words(page).nth(0).focus()
        await page.keyboard.press("ArrowRight")
        await expect(words(page).nth(1)).to_be_focused()
        reading = page.locator("#reading")
        await expect(reading).to_contain_text(re.compile("«\u2068red\u2069»"))
        await page.locator("#past-open").click()
        drawer = await page.locator("#past").bounding_box()
        assert drawer is not None
        assert drawer["x"] == 0  # at the side where a line ends
        row = page.locator("#past-list li").first
        picture = await row.locator("img").bounding_box()
        text = await row.locator(".text").bounding_box()
        assert picture is not None
        assert text is not None
        assert picture["x"] > text["x"]
        shown = await row.locator("time").inner_text()
        assert re.search(r"[\u0600-\u06ff]", shown)  # a month's name, or the half of the day


async def test_a_link_decides_for_a_language(page: Page, server: WebServer) -> None:
    await page.goto(f"{server.url}/?lang=fr")
    await expect(page.locator("h1")).to_have_text(say("page-title", "fr"))
    await expect(page.locator("#language")).to_have_value("fr")
