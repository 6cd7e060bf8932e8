"""Questions about a photo on the page, and captions of a chosen length."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.adapters.web import WebOptions
from bot.locales import say
from captioner.queue.messages import CaptionJob, CaptionReply
from tests.support.browser import watched_page
from tests.support.scripted_worker import ENGLISH_ONLY, ScriptedCaptions, follows_prompts
from tests.support.web_server import WebServer, web_server
from tests.system.page.steps import BLUE, RED, cards, choose, fits
from tests.system.page.test_aloud import VOICE, spoken

pytestmark = pytest.mark.asyncio(loop_scope="package")

HOSTILE = "<img src=x onerror=alert(1)>\u202e " + "Donaudampfschifffahrt" * 40


class Answering(ScriptedCaptions):
    """Answers questions, one of them with what a hostile model might say."""

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return [
            replace(reply, captions=(replace(reply.captions[0], text=HOSTILE),))
            if job.question == "Hostile?"
            else reply
            for job, reply in zip(jobs, super().answer(jobs), strict=True)
        ]


@asynccontextmanager
async def asked_page(
    browser: Browser,
    *,
    captions: ScriptedCaptions | None = None,
    lang: str = "en",
) -> AsyncIterator[tuple[Page, WebServer]]:
    """A phone's page of a server whose model answers questions."""
    captions = captions or Answering(capabilities=follows_prompts("en", "ar"))
    async with web_server(captions=captions, options=WebOptions(per_minute=0)) as server:
        while not (await server.queue.workers()).ready:  # it announces itself in a moment
            await asyncio.sleep(0.01)
        async with watched_page(
            browser,
            server.url,
            locale=lang,
            reduced_motion="reduce",
            viewport={"width": 390, "height": 844},
        ) as page:
            await page.add_init_script(VOICE)
            await page.reload()
            yield page, server


def field(page: Page, lang: str = "en") -> Locator:
    return page.get_by_role("textbox", name=say("page-ask", lang))


def turns(page: Page) -> Locator:
    return page.locator(".turn")


async def ask(page: Page, question: str, number: int, lang: str = "en") -> None:
    """Ask by the keyboard alone; the answer is the one of this number."""
    await field(page, lang).fill(question)
    await page.keyboard.press("Enter")
    await expect(turns(page)).to_have_count(number)
    await expect(field(page, lang)).to_be_focused()
    await expect(field(page, lang)).to_have_value("")


async def test_where_no_question_is_answered_nothing_is_offered(page: Page) -> None:
    async with page.expect_response("**/api/capabilities"):
        await choose(page, RED)
    await expect(page.locator("#answer")).to_be_visible()
    await expect(page.locator("#asking")).to_be_hidden()
    await expect(page.locator("#length-switch")).to_be_hidden()


async def test_a_conversation(browser: Browser) -> None:
    async with asked_page(browser) as (page, server):
        await choose(page, RED)
        await ask(page, "What colour is it?", 1)
        log = page.get_by_role("log", name=say("page-ask"))
        await expect(log).to_have_text(
            "Your question: What colour is it?The answer: A red picture!Read aloud"
        )
        await expect(page.locator("#ask-state")).to_be_empty()
        await ask(page, "Hostile?", 2)
        said = turns(page).nth(1).locator(".text")
        await expect(said).to_contain_text("<img src=x onerror=alert(1)>")
        assert await log.locator("img").count() == 0
        await fits(page, 390)

        await turns(page).nth(0).locator(".read").click()
        assert await spoken(page) == ["en: A red picture!"]
        await expect(turns(page).nth(1).locator(".read")).to_have_text(say("page-read-stop"))
        await page.get_by_role("switch", name=say("page-aloud")).click()
        await ask(page, "And now?", 3)
        assert (await spoken(page))[1:] == ["en: A red picture!"]

        await field(page).fill("x" * 301)
        await page.get_by_role("button", name=say("page-ask-send")).click()
        wrong = page.locator("#ask-wrong")
        await expect(wrong).to_have_text(say("question-too-long", limit=300))
        await expect(field(page)).to_have_value("x" * 301)
        await ask(page, "Why?", 4)
        await expect(wrong).to_be_empty()
        assert [job.question for job in server.captions.jobs[1:]] == [
            "What colour is it?", "Hostile?", "And now?", "Why?",
        ]  # fmt: skip
        await choose(page, BLUE)  # another photo, another conversation
        await expect(page.locator("#sentence")).to_have_text("A blue picture.")
        await expect(turns(page)).to_have_count(0)
        await server.adapter.stop()
        await field(page).fill("Are you there?")
        await page.keyboard.press("Enter")
        await expect(wrong).to_contain_text(say("page-unreached"))


