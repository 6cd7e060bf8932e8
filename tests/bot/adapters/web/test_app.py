"""The web adapter: start and stop."""

import asyncio
import threading
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.adapters.web import WebOptions
from bot.adapters.web.app import WebAdapter, instance_name
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from captioner.queue.base import Delivery, Limits
from captioner.queue.memory import MemoryQueue
from tests.support.scripted_worker import ScriptedCaptions, jpeg
from tests.support.web_server import form, web_server


def test_an_instance_has_a_name_of_its_own() -> None:
    assert instance_name() != instance_name()
    assert instance_name().startswith("web.")


async def test_an_address_in_use_is_an_error_and_leaves_nothing() -> None:
    async with web_server(working=False) as server, Intake() as intake:
        queue = MemoryQueue(Limits())
        port = int(server.url.rpartition(":")[2])
        second = WebAdapter(CaptionService(queue, intake, adapter="web.second"), queue, port=port)
        with pytest.raises(OSError, match="address already in use"):
            await second.start()
        await second.stop()


async def test_run_serves_until_cancelled() -> None:
    async with Intake() as intake, MemoryQueue(Limits()) as queue:
        adapter = WebAdapter(CaptionService(queue, intake, adapter="web.one"), queue, port=0)
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
        adapter = WebAdapter(CaptionService(queue, intake, adapter="web.one"), queue, port=0)
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
    class Broken(CaptionService):
        async def replies(self, consumer: str) -> AsyncIterator[Delivery]:
            raise RuntimeError(f"no replies for {consumer}")
            yield  # which makes this a generator

    async with Intake() as intake, MemoryQueue(Limits()) as queue:
        adapter = WebAdapter(Broken(queue, intake, adapter="web.one"), queue, port=0)
        with pytest.raises(RuntimeError, match="no replies"):
            await adapter.run()
    assert "no more replies reach the page" in caplog.text
