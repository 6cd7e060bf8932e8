"""The web adapter as it runs, over a real desk, intake and queue, with a scripted worker.

async with web_server() as server:
    ...  # server.url; server.captions.jobs
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.adapters.web import WebOptions
from bot.adapters.web.app import WebAdapter, instance_name
from bot.chat.service import CaptionService
from captioner.queue import JobQueue, Limits
from captioner.queue.memory import MemoryQueue
from tests.support.intake import SharedIntake
from tests.support.scripted_worker import ScriptedCaptions, scripted_worker


@dataclass(frozen=True, slots=True)
class WebServer:
    """A running server and what stands behind it."""

    url: str  # without a slash at its end
    queue: JobQueue
    captions: ScriptedCaptions
    adapter: WebAdapter
    service: CaptionService


@asynccontextmanager
async def web_server(
    *,
    queue: JobQueue | None = None,
    limits: Limits | None = None,
    captions: ScriptedCaptions | None = None,
    working: bool = True,
    max_bytes: int = 2_000_000,
    options: WebOptions | None = None,
    worker_ready: Callable[[], bool] = lambda: True,
    **rest: Any,
) -> AsyncIterator[WebServer]:
    """A server on a free port of 127.0.0.1; without a worker where `working` is false."""
    captions = captions or ScriptedCaptions()
    async with AsyncExitStack() as stack:
        queue = await stack.enter_async_context(queue or MemoryQueue(limits or Limits()))
        intake = await stack.enter_async_context(SharedIntake(max_bytes=max_bytes))
        service = CaptionService(queue, intake, adapter=instance_name(), store=rest.get("store"))
        adapter = WebAdapter(
            service,
            queue,
            port=0,
            max_bytes=max_bytes,
            options=options,
            worker_ready=worker_ready,
            **rest,
        )
        if working:
            await stack.enter_async_context(scripted_worker(queue, captions))
        await stack.enter_async_context(adapter)
        yield WebServer(adapter.url.rstrip("/"), queue, captions, adapter, service)


def form(photo: bytes, field: str = "photo") -> aiohttp.FormData:
    data = aiohttp.FormData()
    data.add_field(field, io.BytesIO(photo), filename="holiday.jpg", content_type="image/jpeg")
    return data


async def problem(response: aiohttp.ClientResponse) -> tuple[int, str]:
    """Status and code of a problem document, after checking that it is one."""
    assert response.content_type == "application/problem+json"
    body = await response.json()
    assert body["status"] == response.status
    assert body["type"] == f"urn:captionbot:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]
    return response.status, body["code"]


async def until_depth(queue: JobQueue, depth: int) -> None:
    async with asyncio.timeout(30):
        while await queue.depth() != depth:
            await asyncio.sleep(0.01)


async def metric(client: aiohttp.ClientSession, server: WebServer, name: str) -> float:
    async with client.get(f"{server.url}/metrics") as response:
        for line in (await response.text()).splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
    raise AssertionError(f"no metric {name}")


def address_of(server: WebServer) -> tuple[str, int]:
    host, _, port = server.url.removeprefix("http://").partition(":")
    return host, int(port)
