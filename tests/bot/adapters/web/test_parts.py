"""The web adapter's parts by themselves: whom limits count, what is kept, start and stop."""

import asyncio
import threading
from collections.abc import AsyncIterator
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.adapters.web import WebAdapter, WebOptions, instance_name
from bot.adapters.web.client_ip import person_of
from bot.adapters.web.photo_cache import Media, PhotoStore
from bot.adapters.web.problems import KINDS, Problem
from bot.chat.service import Desk, Sorry
from bot.media.sanitizer import CleanPhoto, Intake, Reason
from captioner.queue.base import Delivery, Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import Failure, Output
from tests.support.scripted_worker import ScriptedCaptions, jpeg
from tests.support.web_server import form, web_server

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


class Transport(asyncio.Transport):
    """Knows who is at its other end, and no more."""

    def __init__(self, peer: str) -> None:
        super().__init__({"peername": (peer, 4711)})


def person(peer: str, *forwarded: str) -> str:
    headers = CIMultiDict([("X-Forwarded-For", line) for line in forwarded])
    request = make_mocked_request("GET", "/", headers, transport=Transport(peer))
    return person_of(request, PROXIES)


def test_the_sender_is_the_peer() -> None:
    assert person("192.0.2.7") == "192.0.2.7"


def test_a_stranger_cannot_name_another() -> None:
    assert person("192.0.2.7", "198.51.100.1") == "192.0.2.7"


def test_a_trusted_proxy_names_the_sender() -> None:
    assert person("10.1.1.1", "198.51.100.1") == "198.51.100.1"
    assert person("10.1.1.1", "198.51.100.1, 10.2.2.2") == "198.51.100.1"
    assert person("10.1.1.1", "6.6.6.6, 198.51.100.1") == "198.51.100.1"
    assert person("10.1.1.1", "6.6.6.6", "198.51.100.1") == "198.51.100.1"


@pytest.mark.parametrize("forwarded", ["", "nonsense", "unknown", ",", "1.2.3.4.5", "[::1]:80"])
def test_a_proxy_that_names_nobody(forwarded: str) -> None:
    assert person("10.1.1.1", forwarded) == "10.1.1.1"


