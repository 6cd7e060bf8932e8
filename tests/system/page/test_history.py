"""The history: in this browser only, cleared and switched off by whoever sits before it."""

import re
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Request, expect

from tests.support import photos
from tests.support.browser import watched_page
from tests.support.scripted_worker import ScriptedCaptions
from tests.support.web_server import WebServer, web_server
from tests.system.page.steps import (
    BLUE,
    RED,
    captioned,
    cards,
    choose,
    opacity,
    photo,
    until,
    words,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

COUNT = "async () => (await (await import('/static/history.js')).all()).length"


def rows(page: Page) -> Locator:
    return page.locator("#past-list li")


async def until_kept(page: Page, count: int) -> None:
    async def kept() -> bool:
        return bool(await page.evaluate(COUNT) == count)

    await until(kept)


async def test_captions_are_kept_over_a_reload_newest_first(page: Page) -> None:
    await captioned(page, RED)
    await until_kept(page, 1)
    await choose(page, [BLUE, photo("green")])
    await expect(cards(page, "done")).to_have_count(2)
    await until_kept(page, 3)
    await page.reload()
    await page.locator("#past-open").click()
    dialog = page.get_by_role("dialog", name="History")
    await expect(dialog).to_contain_text("in this browser and nowhere else")
    await expect(rows(page)).to_have_count(3)
    texts = await page.locator("#past-list .text").all_text_contents()
    assert texts[2] == "A red picture."
    assert set(texts[:2]) == {"A blue picture.", "A green picture."}
    pictures = await page.locator("#past-list img").evaluate_all("all => all.map(one => one.src)")
    assert all(source.startswith("data:image/jpeg") for source in pictures)
    assert len(set(pictures)) == 3
    at = await rows(page).first.locator("time").get_attribute("datetime")
    assert at is not None
    assert abs(datetime.fromisoformat(at) - datetime.now(UTC)) < timedelta(minutes=5)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.locator("#past-open")).to_be_focused()


async def test_it_can_be_cleared(page: Page) -> None:
    await captioned(page)
    await until_kept(page, 1)
    await page.locator("#past-open").click()
    await page.locator("#past-clear").click()
    await expect(page.locator("#past-said")).to_have_text("The history is empty now.")
    await expect(page.locator("#past-none")).to_be_visible()
    await expect(page.locator("#past-close")).to_be_focused()
    await page.reload()
    assert await page.evaluate(COUNT) == 0


async def test_it_can_be_switched_off_for_good(page: Page) -> None:
    await page.locator("#past-open").click()
    switch = page.get_by_role("switch", name="Keep a history")
    await expect(switch).to_be_checked()
    await switch.click()
    await page.reload()
    await captioned(page, RED)
    await page.locator("#past-open").click()
    await expect(switch).not_to_be_checked()
    await expect(page.locator("#past-none")).to_be_visible()
    await switch.click()
    await page.locator("#past-close").click()
    await captioned(page, BLUE)
    await until_kept(page, 1)  # of the two, the one that came later


async def test_nothing_of_it_is_sent_anywhere(page: Page) -> None:
    await captioned(page)
    await until_kept(page, 1)
    await page.wait_for_load_state("networkidle")
    sent: list[Request] = []
    page.on("request", lambda r: None if r.url.startswith("data:") else sent.append(r))
    await page.locator("#past-open").click()
    await expect(rows(page)).to_have_count(1)
    await page.locator("#past-clear").click()
    await expect(rows(page)).to_have_count(0)
    assert sent == []


async def test_the_oldest_give_way(page: Page) -> None:
    add = """async (count) => {
        const history = await import("/static/history.js");
        for (let i = 0; i < count; i++) {
            await history.add({ said: { caption: `photo ${i}` }, picture: "", time: i });
        }
        return (await history.all()).map((entry) => entry.said.caption);
    }"""
    captions = await page.evaluate(add, 53)
    assert captions == [f"photo {n}" for n in range(52, 2, -1)]


