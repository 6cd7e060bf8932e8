"""What goes through a proxy of ours, whichever it is."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from typing import Protocol

import aiohttp

from bot.adapters.web import WebOptions
from tests.support.photos import photo
from tests.support.web_server import form

PATIENCE = 30.0  # seconds
BEHIND_IT = WebOptions(per_minute=2, trusted_proxies=(ip_network("127.0.0.1"),))


class Front(Protocol):
    """A proxy that runs: where, and a client that believes its certificate."""

    @property
    def url(self) -> str: ...

    @property
    def client(self) -> aiohttp.ClientSession: ...


async def keeps_metrics_inside(front: Front, server: str) -> None:
    """The page has metrics, and the proxy does not show them."""
    async with front.client.get(f"{server}/metrics") as answer:
        assert answer.status == 200
    async with front.client.get(f"{front.url}/metrics") as answer:
        assert answer.status == 404


async def gives_no_more_turns_for_a_false_address(front: Front) -> None:
    """Whoever invents addresses is one person all the same; the page allows two a minute."""
    statuses = []
    for number in range(3):
        async with front.client.post(
            f"{front.url}/api/captions",
            data=form(photo(seed=number)),
            headers={"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": "for=192.0.2.9"},
        ) as answer:
            statuses.append(answer.status)
    assert statuses == [200, 200, 429]


async def sends_progress_while_it_happens(front: Front) -> None:
    """No worker comes: the line is there all the same, not kept back until the answer is whole."""
    async with (
        asyncio.timeout(PATIENCE),
        front.client.post(
            f"{front.url}/api/captions",
            data=form(photo()),
            headers={"Accept": "application/x-ndjson"},
        ) as answer,
    ):
        assert b"waiting" in await answer.content.readline()
