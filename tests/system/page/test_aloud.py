"""Captions read aloud. The browser's voice is a stand-in: none speaks on a test machine."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.browser import watched_page
from tests.support.web_server import WebServer
from tests.system.page.steps import BLUE, RED, captioned, cards, choose

pytestmark = pytest.mark.asyncio(loop_scope="package")

VOICE = """
    window.spoken = [];
    window.cancelled = 0;
    const voice = {
        speak(utterance) { window.spoken.push(utterance); },
        cancel() { window.cancelled += 1; },
    };
    Object.defineProperty(window, "speechSynthesis", { value: voice });
"""
ALWAYS = "Read captions aloud"


@pytest_asyncio.fixture(loop_scope="package")
async def page(browser: Browser, server: WebServer) -> AsyncIterator[Page]:
    """A page in a browser whose voice can be listened to."""
    async with watched_page(browser, server.url, reduced_motion="reduce") as page:
        await page.add_init_script(VOICE)
        await page.reload()
        yield page


async def spoken(page: Page) -> list[str]:
    texts = await page.evaluate("() => spoken.map((one) => `${one.lang}: ${one.text}`)")
    return [str(text) for text in texts]


async def test_nothing_is_read_without_being_asked_for(page: Page) -> None:
    await captioned(page)
    assert await spoken(page) == []


async def test_a_sentence_is_read_and_stopped(page: Page) -> None:
    await captioned(page)
    read = page.locator("#read")
    await read.click()
    assert await spoken(page) == ["en: A red picture."]
    await expect(read).to_have_text("Stop reading")
    await read.click()
    await expect(read).to_have_text("Read aloud")
    assert await page.evaluate("cancelled") == 1
    await read.click()
    await page.evaluate("() => spoken[0].dispatchEvent(new Event('end'))")  # late, of the first
    await expect(read).to_have_text("Stop reading")
    await page.evaluate("() => spoken[1].dispatchEvent(new Event('end'))")
    await expect(read).to_have_text("Read aloud")


async def test_a_new_photo_ends_the_reading(page: Page) -> None:
    await captioned(page)
    await page.locator("#read").click()
    await captioned(page, BLUE)
    assert await page.evaluate("cancelled") == 1
    await expect(page.locator("#read")).to_have_text("Read aloud")


async def test_always_is_remembered(page: Page) -> None:
    switch = page.get_by_role("switch", name=ALWAYS)
    await expect(switch).not_to_be_checked()
    await switch.press("Space")
    await page.reload()
    await expect(switch).to_be_checked()
    await captioned(page)
    assert await spoken(page) == ["en: A red picture."]
    await switch.press("Space")
    assert await page.evaluate("cancelled") == 1
    await captioned(page, BLUE)
    assert len(await spoken(page)) == 1


async def test_an_album_is_read_as_it_comes_and_as_a_whole(page: Page) -> None:
    await page.get_by_role("switch", name=ALWAYS).click()
    await choose(page, [RED, BLUE])
    await expect(cards(page, "done")).to_have_count(2)
    both = ["en: Photo 1: A red picture.", "en: Photo 2: A blue picture."]
    assert sorted(await spoken(page)) == both
    await page.locator("#album-read").click()  # which stops it
    await page.locator("#album-read").click()
    assert (await spoken(page))[2:] == both


async def test_a_browser_without_a_voice_offers_none(browser: Browser, server: WebServer) -> None:
    async with watched_page(browser, server.url, reduced_motion="reduce") as page:
        await page.add_init_script(
            "delete window.SpeechSynthesisUtterance; localStorage['captionbot.aloud'] = 'on';"
        )
        await page.reload()
        await captioned(page)
        await expect(page.locator("#read")).to_be_hidden()
        await expect(page.locator("#aloud-switch")).to_be_hidden()
