"""The answer in steps, and a server whose workers are still loading."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.adapters.web import WebOptions
from bot.chat.models import Request, Ticket
from bot.chat.service import CaptionService
from captioner.queue.common import failure_reply
from captioner.queue.messages import UNSURE_BELOW, CaptionJob, CaptionReply, Failure
from tests.support.scripted_worker import ScriptedCaptions, jpeg
from tests.support.web_server import WebServer, form, metric, problem, until_depth, web_server

EVENTS = {"Accept": "application/x-ndjson"}


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def events(
    client: aiohttp.ClientSession, server: WebServer, photo: bytes = jpeg()
) -> list[dict[str, Any]]:
    url = f"{server.url}/api/captions"
    async with client.post(url, data=form(photo), headers=EVENTS) as response:
        assert response.status == 200
        assert response.content_type == "application/x-ndjson"
        assert response.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        text = await response.text()
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


async def test_first_where_it_stands_then_what_is_said(client: aiohttp.ClientSession) -> None:
    async with web_server() as server:
        waiting, said = await events(client, server)
        async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as response:
            plain = await response.json()
        assert await metric(client, server, 'captionbot_web_photos_total{outcome="captioned"}') == 2
    assert waiting == {"event": "waiting", "ahead": 0, "waking": False}
    assert said["event"] == "caption"
    ours = {"id", "attention_gif", "attention_sheet", "photo"}
    for key in plain.keys() - ours:
        assert said["caption"][key] == plain[key]


async def test_what_is_known_already_comes_in_the_same_steps(
    client: aiohttp.ClientSession,
) -> None:
    async with web_server() as server:
        first = await events(client, server)
        again = await events(client, server)
        assert len(server.captions.jobs) == 1
    assert [line["event"] for line in again] == ["waiting", "caption"]
    assert first[1]["caption"]["words"] == again[1]["caption"]["words"]


async def test_where_it_stands_is_told_before_it_is_captioned(
    client: aiohttp.ClientSession,
) -> None:
    go = threading.Event()
    captions = ScriptedCaptions(before=lambda _: go.wait(30))
    async with web_server(captions=captions) as server:
        url = f"{server.url}/api/captions"
        first = asyncio.create_task(client.post(url, data=form(jpeg("red"))))
        await until_depth(server.queue, 1)
        async with client.post(url, data=form(jpeg("blue")), headers=EVENTS) as response:
            assert json.loads(await response.content.readline())["ahead"] == 1
            go.set()
            said = json.loads(await response.content.readline())
            assert said["caption"]["caption"] == "a blue picture"
        (await first).release()


async def test_what_is_refused_before_it_waits_has_a_status(
    client: aiohttp.ClientSession,
) -> None:
    async with web_server() as server:
        url = f"{server.url}/api/captions"
        async with client.post(url, data=form(b"no picture"), headers=EVENTS) as response:
            assert await problem(response) == (400, "not_an_image")


class Failing(ScriptedCaptions):
    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return [failure_reply(job, Failure.GAVE_UP) for job in jobs]


async def test_what_fails_later_is_told_in_its_last_line(client: aiohttp.ClientSession) -> None:
    async with web_server(captions=Failing()) as server:
        waiting, said = await events(client, server)
        assert await metric(client, server, 'captionbot_web_photos_total{outcome="gave_up"}') == 1
    assert waiting["event"] == "waiting"
    assert said["event"] == "problem"
    assert said["problem"]["code"] == "gave_up"
    assert said["problem"]["status"] == 503
    assert said["problem"]["retry_after"] >= 1


async def test_no_answer_in_time(client: aiohttp.ClientSession) -> None:
    async with web_server(working=False, options=WebOptions(answer_seconds=0.2)) as server:
        assert (await events(client, server))[-1]["problem"]["code"] == "no_answer"


async def test_an_error_of_ours_ends_the_stream_in_words(
    client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("describe is broken")

    monkeypatch.setattr("bot.adapters.web.api.describe", broken)
    async with web_server() as server:
        last = (await events(client, server))[-1]
        assert await metric(client, server, 'captionbot_web_photos_total{outcome="internal"}') == 1
    assert last["problem"]["code"] == "internal"
    assert "describe" not in json.dumps(last)
    assert "describe is broken" in caplog.text


async def test_who_leaves_in_between_is_no_longer_waited_for(
    client: aiohttp.ClientSession,
) -> None:
    async with web_server(working=False) as server:
        url = f"{server.url}/api/captions"
        response = await client.post(url, data=form(jpeg()), headers=EVENTS)
        await response.content.readline()
        response.close()
        async with asyncio.timeout(30):
            while await metric(client, server, "captionbot_web_waiting") != 0:
                await asyncio.sleep(0.02)
        disconnected = 'captionbot_web_photos_total{outcome="disconnected"}'
        assert await metric(client, server, disconnected) == 1


@pytest.mark.parametrize(
    ("accept", "streamed"),
    [
        ("application/json", False),
        ("*/*", False),
        ("text/html, application/x-ndjson;q=0.9", True),
        ("Application/X-NDJSON", True),
        ("application/x-ndjson-not", False),
        ("", False),
        (",;,=,", False),
    ],
)
async def test_who_gets_steps(client: aiohttp.ClientSession, accept: str, streamed: bool) -> None:
    async with (
        web_server() as server,
        client.post(
            f"{server.url}/api/captions", data=form(jpeg()), headers={"Accept": accept}
        ) as response,
    ):
        assert (response.content_type == "application/x-ndjson") == streamed


class Waking(CaptionService):
    """A desk whose workers are all loading."""

    async def ask(self, request: Request) -> Ticket:
        return replace(await super().ask(request), waking=True)


async def test_who_must_wait_for_a_worker_to_wake_up_is_told_and_given_time(
    client: aiohttp.ClientSession, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tests.support.web_server.CaptionService", Waking)
    slow = ScriptedCaptions(before=lambda _: threading.Event().wait(0.5))
    options = WebOptions(answer_seconds=0.05, waking_seconds=60)
    async with web_server(captions=slow, options=options) as server:
        waiting, said = await events(client, server)
    assert waiting["waking"] is True
    assert said["caption"]["caption"] == "a red picture"


async def test_ready_follows_the_workers(client: aiohttp.ClientSession) -> None:
    async with web_server(working=False) as server:
        await server.queue.announce("one", ready=False)
        async with client.get(f"{server.url}/ready") as response:
            assert await problem(response) == (503, "not_ready")
            assert "waking up" in (await response.json())["detail"]
        await server.queue.announce("two", ready=True)
        async with client.get(f"{server.url}/ready") as response:
            assert await response.json() == {"status": "ready"}


async def test_the_caption_says_whether_it_is_unsure(client: aiohttp.ClientSession) -> None:
    class Unsure(ScriptedCaptions):
        def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
            sure = UNSURE_BELOW if self.jobs else UNSURE_BELOW - 1e-6
            return [replace(reply, confidence=sure) for reply in super().answer(jobs)]

    async with web_server(captions=Unsure()) as server:
        unsure = []
        for colour in ("red", "blue"):
            url = f"{server.url}/api/captions"
            async with client.post(url, data=form(jpeg(colour))) as response:
                unsure.append((await response.json())["unsure"])
    assert unsure == [True, False]
