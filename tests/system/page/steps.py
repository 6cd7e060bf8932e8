"""What the tests of the page do and look at again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # no types
from playwright.async_api import Locator, Page, expect

from bot.locales import say
from tests.support.browser import PATIENCE
from tests.support.scripted_worker import jpeg

expect.set_options(timeout=PATIENCE)

RED: Any = {"name": "red.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red", (400, 300))}
BLUE: Any = {"name": "blue.jpg", "mimeType": "image/jpeg", "buffer": jpeg("blue", (300, 400))}
TEXT: Any = {
    "name": "notes.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"these are notes, no picture",
}
SURE = say("page-sure")
SAID = f"The caption: A red picture. {SURE}"


def words(page: Page) -> Locator:
    return page.locator("#words button")


async def choose(page: Page, photo: Any = RED) -> None:
    await page.locator("#file").set_input_files(photo)


async def captioned(page: Page, photo: Any = RED) -> None:
    await choose(page, photo)
    await expect(words(page)).to_have_count(3)


def photo(colour: str, size: tuple[int, int] = (64, 48)) -> Any:
    """A file as a person would choose it."""
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(colour, size)}


def cards(page: Page, state: str = "") -> Locator:
    """The album's cards, all or those in one state."""
    return page.locator(f'.card[data-state="{state}"]' if state else ".card")


async def opacity(page: Page) -> int:
    """The sum of the heat map's opacities: 0 shows the bare photo."""
    script = """canvas => canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height).data
        .reduce((sum, value, i) => i % 4 === 3 ? sum + value : sum, 0)"""
    return int(await page.locator("#heat").evaluate(script))


async def heat(page: Page) -> str:
    """The heat map's pixels."""
    return str(await page.locator("#heat").evaluate("canvas => canvas.toDataURL()"))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE / 1000):
        while not await condition():
            await asyncio.sleep(0.03)


async def violations(page: Page) -> list[str]:
    """What axe-core finds, each with where it is."""
    found = await Axe().run(page)
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


async def fits(page: Page, width: int) -> None:
    """No violation of axe-core's rules, and nothing that has to be scrolled sideways."""
    assert await violations(page) == []
    sizes = "[document.documentElement.scrollWidth, innerWidth]"
    scrolled, wide = await page.evaluate(sizes)
    assert scrolled <= wide == width
