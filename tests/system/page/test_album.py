"""Several photos at once."""

import threading
from collections.abc import Sequence

import pytest
from playwright.async_api import Browser, Page, expect

from bot.adapters.web import WebOptions
from captioner.queue.common import failure_reply
from captioner.queue.messages import CaptionJob, CaptionReply, Failure
from tests.support import photos
from tests.support.browser import watched_page
from tests.support.scripted_worker import ScriptedCaptions, jpeg
from tests.support.web_server import until_depth, web_server
from tests.system.page.steps import BLUE, RED, TEXT, cards, choose, photo, until, words

pytestmark = pytest.mark.asyncio(loop_scope="package")
COLOURS = ["red", "green", "blue", "yellow", "black", "white"]


async def texts(page: Page) -> list[str]:
    return await page.locator(".card .text").all_text_contents()


async def test_each_photo_gets_its_sentence(page: Page) -> None:
    await choose(page, [photo(colour) for colour in COLOURS])
    await expect(cards(page, "done")).to_have_count(6)
    assert await texts(page) == [f"A {colour} picture." for colour in COLOURS]
    await expect(page.get_by_role("heading", name="6 photos")).to_be_focused()
    await expect(page.locator("#album-state")).to_have_text("6 captioned")
    await expect(page.locator("#chooser")).to_be_hidden()
    pictures = page.locator(".card img")
    alts = await pictures.evaluate_all("all => all.map(one => one.alt)")
    assert alts == [f"a {colour} picture" for colour in COLOURS]
    told = await page.locator("#told p").all_text_contents()
    assert told[0] == "6 photos to caption."
    assert told[-1] == "All done: 6 captioned"
    said = {f"Photo {n}: A {colour} picture." for n, colour in enumerate(COLOURS, 1)}
    assert set(told[1:-1]) == said


