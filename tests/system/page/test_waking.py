"""A server whose model is still loading is waited for; where the photo stands is said."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.chat.models import Request, Ticket
from bot.chat.service import CaptionService
from tests.support.browser import watched_page
from tests.support.scripted_worker import ScriptedCaptions, jpeg
from tests.support.web_server import until_depth, web_server
from tests.system.page.steps import BLUE, RED, SAID, cards, choose

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_server_that_is_waking_up_is_waited_for(browser: Browser) -> None:
    ready = False
    async with (
        web_server(worker_ready=lambda: ready) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page, RED)
        await expect(page.locator("#doing")).to_have_text("CaptionBot is still waking up")
        await expect(page.locator("#doing-more")).to_contain_text("as soon as it is awake")
        await expect(page.locator("#live")).to_have_text("CaptionBot is still waking up")
        await expect(page.locator("#cancel")).to_be_focused()
        ready = True
        await expect(page.locator("#live")).to_have_text(SAID)
        await expect(page.get_by_role("alert")).to_be_empty()
        ready = False
        await choose(page, [RED, BLUE])
        await expect(page.get_by_text("CaptionBot is still waking up")).to_have_count(2)
        ready = True
        await expect(cards(page, "done")).to_have_count(2)


async def test_waiting_for_it_can_be_given_up(browser: Browser) -> None:
    async with (
        web_server(worker_ready=lambda: False) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page, RED)
        await expect(page.locator("#doing")).to_have_text("CaptionBot is still waking up")
        await page.keyboard.press("Enter")
        await expect(page.locator("#chooser")).to_be_visible()


async def test_a_photo_that_waits_for_a_worker_to_wake_up_says_so(
    browser: Browser, monkeypatch: Any
) -> None:
    class Waking(CaptionService):
        async def ask(self, request: Request) -> Ticket:
            return replace(await super().ask(request), waking=True)

    monkeypatch.setattr("tests.support.web_server.CaptionService", Waking)
    go = threading.Event()
    async with (
        web_server(captions=ScriptedCaptions(before=lambda _: go.wait(30))) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page, RED)
        await expect(page.locator("#doing")).to_have_text("CaptionBot is still waking up")
        go.set()
        await expect(page.locator("#live")).to_have_text(SAID)


async def test_the_place_in_the_queue_is_said(browser: Browser) -> None:
    go = threading.Event()
    captions = ScriptedCaptions(before=lambda _: go.wait(30))
    async with (
        web_server(captions=captions) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as other,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(other, {**BLUE, "buffer": jpeg("green")})
        await until_depth(server.queue, 1)
        await choose(page, RED)
        await expect(page.locator("#doing")).to_have_text("One photo is in front of yours.")
        await expect(page.locator("#live")).to_have_text("One photo is in front of yours.")
        go.set()
        await expect(page.locator("#live")).to_have_text(SAID)
