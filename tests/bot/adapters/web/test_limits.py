"""How often an address may ask, and whose pages may embed ours."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_network

import aiohttp
import pytest

from bot.adapters.web import WebOptions
from bot.locales import say
from bot.store.base import StoreUnavailable
from bot.store.memory import MemoryStore
from tests.support.scripted_worker import jpeg
from tests.support.web_server import WebServer, address_of, form, metric, problem, web_server

TWICE = WebOptions(per_minute=2, trusted_proxies=(ip_network("127.0.0.1"),))


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def ask(
    client: aiohttp.ClientSession, server: WebServer, forwarded: str = "192.0.2.7"
) -> int:
    headers = {"X-Forwarded-For": forwarded}
    url = f"{server.url}/api/captions"
    async with client.post(url, data=form(jpeg()), headers=headers) as response:
        if response.status == 429:
            assert await problem(response) == (429, "slow_down")
            seconds = int(response.headers["Retry-After"])
            assert 1 <= seconds <= 60
            assert (await response.json())["retry_after"] == seconds
        return response.status


async def test_an_address_may_ask_so_often_a_minute(client: aiohttp.ClientSession) -> None:
    async with web_server(options=TWICE) as server:
        assert [await ask(client, server) for _ in range(4)] == [200, 200, 429, 429]
        assert await ask(client, server, "198.51.100.1") == 200
        slow_down = 'captionbot_web_photos_total{outcome="slow_down"}'
        assert await metric(client, server, slow_down) == 2


async def test_a_household_is_one_address(client: aiohttp.ClientSession) -> None:
    async with web_server(options=TWICE) as server:
        addresses = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2::3", "2001:db8:1:3::1"]
        assert [await ask(client, server, a) for a in addresses] == [200, 200, 429, 200]


async def test_without_a_trusted_proxy_nobody_can_pretend_to_be_another(
    client: aiohttp.ClientSession,
) -> None:
    async with web_server(options=WebOptions(per_minute=1)) as server:
        assert [await ask(client, server, f"192.0.2.{n}") for n in (1, 2)] == [200, 429]


async def test_animations_take_turns_too_but_only_to_be_made(
    client: aiohttp.ClientSession,
) -> None:
    async with web_server(options=WebOptions(per_minute=2)) as server:
        async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as response:
            said = await response.json()
        for link, status in [
            ("attention_gif", 200),
            ("attention_gif", 200),  # made already
            ("attention_sheet", 429),
            ("photo", 200),
        ]:
            async with client.get(server.url + said[link]) as response:
                assert response.status == status


async def test_all_processes_of_a_store_count_together(client: aiohttp.ClientSession) -> None:
    store = MemoryStore()
    async with (
        web_server(options=TWICE, store=store) as one,
        web_server(options=TWICE, store=store) as other,
    ):
        assert [await ask(client, server) for server in (one, other, one)] == [200, 200, 429]


async def test_no_limit(client: aiohttp.ClientSession) -> None:
    async with web_server(options=WebOptions(per_minute=0)) as server:
        assert {await ask(client, server) for _ in range(5)} == {200}


class Recording(MemoryStore):
    """Remembers by which names it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    async def wait_for_turn(self, who: str, *, limit: int, seconds: float) -> float:
        self.names.append(who)
        return await super().wait_for_turn(who, limit=limit, seconds=seconds)


async def test_the_store_never_hears_an_address(client: aiohttp.ClientSession) -> None:
    store = Recording()
    async with web_server(options=TWICE, store=store) as server:
        await ask(client, server)
        await ask(client, server)
    assert len(store.names) == 2
    assert len(set(store.names)) == 1
    assert "192.0.2.7" not in store.names[0]


class Gone(MemoryStore):
    """A store whose server cannot be reached."""

    async def wait_for_turn(self, who: str, *, limit: int, seconds: float) -> float:
        del who, limit, seconds
        raise StoreUnavailable("gone")


