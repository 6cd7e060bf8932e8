"""Questions about a photo over HTTP, asked well and badly; and what a server says it can do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.adapters.web import WebOptions
from bot.media.sanitizer import CleanPhoto
from captioner.capabilities import Capabilities
from captioner.queue.common import failure_reply
from captioner.queue.messages import CaptionJob, CaptionReply, Failure, Length
from tests.bot.adapters.web.test_openapi import check
from tests.support.scripted_worker import MODEL, ScriptedCaptions, follows_prompts, jpeg
from tests.support.web_server import WebServer, form, metric, problem, until_depth, web_server

QUESTIONS = "/api/captions/{id}/questions"
EVENTS = {"Accept": "application/x-ndjson"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    captions = ScriptedCaptions(capabilities=follows_prompts("en", "de", "ar"))
    async with web_server(captions=captions, options=WebOptions(per_minute=0)) as server:
        await announced(server)
        yield server


async def announced(server: WebServer) -> None:
    while not (await server.queue.workers()).ready:  # it announces itself in a moment
        await asyncio.sleep(0.01)


async def address(client: aiohttp.ClientSession, server: WebServer, **fields: str) -> str:
    """Where questions about a red photo go, which is captioned first."""
    data = form(jpeg("red"))
    for name, value in fields.items():
        data.add_field(name, value)
    async with client.post(f"{server.url}/api/captions", data=data) as response:
        assert response.status == 200, await response.text()
        said = await response.json()
    return server.url + QUESTIONS.replace("{id}", said["id"])


async def test_a_question_is_answered(client: aiohttp.ClientSession, server: WebServer) -> None:
    url = await address(client, server)
    async with client.post(url, json={"question": " What colour\nis it? "}) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Language"] == "en"
        assert await check(QUESTIONS, response) == {
            "question": "What colour is it?",
            "answer": "a red picture!",
            "language": "en",
            "confidence": None,
            "unsure": False,
            "log_prob": 0.0,
            "score": 0.0,
            "words": [],
            "grid": [0, 0],
            "model": MODEL,
        }
    caption, asked = server.captions.jobs
    assert asked.question == "What colour is it?"
    assert asked.photo == caption.photo
    assert asked.person == caption.person
    assert await metric(client, server, 'captionbot_web_questions_total{outcome="answered"}') == 1
    assert await metric(client, server, "captionbot_web_answer_seconds_count") == 1
    assert await metric(client, server, 'captionbot_web_photos_total{outcome="captioned"}') == 1


async def test_forms_do_as_well_as_json(client: aiohttp.ClientSession, server: WebServer) -> None:
    url = await address(client, server)
    parts = aiohttp.FormData(default_to_multipart=True)
    parts.add_field("other", "x" * 1000)
    parts.add_field("question", "Warum rot? Ä", content_type="text/plain; charset=utf-8")
    parts.add_field("language", "de")
    for data in (parts, {"question": "Warum rot? Ä", "language": " de "}):
        async with client.post(url, data=data) as response:
            said = await check(QUESTIONS, response)
            assert said["question"] == "Warum rot? Ä"
            assert (said["language"], said["answer"]) == ("de", "ein Bild in Rot!")


async def test_which_language_the_answer_is_in(
    client: aiohttp.ClientSession, server: WebServer
) -> None:
    url = await address(client, server, language="de")
    headers = {"Accept-Language": "ar"}  # decides for captions; a conversation goes on as it began
    for language, expected in ((None, "de"), ("auto", "de"), ("ar", "ar"), ("it", "en")):
        body = {"question": f"Was ist das? {language}", "language": language}
        async with client.post(url, json=body, headers=headers) as response:
            assert (await response.json())["language"] == expected
    async with client.post(url, json={"question": "?a", "language": "klingon"}) as response:
        assert (await check(QUESTIONS, response))["code"] == "unknown_language"


async def test_the_answer_in_steps(client: aiohttp.ClientSession, server: WebServer) -> None:
    url = await address(client, server)
    async with client.post(url, json={"question": "What is it?"}, headers=EVENTS) as response:
        assert response.content_type == "application/x-ndjson"
        waiting, said = [json.loads(line) for line in (await response.text()).splitlines()]
    assert waiting == {"event": "waiting", "ahead": 0, "waking": False}
    assert said.keys() == {"event", "answer"}
    assert said["answer"]["answer"] == "a red picture!"


async def test_the_same_question_is_answered_from_the_cache(
    client: aiohttp.ClientSession, server: WebServer
) -> None:
    url = await address(client, server)
    for question in ("What is it?", "What  is it?", "Who is it?"):
        async with client.post(url, json={"question": question}) as response:
            assert response.status == 200
    assert [job.question for job in server.captions.jobs] == [None, "What is it?", "Who is it?"]


DEEP = b"[" * 50_000 + b"]" * 50_000
HOSTILE: list[tuple[bytes, str, int, str]] = [
    (b"", "application/json", 400, "not_a_question"),
    (b"{}", "application/json", 400, "not_a_question"),
    (b"[]", "application/json", 400, "not_a_question"),
    (b'"What?"', "application/json", 400, "not_a_question"),
    (b'{"question": ', "application/json", 400, "not_a_question"),
    (b'{"question": null}', "application/json", 400, "not_a_question"),
    (b'{"question": 7}', "application/json", 400, "not_a_question"),
    (b'{"question": ["What?"]}', "application/json", 400, "not_a_question"),
    (b'{"question": "What?", "language": 7}', "application/json", 400, "not_a_question"),
    (b'{"question": "What\xff?"}', "application/json", 400, "not_a_question"),
    (b'{"question": "What?"}'.decode().encode("utf-16"), "application/json", 400, "not_a_question"),
    (DEEP[:60_000], "application/json", 400, "not_a_question"),
    (b'{"question": ' + b"9" * 60_000 + b"}", "application/json", 400, "not_a_question"),
    (b'{"question": "What?"}', "text/plain", 400, "not_a_question"),
    (b'{"question": "What?"}', "image/jpeg", 400, "not_a_question"),
    (b"question=%ff", "application/x-www-form-urlencoded", 400, "not_a_question"),
    (b"&".join([b"a=b"] * 100), "application/x-www-form-urlencoded", 400, "not_a_question"),
    (b"no form", "multipart/form-data; boundary=x", 400, "not_a_question"),
    (b"no form", "multipart/form-data", 400, "not_a_question"),
    (b"question=", "application/x-www-form-urlencoded", 400, "question_empty"),
    (b'{"question": ""}', "application/json", 400, "question_empty"),
    (b'{"question": " \\u0000 \\n\\u202e\\ud800 ?"}', "application/json", 400, "question_empty"),
    (b'{"question": "%s"}' % (b"x" * 301), "application/json", 413, "question_too_long"),
    (b'{"question": "%s"}' % (b"x" * 100_000), "application/json", 413, "question_too_long"),
    (b"question=" + b"x" * 100_000, "application/x-www-form-urlencoded", 413, "question_too_long"),
    (DEEP, "application/json", 413, "question_too_long"),
]  # fmt: skip


@pytest.mark.parametrize("chunked", [False, True])
async def test_what_is_no_question(
    client: aiohttp.ClientSession, server: WebServer, chunked: bool
) -> None:
    url = await address(client, server)

    async def pieces(body: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(body), 30_000):
            yield body[start : start + 30_000]

    for body, kind, status, code in HOSTILE:
        data = pieces(body) if chunked else body
        async with client.post(url, data=data, headers={"Content-Type": kind}) as response:
            assert (response.status, await problem(response)) == (status, (status, code)), body[:60]
            assert (await check(QUESTIONS, response))["code"] == code
    assert len(server.captions.jobs) == 1
    assert await metric(client, server, "captionbot_web_waiting") == 0


async def test_what_looks_odd_and_is_a_question(
    client: aiohttp.ClientSession, server: WebServer
) -> None:
    url = await address(client, server)
    for body, asked in (
        (b'{"question": "What\\u0000 is\\ud800 \\u202ethis?", "other": [1]}', "What is this?"),
        (b'{"question": "\\ud83d\\udc15?"}', "🐕?"),
        (b'{"question": "<script>alert(1)</script>"}', "<script>alert(1)</script>"),
        (b'{"question": "{question} %s {0}"}', "{question} %s {0}"),
    ):
        async with client.post(url, data=body, headers=JSON) as response:
            assert response.status == 200, await response.text()
            assert (await response.json())["question"] == asked
            assert server.captions.jobs[-1].question == asked


async def test_how_long_it_may_be_is_said(client: aiohttp.ClientSession, server: WebServer) -> None:
    url = await address(client, server)
    async with client.post(
        url, json={"question": "x" * 301}, headers={"Accept-Language": "de"}
    ) as response:
        assert "höchstens 300 Zeichen" in (await response.json())["detail"]


async def test_who_does_not_know_the_id_cannot_ask(
    client: aiohttp.ClientSession, server: WebServer
) -> None:
    url = await address(client, server)
    key = url.split("/")[-2]
    for other in ("nobodys", key[:-1], key.swapcase(), "%00", f"{key}%2f..", "%F0%9F%90%95"):
        async with client.post(
            url.replace(key, other), json={"question": "What is it?"}
        ) as response:
            assert await problem(response) == (404, "forgotten"), other
    async with client.get(url) as response:
        assert await problem(response) == (405, "method_not_allowed")
    assert len(server.captions.jobs) == 1


async def test_a_forgotten_photo_cannot_be_asked_about(client: aiohttp.ClientSession) -> None:
    captions = ScriptedCaptions(capabilities=follows_prompts())
    options = WebOptions(keep_seconds=0.1)
    async with web_server(captions=captions, options=options) as server:
        url = await address(client, server)
        await asyncio.sleep(0.15)
        async with client.post(url, json={"question": "What is it?"}) as response:
            assert (await check(QUESTIONS, response))["code"] == "forgotten"


async def test_a_model_that_answers_no_questions(client: aiohttp.ClientSession) -> None:
    async with web_server() as server:
        await announced(server)
        url = await address(client, server)
        async with client.post(url, json={"question": "What is it?"}) as response:
            assert (await check(QUESTIONS, response))["code"] == "not_offered"
        assert len(server.captions.jobs) == 1
        refused = 'captionbot_web_questions_total{outcome="not_offered"}'
        assert await metric(client, server, refused) == 1


class Pretending(ScriptedCaptions):
    """Declares what it then does not do, as where several workers differ."""

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        return [
            failure_reply(job, Failure.NOT_OFFERED) if job.question else said
            for job, said in zip(jobs, super().answer(jobs), strict=True)
        ]


async def test_the_worker_may_know_better(client: aiohttp.ClientSession) -> None:
    captions = Pretending(capabilities=follows_prompts())
    async with web_server(captions=captions) as server:
        await announced(server)
        url = await address(client, server)
        async with client.post(url, json={"question": "What is it?"}) as response:
            assert await problem(response) == (409, "not_offered")
        async with client.post(url, json={"question": "What is it?"}, headers=EVENTS) as response:
            last = json.loads((await response.text()).splitlines()[-1])
            assert last["problem"]["code"] == "not_offered"


async def test_questions_count_as_photos_do(client: aiohttp.ClientSession) -> None:
    captions = ScriptedCaptions(capabilities=follows_prompts())
    async with web_server(captions=captions, options=WebOptions(per_minute=2)) as server:
        url = await address(client, server)
        for status in (200, 429):
            async with client.post(url, json={"question": "What is it?"}) as response:
                assert response.status == status
                await check(QUESTIONS, response)


async def test_another_sites_page_may_not_ask(
    client: aiohttp.ClientSession, server: WebServer
) -> None:
    url = await address(client, server)
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with client.post(url, json={"question": "What is it?"}, headers=headers) as response:
        assert (await check(QUESTIONS, response))["code"] == "cross_site"


async def test_a_model_that_is_still_loading(client: aiohttp.ClientSession) -> None:
    ready = True
    captions = ScriptedCaptions(capabilities=follows_prompts())
    async with web_server(captions=captions, worker_ready=lambda: ready) as server:
        url = await address(client, server)
        ready = False
        async with client.post(url, json={"question": "What is it?"}) as response:
            assert (await check(QUESTIONS, response))["code"] == "not_ready"
        assert len(captions.jobs) == 1


@asynccontextmanager
async def without_worker(answer_seconds: float) -> AsyncIterator[tuple[WebServer, str]]:
    """A server that knows a photo and has no worker any more, and where questions about it go."""
    options = WebOptions(answer_seconds=answer_seconds)
    async with web_server(working=False, options=options) as server:
        photo = CleanPhoto(jpeg("red"), 32, 24)
        key = server.adapter._store.put(photo)
        yield server, server.url + QUESTIONS.replace("{id}", key)


async def test_no_answer_in_time(client: aiohttp.ClientSession) -> None:
    async with without_worker(0.2) as (_, url):
        async with client.post(url, json={"question": "What is it?"}) as response:
            assert (await check(QUESTIONS, response))["code"] == "no_answer"
        async with client.post(url, json={"question": "Why?"}, headers=EVENTS) as response:
            steps = [json.loads(line) for line in (await response.text()).splitlines()]
            assert [step["event"] for step in steps] == ["waiting", "problem"]


async def test_who_leaves_is_no_longer_waited_for(client: aiohttp.ClientSession) -> None:
    async with without_worker(60) as (server, url):
        asking = asyncio.create_task(client.post(url, json={"question": "What is it?"}))
        await until_depth(server.queue, 1)
        asking.cancel()
        await asyncio.wait([asking])
        async with asyncio.timeout(30):
            while await metric(client, server, "captionbot_web_waiting") != 0:
                await asyncio.sleep(0.02)
        gone = 'captionbot_web_questions_total{outcome="disconnected"}'
        assert await metric(client, server, gone) == 1


CAPABILITIES = "/api/capabilities"


async def capabilities(client: aiohttp.ClientSession, server: WebServer) -> Any:
    async with client.get(server.url + CAPABILITIES) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        return await check(CAPABILITIES, response)


async def test_what_workers_can_do_is_told(
    client: aiohttp.ClientSession, server: WebServer
) -> None:
    everything = {
        "languages": ["en", "de", "ar"],
        "default_language": "en",
        "lengths": ["short", "alt", "long"],
        "questions": True,
        "max_question_length": 300,
        "attention": False,
        "confidence": False,
        "alternatives": True,
    }
    assert await capabilities(client, server) == everything
    server.service.caption_language = "de"
    fixed = {"languages": ["de"], "default_language": "de"}
    assert await capabilities(client, server) == everything | fixed


async def test_a_length_that_is_not_known_to_everybody_is_not_told(
    client: aiohttp.ClientSession,
) -> None:
    newer = Capabilities(
        languages=("en",), attention=True, confidence=True, questions=False,
        lengths=("long", "novel", "short"),
    )  # fmt: skip
    async with web_server(captions=ScriptedCaptions(capabilities=newer)) as server:
        await announced(server)
        assert (await capabilities(client, server))["lengths"] == ["short", "long"]


@pytest.mark.parametrize("length", ["", *Length])
async def test_captions_of_every_length(
    client: aiohttp.ClientSession, server: WebServer, length: str
) -> None:
    await address(client, server, length=length)
    assert server.captions.jobs[-1].length == (length or Length.SHORT)


async def test_lengths_that_cannot_be(client: aiohttp.ClientSession) -> None:
    async with web_server() as server:
        await announced(server)
        for length, expected in (
            ("novel", (400, "unknown_length")),
            ("\x00" * 90, (400, "unknown_length")),
            ("long", (409, "not_offered")),
        ):
            data = form(jpeg("red"))
            data.add_field("length", length)
            async with client.post(f"{server.url}/api/captions", data=data) as response:
                assert await problem(response) == expected
                said = await check("/api/captions", response)
                if expected[0] == 400:
                    assert said["detail"] == "Captions can have these lengths: short."
        assert server.captions.jobs == []
