"""The page when things go wrong, and for everybody: screen readers, phones, light and dark."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.adapters.web import WebOptions
from tests.support.browser import watched_page
from tests.support.scripted_worker import ScriptedCaptions, jpeg
from tests.support.web_server import WebServer, web_server
from tests.system.page.steps import (
    BLUE,
    RED,
    TEXT,
    captioned,
    cards,
    choose,
    fits,
    photo,
    violations,
    words,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_what_is_no_photo_is_refused_in_words(page: Page) -> None:
    await choose(page, TEXT)
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Not an image")
    await expect(alert).to_contain_text("Please send a photo")
    await expect(page.locator("#retry")).to_be_hidden()
    await expect(page.locator("#file")).to_be_focused()
    await captioned(page)
    await expect(alert).to_be_empty()


async def test_what_may_pass_another_time_can_be_tried_again(browser: Browser) -> None:
    async with (
        web_server(options=WebOptions(per_minute=1)) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await captioned(page)
        await choose(page, BLUE)
        await expect(page.get_by_role("alert")).to_contain_text("Too many requests in a short time")
        await expect(page.locator("#retry")).to_be_focused()
        await server.adapter.stop()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
        await expect(page.locator("#retry")).to_be_visible()


async def test_a_file_over_the_limit_is_refused_in_words(page: Page) -> None:
    photo = RED | {"buffer": jpeg() + bytes(2_500_000)}
    await choose(page, photo)
    await expect(page.get_by_role("alert")).to_contain_text("too large")


async def test_waiting_can_be_given_up(browser: Browser) -> None:
    async with (
        web_server(working=False) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page)
        await expect(page.locator("#doing")).to_have_text("Looking at your photo")
        await expect(page.locator("#cancel")).to_be_focused()
        assert await violations(page) == []
        await page.keyboard.press("Enter")
        await expect(page.locator("#chooser")).to_be_visible()
        await expect(page.locator("#file")).to_be_focused()
        await expect(page.get_by_role("alert")).to_be_empty()


async def test_only_the_last_photo_counts(browser: Browser) -> None:
    captions = ScriptedCaptions()
    async with (
        web_server(captions=captions) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page, RED)
        await choose(page, BLUE)
        await expect(page.locator("#live")).to_contain_text("A blue picture.")
        await expect(page.locator("#photo")).to_have_attribute("alt", "a blue picture")
        await expect(page.locator("#words")).not_to_contain_text("red")


async def test_an_animation_that_was_forgotten_is_said_to_be(page: Page) -> None:
    await captioned(page)
    await page.locator("#gif").evaluate(
        "link => link.href = link.href.replace(/captions.[^/]+/, 'captions/x')"
    )
    await page.locator("#gif").click()
    await expect(page.locator("#making")).to_contain_text("has been forgotten")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
async def test_everybody_can_use_it(
    browser: Browser, server: WebServer, scheme: Any, width: int
) -> None:
    """No violation of axe-core's rules and no sideways scrolling, in any state of the page."""
    async with watched_page(
        browser,
        server.url,
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": width, "height": 740},
        has_touch=width == 360,
        is_mobile=width == 360,
    ) as page:
        camera = page.get_by_label("Take a photo")
        await expect(camera).to_be_visible(visible=width == 360)
        for state, photo in [("empty", None), ("done", RED), ("failed", TEXT)]:
            if photo is not None:
                await choose(page, photo)
            await expect(page.locator("body")).to_have_attribute("data-state", state)
            if state == "done":
                await words(page).nth(1).focus()
            await fits(page, width)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
async def test_everybody_can_use_what_is_around_it(
    browser: Browser, server: WebServer, scheme: Any, width: int
) -> None:
    """The album, the history, the page for programs, and the page in a frame."""
    async with watched_page(
        browser,
        server.url,
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": width, "height": 740},
    ) as page:
        await choose(page, [RED, BLUE, TEXT, photo("green")])
        await expect(cards(page, "done")).to_have_count(3)
        await expect(cards(page, "failed")).to_have_count(1)
        await fits(page, width)
        await page.locator("#past-open").click()
        await expect(page.locator("#past-list li").first).to_be_visible()
        await fits(page, width)
        await page.goto(f"{server.url}/api")
        await page.locator("#sample").set_input_files(RED)
        await page.get_by_role("button", name="Send it").click()
        await expect(page.locator("#answer")).to_contain_text("a red picture")
        await fits(page, width)
        await page.goto(f"{server.url}/?embed=1")
        await captioned(page)
        await fits(page, width)


async def test_long_words_do_not_widen_the_page(browser: Browser) -> None:
    class Endless(ScriptedCaptions):
        def answer(self, jobs: Any) -> Any:
            replies = super().answer(jobs)
            long = "a" + "h" * 80
            return [
                replace(
                    reply,
                    captions=tuple(
                        replace(c, text=long, words=tuple(replace(w, text=long) for w in c.words))
                        for c in reply.captions
                    ),
                )
                for reply in replies
            ]

    async with (
        web_server(captions=Endless()) as server,
        watched_page(browser, server.url, viewport={"width": 360, "height": 740}) as page,
    ):
        await captioned(page)
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