async def test_it_runs_from_right_to_left(browser: Browser) -> None:
    async with asked_page(browser, lang="ar") as (page, server):
        await choose(page, RED)
        await ask(page, "ما هذا؟", 1, "ar")
        answer = turns(page).locator(".text")
        await expect(answer).to_have_text("صورة حمراء!")
        await expect(answer).to_have_attribute("lang", "ar")
        await expect(answer).to_have_attribute("dir", "rtl")
        asked = await page.locator("#question").bounding_box()
        send = await page.locator("#ask-send").bounding_box()
        assert asked is not None
        assert send is not None
        assert asked["x"] > send["x"]
        await page.locator("#language").select_option("en")
        await ask(page, "What is it?", 2)
        await expect(answer.nth(1)).to_have_text("A red picture!")
        assert server.captions.jobs[-1].language == "en"
        await expect(page.locator(".turn .unseen").first).to_have_text(say("page-asked"))


async def test_a_photo_that_was_forgotten_is_sent_again(browser: Browser) -> None:
    async with asked_page(browser) as (page, server):
        await choose(page, RED)
        await expect(field(page)).to_be_visible()
        server.adapter._store.clear()
        await ask(page, "What is it?", 1)
        await expect(turns(page).locator(".text")).to_have_text("A red picture!")
        assert [job.question for job in server.captions.jobs] == [None, "What is it?"]


async def test_each_photo_of_an_album_has_a_conversation_of_its_own(browser: Browser) -> None:
    go = threading.Event()
    captions = Answering(
        lambda jobs: [go.wait(30) for job in jobs if job.question == "Slow?"],
        capabilities=follows_prompts(),
    )
    async with asked_page(browser, captions=captions) as (page, _):
        await choose(page, [RED, BLUE])
        await expect(cards(page, "done")).to_have_count(2)
        await cards(page).nth(1).get_by_role("button").click()
        await ask(page, "What is it?", 1)
        await field(page).fill("Slow?")
        await page.keyboard.press("Enter")
        await expect(page.locator("#ask-state")).to_have_text(say("page-looking"))
        await page.go_back()  # who leaves gives the question up, and finds it again
        await cards(page).nth(0).get_by_role("button").click()
        await expect(turns(page)).to_have_count(0)
        await expect(field(page)).to_have_value("")
        await page.go_back()
        await cards(page).nth(1).get_by_role("button").click()
        await expect(turns(page).locator(".text")).to_have_text("A blue picture!")
        await expect(field(page)).to_have_value("Slow?")
        go.set()
        await field(page).press("Enter")
        await expect(turns(page)).to_have_count(2)


async def test_a_model_that_no_longer_answers(browser: Browser) -> None:
    async with asked_page(browser) as (page, server):
        await choose(page, RED)
        await ask(page, "What is it?", 1)
        server.captions.capabilities = ENGLISH_ONLY
        server.service.capabilities._until = 0.0
        await server.queue.announce("scripted", ready=True, capabilities=ENGLISH_ONLY)
        await field(page).fill("And now?")
        await page.keyboard.press("Enter")
        await expect(page.locator("#ask-wrong")).to_have_text(say("not_offered"))
        await expect(page.locator("#ask")).to_be_hidden()
        await expect(turns(page)).to_have_count(1)


async def test_the_length_of_captions_is_chosen_and_remembered(browser: Browser) -> None:
    async with asked_page(browser) as (page, server):
        length = page.get_by_label(say("page-length"))
        await expect(length.locator("option")).to_have_text(
            [say(f"length-{name}") for name in ("short", "alt", "long")]
        )
        await choose(page, RED)
        await expect(page.locator("#sentence")).to_have_text("A red picture.")
        await length.select_option("long")  # the photo is captioned anew
        await expect(page.locator("#answer")).to_have_class("wordy")
        await fits(page, 390)
        await page.reload()
        await expect(length).to_have_value("long")
        await choose(page, BLUE)
        await expect(page.locator("#answer")).to_have_class("wordy")
        assert [job.length for job in server.captions.jobs] == ["short", "long", "long"]
        await page.locator("#language").select_option("ar")
        first = page.locator("#length option").first
        await expect(first).to_have_text(say("length-short", "ar"))