async def test_dropped_together_they_are_an_album(page: Page) -> None:
    script = """(all) => {
        const data = new DataTransfer();
        for (const photo of all) data.items.add(new File([Uint8Array.from(photo)], "a.jpg"));
        document.body.dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    await page.evaluate(script, [list(jpeg("red")), list(jpeg("blue"))])
    await expect(cards(page, "done")).to_have_count(2)
    assert await texts(page) == ["A red picture.", "A blue picture."]


async def test_a_few_are_on_their_way_at_a_time_and_each_says_where_it_stands(
    browser: Browser,
) -> None:
    go = threading.Event()
    captions = ScriptedCaptions(before=lambda _: go.wait(30))
    async with (
        web_server(captions=captions) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page, [photo(colour) for colour in COLOURS])
        await until_depth(server.queue, 3)
        await expect(page.locator(".card progress:indeterminate")).to_have_count(3)
        await expect(cards(page, "waiting")).to_have_count(3)
        assert sorted(await texts(page)) == [
            "2 photos are in front of yours.",
            "Looking at your photo",
            "One photo is in front of yours.",
            *["Waiting to be sent"] * 3,
        ]
        await expect(page.locator("#album-state")).to_have_text("0 captioned, 6 to come")
        await expect(page.locator("#album-read")).to_be_disabled()
        assert await server.queue.depth() == 3
        go.set()
        await expect(cards(page, "done")).to_have_count(6)
        await expect(page.locator(".card progress:visible")).to_have_count(0)


class OnceBroken(ScriptedCaptions):
    """Gives up on blue photos until it is told to do better."""

    better = False

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        replies = super().answer(jobs)
        blue = [any("blue" in c.text for c in reply.captions) for reply in replies]
        return [
            failure_reply(job, Failure.GAVE_UP) if blue_one and not self.better else reply
            for job, reply, blue_one in zip(jobs, replies, blue, strict=True)
        ]


async def test_what_fails_fails_alone_and_can_be_tried_again(browser: Browser) -> None:
    captions = OnceBroken()
    async with (
        web_server(captions=captions) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page, [RED, TEXT, BLUE])
        await expect(cards(page, "done")).to_have_count(1)
        await expect(cards(page, "failed")).to_have_count(2)
        await expect(page.locator("#album-state")).to_have_text("1 captioned, 2 failed")
        await expect(cards(page).nth(1)).to_contain_text("Not an image")
        await expect(cards(page).nth(1).locator(".file")).to_have_text("notes.jpg")
        await expect(cards(page).nth(0).locator(".file")).to_be_hidden()
        await expect(cards(page).nth(1).get_by_text("Try again")).to_be_hidden()
        again = page.get_by_role("button", name="Try again: photo 3", exact=True)
        await expect(again).to_be_visible()
        captions.better = True
        await again.press("Enter")
        await expect(cards(page).nth(2)).to_be_focused()
        await expect(cards(page).nth(2)).to_contain_text("A blue picture.")
        await expect(page.locator("#album-state")).to_have_text("2 captioned, 1 failed")


async def test_a_photo_is_looked_at_closely_and_left_again(page: Page) -> None:
    await choose(page, [RED, BLUE])
    look = page.get_by_role("button", name="See where it looked: photo 2", exact=True)
    await look.press("Enter")
    await expect(words(page)).to_have_text(["a", "blue", "picture"])
    await expect(page.locator("#sentence")).to_be_focused()
    await expect(page.locator("#photo")).to_have_attribute("alt", "a blue picture")
    await expect(page.locator("#again")).to_be_hidden()
    back = page.get_by_role("button", name="Back")
    await back.press("Enter")
    await expect(look).to_be_focused()
    await expect(page.locator("#result")).to_be_hidden()
    await cards(page).nth(0).locator("img").click()
    await expect(words(page)).to_have_text(["a", "red", "picture"])


async def test_more_photos_join_the_album_until_it_is_over(page: Page) -> None:
    await choose(page, [RED, BLUE])
    await expect(cards(page, "done")).to_have_count(2)
    await choose(page, photo("green"))
    await expect(cards(page, "done")).to_have_count(3)
    await expect(page.locator("#album-title")).to_have_text("3 photos")
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Add photos").click()
    await (await choosing.value).set_files(photo("yellow"))
    await expect(cards(page, "done")).to_have_count(4)
    await page.get_by_role("button", name="Start over").click()
    await expect(cards(page)).to_have_count(0)
    await expect(page.locator("#file")).to_be_focused()
    await choose(page, BLUE)
    await expect(words(page)).to_have_text(["a", "blue", "picture"])
    await expect(page.locator("#again")).to_be_visible()


async def test_the_browsers_back_leads_from_a_photo_to_its_album(page: Page) -> None:
    await choose(page, [RED, BLUE])
    await page.get_by_role("button", name="See where it looked: photo 1", exact=True).click()
    await expect(words(page)).to_have_text(["a", "red", "picture"])
    await page.go_back()
    await expect(page.locator("#result")).to_be_hidden()
    assert await texts(page) == ["A red picture.", "A blue picture."]
    await page.get_by_role("button", name="See where it looked: photo 2", exact=True).click()
    await choose(page, photo("green"))  # joins the album rather than taking its place
    await expect(cards(page, "done")).to_have_count(3)


async def test_an_album_that_is_over_is_no_longer_worked_for(browser: Browser) -> None:
    async with (
        web_server(working=False) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page, [photo(colour) for colour in COLOURS])
        await until_depth(server.queue, 3)
        await page.locator("#album-over").click()
        await expect(page.locator("#chooser")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        assert await server.queue.depth() == 3


async def test_an_album_waits_for_its_turn(browser: Browser) -> None:
    """What a single photo is refused for, an album waits for, for as long as it is told."""
    options = WebOptions(uploads_per_person=1)
    async with (
        web_server(options=options) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await choose(page, [photo(colour, (900, 700)) for colour in COLOURS[:2]])
        await expect(cards(page, "done")).to_have_count(2)
        await expect(cards(page, "failed")).to_have_count(0)


async def test_what_the_browser_cannot_show_is_shown_all_the_same(page: Page) -> None:
    heic = {"name": "a.heic", "mimeType": "image/heic", "buffer": photos.photo(format="HEIF")}
    await choose(page, [RED, heic])
    await expect(cards(page, "done")).to_have_count(2)
    picture = cards(page).nth(1).locator("img")

    async def shown() -> bool:
        return bool(await picture.evaluate("image => image.naturalWidth > 0"))

    await until(shown)
    assert "/photo.jpg" in str(await picture.get_attribute("src"))