async def test_a_store_that_is_gone_stops_nobody(
    client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with web_server(options=WebOptions(per_minute=1), store=Gone()) as server:
        assert [await ask(client, server) for _ in range(3)] == [200, 200, 200]
    assert caplog.text.count("the store cannot be reached") == 1


async def test_pages_may_be_embedded_where_that_is_allowed(client: aiohttp.ClientSession) -> None:
    origins = ("https://example.org", "https://*.example.net:8443")
    async with (
        web_server(working=False, options=WebOptions(frame_ancestors=origins)) as server,
        client.get(server.url) as response,
    ):
        policy = response.headers["Content-Security-Policy"].split("; ")
        assert "frame-ancestors https://example.org https://*.example.net:8443" in policy
        assert "default-src 'none'" in policy
        assert "X-Frame-Options" not in response.headers


async def test_they_may_not_anywhere_else(client: aiohttp.ClientSession) -> None:
    async with web_server(working=False) as server, client.get(server.url) as response:
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "*",
        "https:",
        "example.org",
        "https://example.org/page",
        "https://example.org; script-src *",
        "https://a.example https://b.example",
        "https://exa\r\nmple.org",
        "https://*",
        "'none'",
        "javascript://example.org",
    ],
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        WebOptions(frame_ancestors=("https://example.org", origin))


@pytest.mark.parametrize(
    "origin", ["'self'", "http://localhost:3000", "https://[::1]:8080", "https://Example.org"]
)
def test_what_is_an_origin_is_not(origin: str) -> None:
    assert WebOptions(frame_ancestors=(origin,)).frame_ancestors == (origin,)


def test_a_limit_below_none_is_refused() -> None:
    with pytest.raises(ValueError, match="per_minute"):
        WebOptions(per_minute=-1)


async def test_the_embedded_page_is_marked(client: aiohttp.ClientSession) -> None:
    async with web_server(working=False) as server:
        bodies, tags = {}, set()
        for query in ("", "?embed=0", "?embed=1", "?embed=1&x=y"):
            async with client.get(f"{server.url}/{query}") as response:
                assert response.status == 200
                bodies[query] = await response.text()
                tags.add(response.headers["ETag"])
    assert len(tags) == 2
    assert ["<html data-embed " in body for body in bodies.values()] == [False, False, True, True]
    assert bodies["?embed=1"].replace("data-embed ", "") == bodies[""]


async def test_a_photo_is_not_even_read_while_an_owner_has_paused_the_bot(
    client: aiohttp.ClientSession,
) -> None:
    store = MemoryStore()
    async with web_server(store=store) as server:
        await server.service.rules.pause()
        headers = {"Accept-Language": "de"}
        url = f"{server.url}/api/captions"
        async with client.post(url, data=b"never read", headers=headers) as response:
            assert await problem(response) == (503, "paused")
            assert response.headers["Retry-After"] == "300"
            assert (await response.json())["detail"] == say("paused", "de")
        async with client.get(f"{server.url}/ready") as response:
            assert response.status == 200  # the page itself is there
        await server.service.rules.resume()
        assert await ask(client, server) == 200


async def test_connections_that_bring_no_request_are_closed(client: aiohttp.ClientSession) -> None:
    head = b"POST /api/captions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
    async with web_server(options=WebOptions(silent_seconds=0.4)) as server:
        at = address_of(server)
        asked, asking = await asyncio.open_connection(*at)
        for _ in range(3):  # one that is used stays open
            asking.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await asked.readuntil(b"\r\n")).endswith(b" 200 OK\r\n")
            await asked.readuntil(b'"alive"}')
            for sent in (b"", head):
                reader, writer = await asyncio.open_connection(*at)
                writer.write(sent)
                async with asyncio.timeout(30):
                    assert await reader.read() == b""
                writer.close()
        asking.close()
    async with web_server(options=WebOptions(idle_seconds=0.4)) as server:
        asked, asking = await asyncio.open_connection(*address_of(server))
        asking.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(30):
            assert (await asked.read()).endswith(b'"alive"}')
        asking.close()
        async with client.get(f"{server.url}/health") as response:
            assert response.status == 200
