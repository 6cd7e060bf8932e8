"""Copying, sharing, examples, and what is not fetched."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from bot.locales import say
from captioner.queue.messages import CaptionJob, CaptionReply
from tests.support.browser import watched_page
from tests.support.scripted_worker import ScriptedCaptions
from tests.support.web_server import WebServer, web_server
from tests.system.page.steps import BLUE, RED, captioned, cards, choose, words

pytestmark = pytest.mark.asyncio(loop_scope="package")
CLIPBOARD = "() => navigator.clipboard.readText()"
BUTTONS = ("#play", "#read", "#copy", "#copy-alt")


async def test_copying_moves_nothing(browser: Browser, server: WebServer) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    async with watched_page(
        browser, server.url, permissions=allowed, reduced_motion="reduce"
    ) as page:
        await captioned(page)
        before = [await page.locator(button).bounding_box() for button in BUTTONS]
        await page.get_by_role("button", name="Copy", exact=True).click()
        await expect(page.locator("#copy").get_by_text("Copied")).to_be_visible()
        await expect(page.locator("#live")).to_have_text("Copied")
        assert [await page.locator(button).bounding_box() for button in BUTTONS] == before
        assert await page.evaluate(CLIPBOARD) == "A red picture."
        await expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Copy alt text").click()
        copied = await page.evaluate(CLIPBOARD)
        assert copied == "A red picture. (Described by a program; fairly sure.)"
        await choose(page, [RED, BLUE])
        await expect(cards(page, "done")).to_have_count(2)
        await page.get_by_role("button", name="Copy all").click()
        copied = await page.evaluate(CLIPBOARD)
        assert copied == "red.jpg: A red picture.\nblue.jpg: A blue picture."


class Unsure(ScriptedCaptions):
    """Guesses, and ends its sentences with a full stop, as models do."""

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return [
            replace(
                reply,
                confidence=0.2,
                captions=tuple(replace(c, text=f"{c.text}.") for c in reply.captions),
            )
            for reply in super().answer(jobs)
        ]


async def test_what_is_copied_keeps_the_hedge_and_one_full_stop(browser: Browser) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    async with (
        web_server(captions=Unsure()) as server,
        watched_page(
            browser, server.url, permissions=allowed, reduced_motion="reduce", locale="de"
        ) as page,
    ):
        await choose(page, [RED, BLUE])
        await expect(cards(page, "done")).to_have_count(2)
        await page.locator("#album-copy").click()
        red, blue = (
            say("unsure", "de", caption=f"A {colour} picture.") for colour in ("red", "blue")
        )
        assert await page.evaluate(CLIPBOARD) == f"red.jpg: {red}\nblue.jpg: {blue}"


SHARING = """
    window.shared = [];
    navigator.canShare = (data) => data.files.every((file) => file instanceof File);
    navigator.share = async (data) => { window.shared.push(data); };
"""


async def test_a_photo_is_shared_with_its_caption(browser: Browser, server: WebServer) -> None:
    async with watched_page(browser, server.url, reduced_motion="reduce") as page:
        await captioned(page)
        await expect(page.locator("#share")).to_be_visible(visible=await _can_share(page))
        await page.add_init_script(SHARING)
        await page.reload()
        await captioned(page)
        await page.get_by_role("button", name="Share").click()
        (shared,) = await page.evaluate(
            "() => shared.map(({ text, files }) => [text, files.map((one) => one.name)])"
        )
        assert shared == ["A red picture.", ["red.jpg"]]


async def _can_share(page: Page) -> bool:
    return bool(await page.evaluate("'share' in navigator"))


async def test_an_example_is_captioned(page: Page) -> None:
    examples = page.locator("#examples button")
    await expect(examples).to_have_count(4)
    await page.get_by_role("button", name="A cup of coffee").press("Enter")
    await expect(words(page)).to_have_count(3)
    await expect(page.locator("#examples")).to_be_hidden()
    assert await page.locator("#photo").evaluate("image => image.naturalWidth") == 600


PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
    document.body.dispatchEvent(event);
}"""
DROP = """(address) => {
    const data = new DataTransfer();
    data.setData("text/uri-list", address);
    const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    return document.body.dispatchEvent(event);
}"""


async def test_an_address_is_answered_with_why_it_is_not_fetched(page: Page) -> None:
    await captioned(page)
    alert = page.get_by_role("alert")
    await page.evaluate(PASTE, "only some words")
    await expect(alert).to_be_empty()
    await page.evaluate(PASTE, " https://example.org/dog.jpg\n")
    await expect(alert).to_contain_text(say("page-address"))
    await expect(alert).to_contain_text(say("page-address-more"))
    await expect(words(page)).to_have_count(3)  # what was there is there still
    await captioned(page, BLUE)
    await expect(alert).to_be_empty()
    assert not await page.evaluate(DROP, "https://example.org/dog.jpg")
    await expect(alert).to_contain_text(say("page-address"))


async def test_what_is_dragged_over_the_page_has_a_place_to_go(page: Page) -> None:
    drop = page.get_by_text("Drop here")
    await expect(drop).to_be_hidden()
    drag = """(type) => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], "a.jpg"));
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true }));
    }"""
    await page.evaluate(drag, "dragenter")
    await expect(drop).to_be_visible()
    await page.evaluate(drag, "dragleave")
    await expect(drop).to_be_hidden()


async def test_what_certainty_means_is_a_step_away(page: Page) -> None:
    await captioned(page)
    await page.get_by_role("link", name=say("page-certainty")).click()
    await expect(page.locator("#certainty")).to_be_focused()
    await expect(page.locator("#certainty")).to_contain_text(say("page-certainty-text"))
    await expect(words(page)).to_have_count(3)


async def test_it_can_be_installed(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    manifest = await session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    problems = await session.send("Page.getInstallabilityErrors")
    reasons = {one["errorId"] for one in problems["installabilityErrors"]}
    assert reasons <= {"in-incognito"}  # as tests' pages are
