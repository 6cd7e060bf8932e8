"""The page for programs, and the page in a frame on somebody else's page."""

import asyncio
import json
import shlex
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from bot.adapters.web import WebOptions
from tests.support.browser import watched_page
from tests.support.scripted_worker import jpeg
from tests.support.web_server import WebServer, form, web_server
from tests.system.page.steps import RED, TEXT

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def run(command: str, folder: Path) -> str:
    """What a command of the page prints; curl's request sent by ourselves where it is missing."""
    program, *arguments = shlex.split(command)
    assert program == "curl"
    if shutil.which("curl"):
        running = await asyncio.create_subprocess_exec(
            *("curl", "--silent", "--show-error", "--max-time", "60", *arguments),
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await running.communicate()
        assert running.returncode == 0
        return out.decode()
    headers = {"Accept": "application/x-ndjson"} if "-H" in arguments else {}
    name, _, file = arguments[arguments.index("-F") + 1].partition("=@")
    photo = await asyncio.to_thread((folder / file).read_bytes)
    async with (
        aiohttp.ClientSession() as client,
        client.post(arguments[-1], data=form(photo, name), headers=headers) as response,
    ):
        return await response.text()


async def test_the_commands_do_what_they_promise(
    page: Page, server: WebServer, tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(jpeg("purple"))
    await page.get_by_role("link", name="See how, and try it").click()
    await expect(page.get_by_role("heading", name="API")).to_be_visible()
    command = await page.locator("#curl").inner_text()
    assert command == f"curl -F photo=@photo.jpg {server.url}/api/captions"
    said = json.loads(await run(command, tmp_path))
    assert said["caption"] == "a purple picture"
    (tmp_path / "photo.jpg").write_bytes(jpeg("orange"))
    lines = (await run(await page.locator("#curl-steps").inner_text(), tmp_path)).splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["waiting", "caption"]


async def test_the_commands_can_be_copied(browser: Browser, server: WebServer) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    async with watched_page(browser, server.url, permissions=allowed) as page:
        await page.goto(f"{server.url}/api")
        await page.get_by_role("button", name="Copy the command", exact=True).click()
        await expect(page.locator("#copied")).to_have_text("Copied")
        copied = await page.evaluate("() => navigator.clipboard.readText()")
        assert copied == await page.locator("#curl").inner_text()


async def test_the_form_shows_what_comes_back(page: Page, server: WebServer) -> None:
    await page.goto(f"{server.url}/api")
    await page.get_by_label("A photo").set_input_files(RED)
    await page.get_by_role("button", name="Send it").click()
    await expect(page.locator("#status")).to_contain_text("200 OK, after")
    shown = json.loads(await page.locator("#answer").inner_text())
    assert shown["caption"] == "a red picture"
    assert shown["words"][0]["attention"] == "… 49 weights"
    await page.get_by_label("A photo").set_input_files(TEXT)
    await page.get_by_role("button", name="Send it").click()
    await expect(page.locator("#status")).to_contain_text("400 Bad Request, after")
    assert json.loads(await page.locator("#answer").inner_text())["code"] == "not_an_image"


@asynccontextmanager
async def somebodys_page() -> AsyncIterator[tuple[str, list[str]]]:
    """The address of a page of another origin; it has in a frame what is in the list."""
    frames: list[str] = []

    async def answer(_request: web.Request) -> web.Response:
        body = f'<!doctype html><title>Theirs</title><iframe src="{frames[0]}" title="CaptionBot">'
        return web.Response(text=body, content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", frames
    finally:
        await runner.cleanup()


@asynccontextmanager
async def plain_page(browser: Browser, url: str) -> AsyncIterator[tuple[Page, list[str]]]:
    """A page whose complaints are collected, for that is where a refused frame shows."""
    page = await browser.new_page()
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if not message.text.startswith("Failed to load resource"):  # the icon their page lacks
            complaints.append(message.text)

    page.on("console", on_console)
    try:
        await page.goto(url)
        yield page, complaints
    finally:
        await page.close()


async def test_where_it_is_allowed_the_page_works_in_a_frame(browser: Browser) -> None:
    async with (
        somebodys_page() as (theirs, frames),
        web_server(options=WebOptions(frame_ancestors=(theirs,))) as server,
    ):
        frames.append(f"{server.url}/?embed=1")
        async with plain_page(browser, theirs) as (page, complaints):
            frame = page.frame_locator("iframe")
            await expect(frame.get_by_role("heading", name="What is happening")).to_be_visible()
            await expect(frame.locator("#past-open")).to_be_hidden()
            await expect(frame.get_by_text("Your photo goes to this server")).to_be_visible()
            await expect(frame.get_by_role("heading", name="How it works")).to_be_hidden()
            await frame.locator("#file").set_input_files(RED)
            await expect(frame.locator("#words button")).to_have_count(3)
            script = "async () => (await (await import('/static/history.js')).all()).length"
            assert await page.frames[1].evaluate(script) == 0
            assert complaints == []


async def test_elsewhere_it_does_not_show(browser: Browser, server: WebServer) -> None:
    async with somebodys_page() as (theirs, frames):
        frames.append(f"{server.url}/?embed=1")
        async with plain_page(browser, theirs) as (page, complaints):
            await page.wait_for_load_state("networkidle")
            await expect(page.frame_locator("iframe").locator("#file")).to_have_count(0)
            assert any("frame" in text.lower() for text in complaints)
