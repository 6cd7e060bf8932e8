"""One browser and one server for all tests of the page; a new page for each."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.adapters.web import WebOptions
from tests.support.browser import chromium, watched_page
from tests.support.web_server import WebServer, web_server


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def server() -> AsyncIterator[WebServer]:
    # Every test comes from the same address: it would be told to wait.
    async with web_server(options=WebOptions(per_minute=0)) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="package")
async def page(browser: Browser, server: WebServer) -> AsyncIterator[Page]:
    """A wide page without motion: what it shows, it shows at once."""
    async with watched_page(browser, server.url, reduced_motion="reduce") as page:
        yield page
