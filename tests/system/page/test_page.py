"""The page in a real browser, over a real server, desk, intake and queue."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from bot.locales import say
from captioner.queue.messages import Caption, CaptionJob, CaptionReply
from tests.support import photos
from tests.support.browser import watched_page
from tests.support.scripted_worker import ENGLISH_ONLY, ScriptedCaptions, jpeg
from tests.support.web_server import WebServer, web_server
from tests.system.page.steps import (
    BLUE,
    RED,
    SAID,
    SURE,
    captioned,
    choose,
    heat,
    opacity,
    until,
    words,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_chosen_photo_is_captioned(page: Page) -> None:
    await captioned(page)
    assert await words(page).evaluate_all("all => all.map(b => b.textContent)") == [
        "a",
        "red",
        "picture",
    ]
    await expect(page.locator("#live")).to_have_text(SAID)
    await expect(page.locator("#sure")).to_have_text(SURE)
    await expect(page.locator("#photo")).to_have_attribute("alt", "a red picture")
    rows = page.locator("#alternatives li")
    await expect(rows).to_have_count(3)
    await expect(rows.nth(0)).to_contain_text("a red picture")
    await expect(rows.nth(1)).to_contain_text("a picture that is red")
    likely = page.locator("#alternatives .likely")
    await expect(likely).to_have_text(["its choice", "less likely", "much less likely"])
    meters = await page.locator("#alternatives meter").evaluate_all("all => all.map(m => m.value)")
    assert meters[0] == 1
    assert meters == sorted(meters, reverse=True)


async def test_a_guess_is_called_a_guess(browser: Browser) -> None:
    class Unsure(ScriptedCaptions):
        def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
            return [replace(reply, confidence=0.2) for reply in super().answer(jobs)]

    async with (
        web_server(captions=Unsure()) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await captioned(page)
        await expect(page.locator("#sure")).to_contain_text("not sure of this")
        await expect(page.locator("#live")).to_contain_text("Take it as a guess")


class Plain(ScriptedCaptions):
    """Says neither where it looked nor how sure it is, and gives one caption."""

    capabilities = replace(ENGLISH_ONLY, attention=False, confidence=False, alternatives=False)

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return [
            replace(reply, captions=(bare(reply.captions[0]),), grid=(0, 0), confidence=None)
            for reply in super().answer(jobs)
        ]


def bare(caption: Caption) -> Caption:
    """With words of which nothing is known but how likely they were."""
    words = (replace(word, attention=(), certainty=None, sure=None) for word in caption.words)
    return replace(caption, words=tuple(words))


async def test_a_model_that_says_nothing_but_a_sentence(browser: Browser) -> None:
    async with web_server(captions=Plain()) as server:
        while not (await server.queue.workers()).ready:
            await asyncio.sleep(0.01)
        async with watched_page(browser, server.url, reduced_motion="reduce") as page:
            await expect(page.locator(".lead")).to_have_text(say("page-lead-plain"))
            await expect(page.locator("#certainty")).to_be_hidden()
            await choose(page, RED)
            await expect(page.locator("#sentence")).to_have_text("A red picture.")
            await expect(page.locator("#sentence")).not_to_have_class("unseen")
            for hidden in ("words", "reading", "play", "keep", "others", "sure", "meaning"):
                await expect(page.locator(f"#{hidden}")).to_be_hidden()


DROP = """([type, photo]) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(photo), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
    const event = type === "paste"
        ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
        : new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
    return document.querySelector("#chooser").dispatchEvent(event);
}"""


async def send_event(page: Page, kind: str, photo: bytes = jpeg()) -> bool:
    """Whether the browser would still do what it does by itself, such as open the file."""
    return bool(await page.evaluate(DROP, [kind, base64.b64encode(photo).decode()]))


async def test_a_dropped_photo_is_captioned(page: Page) -> None:
    assert not await send_event(page, "dragenter")
    await expect(page.locator("body")).to_contain_class("dragging")
    assert not await send_event(page, "dragover")
    assert not await send_event(page, "drop")
    await expect(page.locator("body")).not_to_contain_class("dragging")
    await expect(page.locator("#live")).to_have_text(SAID)


async def test_a_pasted_photo_is_captioned_and_the_next_one_too(page: Page) -> None:
    assert not await send_event(page, "paste")
    await expect(page.locator("#live")).to_have_text(SAID)
    assert not await send_event(page, "paste", jpeg("blue"))
    await expect(page.locator("#live")).to_contain_text("A blue picture")


async def test_by_keyboard_alone(page: Page) -> None:
    await captioned(page)
    await expect(page.locator("#sentence")).to_be_focused()
    assert await opacity(page) == 0
    await page.keyboard.press("Tab")
    await expect(words(page).nth(0)).to_be_focused()
    seen = [await heat(page)]
    assert await opacity(page) > 0
    for position in (1, 2):
        await page.keyboard.press("ArrowRight")
        await expect(words(page).nth(position)).to_be_focused()
        seen.append(await heat(page))
    assert len(set(seen)) == 3
    await expect(page.locator("#reading")).to_contain_text("“picture”: sure, looking at")
    await page.keyboard.press("ArrowRight")
    await expect(words(page).nth(2)).to_be_focused()
    await page.keyboard.press("Home")
    await expect(words(page).nth(0)).to_be_focused()
    assert await heat(page) == seen[0]
    await page.keyboard.press("End")
    await expect(words(page).nth(2)).to_be_focused()
    assert await words(page).evaluate_all("all => all.map(b => b.tabIndex)") == [-1, -1, 0]
    await page.keyboard.press("Escape")
    assert await opacity(page) == 0
    await page.keyboard.press("Tab")
    await expect(page.locator("#play")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(words(page).nth(2)).to_be_focused()


async def test_words_say_what_they_were_written_from(page: Page) -> None:
    await captioned(page)
    row = page.get_by_role("toolbar", name="Words of the caption")
    await expect(row.get_by_role("button")).to_have_count(3)
    await expect(
        row.get_by_role("button", name="“a”: sure, looking at the upper left", exact=True)
    ).to_be_visible()


async def test_the_word_under_the_pointer_is_shown(page: Page) -> None:
    await captioned(page)
    await words(page).nth(1).hover()
    assert await opacity(page) > 0
    await expect(words(page).nth(1)).to_contain_class("lit")
    first = await heat(page)
    await words(page).nth(2).hover()
    assert await heat(page) != first
    await page.mouse.move(5, 5)
    assert await opacity(page) == 0


async def test_attention_is_where_the_model_looked(page: Page) -> None:
    """The scripted model looks at the upper left for the first word: there the photo is bare."""
    await captioned(page)
    await words(page).nth(0).hover()
    script = """canvas => [0.07, 0.9].map((part) => canvas.getContext("2d")
        .getImageData(part * canvas.width, part * canvas.height, 1, 1).data[3])"""
    looked, elsewhere = await page.locator("#heat").evaluate(script)
    assert looked < 80
    assert elsewhere > 150
    box, photo = [await page.locator(i).bounding_box() for i in ("#heat", "#photo")]
    assert box == photo


class Everywhere(ScriptedCaptions):
    """Looks all over the photo for the first word, with hardly a difference."""

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        replies = []
        for reply in super().answer(jobs):
            best, *others = reply.captions
            first, *rest = best.words
            alphas = [1.0 + cell % 5 / 4 for cell in range(49)]
            spread = replace(first, attention=tuple(alpha / sum(alphas) for alpha in alphas))
            words = (replace(spread, log_prob=-3.0), *rest)
            replies.append(replace(reply, captions=(replace(best, words=words), *others)))
        return replies


async def test_attention_that_is_everywhere_is_at_no_particular_place(browser: Browser) -> None:
    async with (
        web_server(captions=Everywhere()) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await captioned(page)
        await words(page).nth(0).focus()
        reading = page.locator("#reading")
        await expect(reading).to_have_text("“a”: not sure, looking at no particular place")
        assert await opacity(page) == 0
        await words(page).nth(1).focus()
        await expect(reading).to_contain_text("“red”: sure, looking at the top")
        assert await opacity(page) > 0


@pytest.mark.parametrize("colour", ["black", "white", "grey", (40, 40, 60), (200, 190, 60)])
async def test_the_map_is_seen_on_any_photo(page: Page, colour: str | tuple[int, int, int]) -> None:
    """Where the model looked and where it did not differ by 2.5 : 1 at least in luminance."""
    await captioned(page, RED | {"buffer": jpeg(colour, (400, 300))})
    await words(page).nth(0).focus()
    script = """async () => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 200;
        const context = canvas.getContext("2d");
        for (const id of ["photo", "heat"]) {
            context.drawImage(document.getElementById(id), 0, 0, 200, 200);
        }
        const at = (x, y) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
        return [at(14, 14), at(150, 150)];
    }"""

    async def contrast() -> float:
        looked, elsewhere = [luminance(pixel) for pixel in await page.evaluate(script)]
        return (looked + 0.05) / (elsewhere + 0.05)

    async def seen() -> bool:
        return await contrast() >= 2.5

    await until(seen)


def luminance(pixel: Sequence[int]) -> float:
    """As WCAG defines it."""
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (value / 255 for value in pixel)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Reranked(ScriptedCaptions):
    """Its choice is not the likeliest sentence, and the others come in no order."""

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return [
            replace(
                reply,
                captions=tuple(
                    replace(caption, log_prob=log_prob)
                    for caption, log_prob in zip(reply.captions, (-4.0, -7.0, -3.0), strict=True)
                ),
            )
            for reply in super().answer(jobs)
        ]


async def test_other_sentences_stand_in_the_order_of_their_bars(browser: Browser) -> None:
    async with (
        web_server(captions=Reranked()) as server,
        watched_page(browser, server.url, reduced_motion="reduce") as page,
    ):
        await captioned(page)
        texts = await page.locator("#alternatives .text").all_text_contents()
        assert texts == ["a red picture", "something red", "a picture that is red"]
        likely = page.locator("#alternatives .likely")
        await expect(likely).to_have_text(["its choice", "about as likely", "much less likely"])
        meters = page.locator("#alternatives meter")
        values = await meters.evaluate_all("all => all.map((one) => one.value)")
        assert values == sorted(values, reverse=True)


async def test_playing_shows_each_word_and_ends(page: Page) -> None:
    await captioned(page)
    lit: list[int] = []
    await page.expose_function("note", lambda position: lit.append(position))  # noqa: PLW0108 - Playwright marks the function
    await page.evaluate("""() => {
        const buttons = [...document.querySelectorAll("#words button")];
        const look = () => window.note(buttons.findIndex((b) => b.classList.contains("lit")));
        new MutationObserver(look).observe(document.querySelector("#words"),
            { subtree: true, attributeFilter: ["class"] });
    }""")
    await page.locator("#play").click()
    await expect(page.locator("#play")).to_have_text("Stop")
    await expect(page.locator("#play")).to_have_text("Show where it looked")
    assert [n for n, before in zip(lit, [None, *lit], strict=False) if n != before] == [0, 1, 2, -1]
    assert await opacity(page) == 0
    await page.locator("#play").click()
    await page.locator("#play").click()
    await expect(page.locator("#play")).to_have_text("Show where it looked")


async def test_with_motion_words_appear_one_by_one(browser: Browser, server: WebServer) -> None:
    async with watched_page(browser, server.url) as page:
        await page.evaluate("""() => {
            window.hidden = [];
            new MutationObserver(() => window.hidden.push(
                document.querySelectorAll("#words .to-come").length,
            )).observe(document.querySelector("#words"),
                { subtree: true, childList: true, attributeFilter: ["class"] });
        }""")
        await captioned(page)
        await expect(page.locator("#words .to-come")).to_have_count(0)
        assert {0, 1, 2} <= set(await page.evaluate("window.hidden"))
        await until(lambda: _is_bare(page))
        await words(page).nth(1).hover()
        await until(lambda: _is_lit(page))


async def _is_bare(page: Page) -> bool:
    return await opacity(page) == 0


async def _is_lit(page: Page) -> bool:
    return await opacity(page) > 0


async def test_another_photo(page: Page) -> None:
    await captioned(page)
    async with page.expect_file_chooser() as choosing:
        await page.locator("#again").click()
    await expect(words(page)).to_have_text(["a", "red", "picture"])  # until there is another one
    await (await choosing.value).set_files(BLUE)
    await expect(page.locator("#live")).to_contain_text("A blue picture")


@pytest.mark.parametrize(
    ("link", "name", "start"),
    [
        ("#gif", "captionbot-attention.gif", b"GIF8"),
        ("#sheet", "captionbot-attention.png", b"\x89PNG"),
    ],
)
async def test_downloads(page: Page, link: str, name: str, start: bytes) -> None:
    await captioned(page)
    async with page.expect_download() as downloading:
        await page.locator(link).click()
    download = await downloading.value
    assert download.suggested_filename == name
    path = await download.path()
    assert path.read_bytes().startswith(start)
    await expect(page.locator("#making")).to_have_text("Saved to your downloads.")


@pytest.mark.parametrize("kind", ["HEIF", "TIFF", "GIF"])
async def test_what_the_browser_cannot_show_is_shown_all_the_same(page: Page, kind: str) -> None:
    file = {
        "name": f"photo.{kind.lower()}",
        "mimeType": f"image/{kind.lower()}",
        "buffer": photos.photo(format=kind),
    }
    await captioned(page, file)
    await until(lambda: _has_width(page))
    assert "/photo.jpg" in str(await page.locator("#photo").evaluate("image => image.currentSrc"))


async def _has_width(page: Page) -> bool:
    return bool(await page.locator("#photo").evaluate("image => image.naturalWidth > 0"))


async def test_a_rotated_photo_stands_upright(page: Page) -> None:
    """As the model saw it: the heat map must lie on the same picture."""
    await captioned(page, RED | {"buffer": photos.rotated(6)})
    box = await page.locator("#heat").bounding_box()
    assert box is not None
    assert abs(box["width"] / box["height"] - 4 / 3) < 0.02