async def test_two_pages_write_at_once(page: Page) -> None:
    add = """async () => {
        const history = await import("/static/history.js");
        const entry = (i) => ({ said: { caption: `photo ${i}` }, picture: "", time: i });
        await Promise.all(Array.from({ length: 9 }, (_, i) => history.add(entry(i))));
        return (await history.all()).length;
    }"""
    assert await page.evaluate(add) == 9


async def test_a_picture_of_what_the_browser_cannot_show(page: Page) -> None:
    heic = {"name": "a.heic", "mimeType": "image/heic", "buffer": photos.photo(format="HEIF")}
    await captioned(page, heic)
    await until_kept(page, 1)
    await page.locator("#past-open").click()
    await expect(rows(page).locator("img")).to_have_attribute("src", re.compile("^data:image/jpeg"))


@pytest_asyncio.fixture(loop_scope="package")
async def forgetful(browser: Browser, server: WebServer) -> AsyncIterator[Page]:
    """A page in a browser that lets pages keep nothing."""
    async with watched_page(browser, server.url, reduced_motion="reduce") as page:
        await page.add_init_script("""
            const refuse = () => { throw new DOMException("no", "SecurityError"); };
            for (const name of ["indexedDB", "localStorage"]) {
                Object.defineProperty(window, name, { get: refuse });
            }
        """)
        await page.reload()
        yield page


async def test_a_browser_that_keeps_nothing_is_no_trouble(forgetful: Page) -> None:
    page = forgetful
    await page.get_by_role("switch", name="Read captions aloud").click()
    await captioned(page)
    await page.locator("#past-open").click()
    await expect(page.locator("#past-none")).to_have_text(
        "This browser keeps no history for this page."
    )


async def test_one_is_opened_and_left_for_what_was_there(page: Page) -> None:
    await captioned(page, RED)
    await until_kept(page, 1)
    await captioned(page, BLUE)
    await until_kept(page, 2)
    await page.locator("#past-open").click()
    await rows(page).nth(1).get_by_role("button", name="Open").press("Enter")
    await expect(words(page)).to_have_text(["a", "red", "picture"])
    await expect(page.locator("#sentence")).to_be_focused()
    await words(page).nth(0).hover()
    assert await opacity(page) > 0
    await page.locator("#back").click()
    await expect(rows(page).nth(1).get_by_role("button", name="Open")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(words(page)).to_have_text(["a", "blue", "picture"])


async def test_what_is_under_way_goes_on_while_one_is_looked_at(browser: Browser) -> None:
    go = threading.Event()
    go.set()
    captions = ScriptedCaptions(before=lambda _: go.wait(30))
    async with (
        web_server(captions=captions) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await captioned(page, RED)
        await until_kept(page, 1)
        go.clear()
        await choose(page, BLUE)
        await page.locator("#past-open").click()
        await rows(page).get_by_role("button", name="Open").click()
        await expect(words(page)).to_have_text(["a", "red", "picture"])
        go.set()
        await expect(page.locator("#live")).to_contain_text("A blue picture")
        await expect(words(page)).to_have_text(["a", "red", "picture"])
        await page.go_back()
        await page.keyboard.press("Escape")
        await expect(words(page)).to_have_text(["a", "blue", "picture"])


async def test_one_is_copied_and_one_deleted(browser: Browser, server: WebServer) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    async with watched_page(
        browser, server.url, permissions=allowed, reduced_motion="reduce"
    ) as page:
        await choose(page, [RED, BLUE])
        await until_kept(page, 2)
        await page.locator("#past-open").click()
        red = rows(page).filter(has_text="A red picture.")
        await red.get_by_role("button", name="Copy").click()
        await expect(red.get_by_text("Copied")).to_be_visible()
        assert await page.evaluate("navigator.clipboard.readText()") == "A red picture."
        await red.get_by_role("button", name="Delete").click()
        await expect(rows(page)).to_have_count(1)
        await expect(page.locator("#past-said")).to_have_text("Deleted.")
        await expect(rows(page).get_by_role("button").first).to_be_focused()
        assert await page.evaluate(COUNT) == 1