def test_a_household_is_one_sender() -> None:
    assert person("2001:db8:1:2::1") == person("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert person("2001:db8:1:3::1") != person("2001:db8:1:2::1")
    assert person("::ffff:192.0.2.7") == "192.0.2.7"


def test_every_refusal_of_the_desk_and_the_worker_has_a_problem() -> None:
    asked = {"queue-full", "person-busy", "queue-unavailable", "slow-down", "internal"}
    for code in {*asked, *Reason, *Failure}:
        problem = Problem.of(Sorry(code, "a sentence"))
        assert problem.code == code.replace("-", "_")
        assert problem.detail == "a sentence"


def test_an_unknown_refusal_is_an_error_of_ours() -> None:
    problem = Problem.of(Sorry("never-heard", "a sentence"))
    assert (problem.status, problem.code) == (500, "internal")


def test_who_is_told_to_come_back_is_told_when() -> None:
    for code, (status, _) in KINDS.items():
        headers = Problem(code, "a sentence").response().headers
        assert ("Retry-After" in headers) == (status in {429, 503}), code
    assert Problem("not_ready", "", retry_after=0.2).response().headers["Retry-After"] == "1"
    assert Problem("not_ready", "", retry_after=7.5).response().headers["Retry-After"] == "8"


def clean(size: int = 10) -> CleanPhoto:
    return CleanPhoto(bytes(size), 8, 8)


async def test_the_store_forgets_the_least_recently_used() -> None:
    store = PhotoStore(seconds=60, max_photos=2, max_bytes=1000)
    first, second = store.put(clean()), store.put(clean())
    assert store.get(first) is not None
    third = store.put(clean())
    assert store.get(second) is None
    assert store.get(first) is not None
    assert store.get(third) is not None
    store.clear()
    assert (len(store), store.size) == (0, 0)


async def test_the_store_is_bounded_in_bytes_with_what_was_made() -> None:
    store = PhotoStore(seconds=60, max_photos=10, max_bytes=1000)
    first, second = store.put(clean(400)), store.put(clean(400))
    kept = store.get(second)
    assert kept is not None
    store.add(kept, Output.ATTENTION_GIF, Media(bytes(300), "image/gif"))
    assert store.get(first) is None
    assert store.size == 700
    store.add(kept, Output.ATTENTION_GIF, Media(bytes(200), "image/gif"))
    assert store.size == 600
    store.add(kept, Output.ATTENTION_SHEET, Media(bytes(900), "image/png"))
    assert (len(store), store.size) == (0, 0)


async def test_what_is_made_of_a_forgotten_photo_takes_no_room() -> None:
    store = PhotoStore(seconds=60, max_photos=1, max_bytes=1000)
    kept = store.get(store.put(clean(400)))
    assert kept is not None
    store.put(clean(500))
    store.add(kept, Output.ATTENTION_GIF, Media(bytes(900), "image/gif"))
    assert (len(store), store.size) == (1, 500)


async def test_the_store_forgets_in_time_without_being_asked() -> None:
    store = PhotoStore(seconds=0.05, max_photos=10, max_bytes=1000)
    store.put(clean())
    assert len(store) == 1
    async with asyncio.timeout(30):
        while len(store):
            await asyncio.sleep(0.01)


def test_an_instance_has_a_name_of_its_own() -> None:
    assert instance_name() != instance_name()
    assert instance_name().startswith("web.")


async def test_an_address_in_use_is_an_error_and_leaves_nothing() -> None:
    async with web_server(working=False) as server, Intake() as intake:
        queue = MemoryQueue(Limits())
        port = int(server.url.rpartition(":")[2])
        second = WebAdapter(Desk(queue, intake, adapter="web.second"), queue, port=port)
        with pytest.raises(OSError, match="address already in use"):
            await second.start()
        await second.stop()


async def test_run_serves_until_cancelled() -> None:
    async with Intake() as intake, MemoryQueue(Limits()) as queue:
        adapter = WebAdapter(Desk(queue, intake, adapter="web.one"), queue, port=0)
        running = asyncio.create_task(adapter.run())
        async with asyncio.timeout(30), aiohttp.ClientSession() as client:
            while adapter.url.endswith(":0/"):
                await asyncio.sleep(0.01)
            async with client.get(adapter.url) as response:
                assert response.status == 200
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            with pytest.raises(aiohttp.ClientConnectorError):
                await client.get(adapter.url)


async def test_stopping_answers_what_is_in_hand() -> None:
    go = threading.Event()
    captions = ScriptedCaptions(before=lambda _: go.wait(30))
    async with (
        web_server(options=WebOptions(stop_seconds=30), captions=captions) as server,
        aiohttp.ClientSession() as client,
    ):
        url = f"{server.url}/api/captions"
        asking = [
            asyncio.create_task(client.post(url, data=form(jpeg(colour))))
            for colour in ("red", "green", "blue")
        ]
        async with asyncio.timeout(30):
            while await server.queue.depth() < len(asking):
                await asyncio.sleep(0.01)
        stopping = asyncio.create_task(server.adapter.stop())
        await asyncio.sleep(0)
        go.set()
        await stopping
        for response in await asyncio.gather(*asking):
            assert response.status == 200
            await response.read()


async def test_cancelling_run_answers_what_is_in_hand() -> None:
    async with Intake() as intake, MemoryQueue(Limits()) as queue:
        adapter = WebAdapter(Desk(queue, intake, adapter="web.one"), queue, port=0)
        running = asyncio.create_task(adapter.run())
        async with asyncio.timeout(60), aiohttp.ClientSession() as client:
            while not adapter.listening:
                await asyncio.sleep(0.01)
            url = f"{adapter.url}api/captions"
            asking = asyncio.create_task(client.post(url, data=form(jpeg("red"))))
            while not (claims := await queue.take("worker", max_batch=1, wait=1)):
                pass
            running.cancel()
            await asyncio.sleep(0.1)
            (reply,) = ScriptedCaptions().answer([claims[0].job])
            await queue.finish(claims[0], reply)
            async with await asking as response:
                assert response.status == 200
            await asyncio.wait([running])
            assert running.cancelled()


async def test_replies_that_stop_are_an_error_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Desk):
        async def replies(self, consumer: str) -> AsyncIterator[Delivery]:
            raise RuntimeError(f"no replies for {consumer}")
            yield  # which makes this a generator

    async with Intake() as intake, MemoryQueue(Limits()) as queue:
        adapter = WebAdapter(Broken(queue, intake, adapter="web.one"), queue, port=0)
        with pytest.raises(RuntimeError, match="no replies"):
            await adapter.run()
    assert "no more replies reach the page" in caplog.text
