"""The HTTP interface: what it answers, and how it refuses."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence

import aiohttp
import pytest

from bot.adapters.web import WebOptions
from captioner.queue import Limits, Overview, QueueUnavailable, Receipt
from captioner.queue.common import failure_reply
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import CaptionJob, CaptionReply, Failure
from tests.support.scripted_worker import MODEL, ScriptedCaptions, jpeg
from tests.support.web_server import WebServer, form, metric, problem, until_depth, web_server


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_photo_is_captioned(client: aiohttp.ClientSession) -> None:
    async with (
        web_server() as server,
        client.post(f"{server.url}/api/captions", data=form(jpeg("red"))) as response,
    ):
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        said = await response.json()
    assert said["caption"] == "a red picture"
    assert said["confidence"] == 0.8
    assert [word["word"] for word in said["words"]] == ["a", "red", "picture"]
    rows, columns = said["grid"]
    for position, word in enumerate(said["words"]):
        assert word["log_prob"] == -0.3
        assert len(word["attention"]) == rows * columns
        assert math.isclose(sum(word["attention"]), 1, abs_tol=1e-3)
        assert word["attention"].index(max(word["attention"])) == 9 * position
    assert [other["caption"] for other in said["alternatives"]] == [
        "a picture that is red",
        "something red",
    ]
    assert said["alternatives"][0]["log_prob"] < said["log_prob"] < 0
    assert said["alternatives"][0]["score"] <= said["score"] < 0
    assert said["model"] == MODEL
    assert said["attention_gif"] == f"/api/captions/{said['id']}/attention.gif"


async def test_a_photo_seen_before_is_answered_from_the_cache(
    client: aiohttp.ClientSession,
) -> None:
    async with web_server() as server:
        answers = []
        for _ in range(2):
            async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as response:
                answers.append(await response.json())
        assert len(server.captions.jobs) == 1
        async with client.get(server.url + answers[1]["attention_gif"]) as response:
            assert response.status == 200
    assert answers[0]["words"] == answers[1]["words"]
    assert answers[0]["id"] != answers[1]["id"]


@pytest.mark.parametrize(
    ("link", "content_type", "start"),
    [
        ("attention_gif", "image/gif", b"GIF8"),
        ("attention_sheet", "image/png", b"\x89PNG"),
        ("photo", "image/jpeg", b"\xff\xd8"),
    ],
)
async def test_what_belongs_to_a_caption_can_be_fetched(
    client: aiohttp.ClientSession, link: str, content_type: str, start: bytes
) -> None:
    async with web_server() as server:
        async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as response:
            said = await response.json()

        async def fetch() -> bytes:
            async with client.get(server.url + said[link]) as response:
                assert response.status == 200
                assert response.content_type == content_type
                assert response.headers["Cache-Control"] == "no-store"
                assert "captionbot" in response.headers["Content-Disposition"]
                return await response.read()

        bodies = await asyncio.gather(*(fetch() for _ in range(4)))
        jobs = server.captions.jobs
    assert bodies[0].startswith(start)
    assert len(set(bodies)) == 1
    # However many ask for it, an animation is made once, from the very photo captioned.
    assert len(jobs) == (1 if link == "photo" else 2)
    assert len({job.photo for job in jobs}) == 1


@pytest.mark.parametrize("name", ["attention.gif", "attention.png", "photo.jpg"])
async def test_an_unknown_id_is_forgotten(client: aiohttp.ClientSession, name: str) -> None:
    async with (
        web_server() as server,
        client.get(f"{server.url}/api/captions/nobodys/{name}") as response,
    ):
        assert await problem(response) == (404, "forgotten")


async def test_a_photo_is_forgotten_when_its_time_is_over(client: aiohttp.ClientSession) -> None:
    async with web_server(options=WebOptions(keep_seconds=0.2)) as server:
        async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as response:
            said = await response.json()
        async with asyncio.timeout(30):
            while True:
                async with client.get(server.url + said["photo"]) as response:
                    if response.status == 404:
                        assert await problem(response) == (404, "forgotten")
                        break
                await asyncio.sleep(0.05)


async def test_many_photos_at_once_each_get_their_own_caption(
    client: aiohttp.ClientSession,
) -> None:
    async def ask(server: WebServer, colour: str) -> str:
        photo = jpeg(colour)
        async with client.post(f"{server.url}/api/captions", data=form(photo)) as response:
            return str((await response.json())["caption"])

    colours = ["red", "green", "blue", "yellow", "black", "white"]
    async with web_server() as server:
        captions = await asyncio.gather(*(ask(server, colour) for colour in colours))
    assert captions == [f"a {colour} picture" for colour in colours]


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Failure.BAD_PHOTO, (422, "bad_photo")),
        (Failure.GAVE_UP, (503, "gave_up")),
        (Failure.INTERNAL, (500, "internal")),
    ],
)
async def test_a_workers_failure_is_told(
    client: aiohttp.ClientSession, failure: Failure, expected: tuple[int, str]
) -> None:
    class Failing(ScriptedCaptions):
        def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
            return [failure_reply(job, failure) for job in jobs]

    async with (
        web_server(captions=Failing()) as server,
        client.post(f"{server.url}/api/captions", data=form(jpeg())) as response,
    ):
        assert await problem(response) == expected
        assert ("Retry-After" in response.headers) == (expected[0] == 503)


async def test_a_person_with_too_many_photos_waits(client: aiohttp.ClientSession) -> None:
    options = WebOptions(answer_seconds=5)
    async with web_server(limits=Limits(per_person=1), working=False, options=options) as server:
        url = f"{server.url}/api/captions"
        first = asyncio.create_task(client.post(url, data=form(jpeg("red"))))
        await until_depth(server.queue, 1)
        async with client.post(url, data=form(jpeg("blue"))) as response:
            assert await problem(response) == (429, "person_busy")
            assert int(response.headers["Retry-After"]) >= 1
        first.cancel()
        await asyncio.wait([first])


async def test_a_full_queue_refuses(client: aiohttp.ClientSession) -> None:
    limits = Limits(depth=1, per_person=5)
    async with web_server(limits=limits, working=False) as server:
        url = f"{server.url}/api/captions"
        first = asyncio.create_task(client.post(url, data=form(jpeg("red"))))
        await until_depth(server.queue, 1)
        async with client.post(url, data=form(jpeg("blue"))) as response:
            assert await problem(response) == (503, "queue_full")
            assert int(response.headers["Retry-After"]) >= 1
        first.cancel()
        await asyncio.wait([first])


async def test_no_answer_in_time(client: aiohttp.ClientSession) -> None:
    options = WebOptions(answer_seconds=0.3)
    async with (
        web_server(working=False, options=options) as server,
        client.post(f"{server.url}/api/captions", data=form(jpeg())) as response,
    ):
        assert await problem(response) == (504, "no_answer")


async def test_who_leaves_is_no_longer_waited_for(client: aiohttp.ClientSession) -> None:
    async with web_server(working=False) as server:
        asking = asyncio.create_task(client.post(f"{server.url}/api/captions", data=form(jpeg())))
        await until_depth(server.queue, 1)
        asking.cancel()
        await asyncio.wait([asking])
        async with asyncio.timeout(30):
            while await metric(client, server, "captionbot_web_waiting") != 0:
                await asyncio.sleep(0.02)
        disconnected = 'captionbot_web_photos_total{outcome="disconnected"}'
        assert await metric(client, server, disconnected) == 1


async def test_not_ready_until_a_worker_is(client: aiohttp.ClientSession) -> None:
    ready = False
    async with web_server(worker_ready=lambda: ready) as server:
        async with client.get(f"{server.url}/ready") as response:
            assert await problem(response) == (503, "not_ready")
        async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as response:
            assert await problem(response) == (503, "not_ready")
            assert int(response.headers["Retry-After"]) >= 1
        async with client.get(f"{server.url}/health") as response:
            assert await response.json() == {"status": "alive"}
        ready = True
        async with client.get(f"{server.url}/ready") as response:
            assert await response.json() == {"status": "ready"}


class Gone(MemoryQueue):
    """A queue whose server cannot be reached."""

    async def ping(self) -> None:
        raise QueueUnavailable("gone")

    async def overview(self) -> Overview:
        raise QueueUnavailable("gone")

    async def submit_unless_cached(self, job: CaptionJob) -> Receipt | CaptionReply:
        del job
        raise QueueUnavailable("gone")


async def test_a_queue_that_is_gone(client: aiohttp.ClientSession) -> None:
    async with web_server(queue=Gone(Limits()), working=False) as server:
        async with client.get(f"{server.url}/ready") as response:
            assert await problem(response) == (503, "queue_unavailable")
        async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as response:
            assert await problem(response) == (503, "queue_unavailable")
            assert int(response.headers["Retry-After"]) >= 1
        assert math.isnan(await metric(client, server, "captionbot_queue_depth"))
