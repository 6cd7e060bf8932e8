"""A real Chromium, and pages that are watched: no error, no foreign request, no policy broken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

CHROMIUM = "/usr/bin/chromium"  # Debian's; Playwright's own cannot be had everywhere
ARGUMENTS = [
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
EXPECTED = (
    "Failed to load resource",  # a refusal, which the page shows in words
    "willReadFrequently",  # tests read the canvas, the page does not
)
PATIENCE = 60_000  # milliseconds; the machine may be busy with other things


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def watched_page(browser: Browser, url: str, **context: Any) -> AsyncIterator[Page]:
    """A page on `url`; fails at its end if anything went wrong that a developer would see.

    `context` are options of Playwright's new_context.
    """
    wrong: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        expected = any(text in message.text for text in EXPECTED)
        if message.type in {"error", "warning"} and not expected:
            wrong.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((url, "blob:", "data:")):
            wrong.append(f"foreign request: {request.url}")

    browsing = await browser.new_context(**({"viewport": {"width": 1280, "height": 860}} | context))
    try:
        browsing.set_default_timeout(PATIENCE)
        page = await browsing.new_page()
        page.on("console", on_console)
        page.on("pageerror", lambda error: wrong.append(f"uncaught: {error}"))
        page.on("request", on_request)
        await page.goto(url)
        yield page
    finally:
        await browsing.close()
    assert wrong == []
