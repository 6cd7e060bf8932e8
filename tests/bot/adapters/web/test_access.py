"""A page that is not for everybody, other sites whose scripts may use it, and who sends."""

from __future__ import annotations

import asyncio
import base64
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.adapters.web import WebOptions
from bot.adapters.web.access import TRIES, person_of, prefix_of
from bot.adapters.web.keys import new_key, new_password, read_keys, removed, write_keys
from tests.support.photos import photo
from tests.support.web_server import form, problem, web_server

_SITE = "https://photos.example.org"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _basic(name: str, secret: str) -> dict[str, str]:
    both = base64.b64encode(f"{name}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {both}"}


async def test_without_a_file_everybody_comes_in() -> None:
    async with (
        web_server() as server,
        aiohttp.ClientSession() as client,
        client.get(f"{server.url}/") as answer,
    ):
        assert answer.status == 200


async def test_whoever_has_no_key_sees_nothing_but_the_probes(file: Path) -> None:
    write_keys(file, [new_key("alice")[0]])
    options = WebOptions(keys=file)
    async with web_server(options=options) as server, aiohttp.ClientSession() as client:
        for path in ("/", "/static/app.js", "/api", "/metrics", "/nowhere"):
            async with client.get(server.url + path) as answer:
                assert await problem(answer) == (401, "unauthorized"), path
                assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
        async with client.post(f"{server.url}/api/captions", data=form(photo())) as answer:
            assert await problem(answer) == (401, "unauthorized")
        for path in ("/health", "/ready"):
            async with client.get(server.url + path) as answer:
                assert answer.status == 200
        assert server.captions.jobs == []


async def test_keys_and_passwords_open_it_for_programs_and_browsers(file: Path) -> None:
    key, secret = new_key("alice")
    write_keys(file, [key, new_password("bob", "correct horse battery")])
    async with (
        web_server(options=WebOptions(keys=file)) as server,
        aiohttp.ClientSession() as client,
    ):
        url = f"{server.url}/api/captions"
        async with client.post(url, data=form(photo()), headers=_bearer(secret)) as answer:
            assert answer.status == 200
        for auth in (_basic("alice", secret), _basic("bob", "correct horse battery")):
            for _ in range(2):
                async with client.get(f"{server.url}/", headers=auth) as answer:
                    assert answer.status == 200
        for auth in (
            _basic("alice", "correct horse battery"),
            _basic("bob", "correct horse batterx"),
            _basic("bob", ""),
        ):
            async with client.get(f"{server.url}/", headers=auth) as answer:
                assert answer.status == 401
        for header in ("Basic !!!", "Basic " + "A" * 5000, "Digest x", "Bearer", "Bearer \xff"):
            async with client.get(f"{server.url}/", headers={"Authorization": header}) as answer:
                assert answer.status == 401, header


async def test_a_change_of_the_file_holds_at_once(file: Path) -> None:
    key, secret = new_key("alice")
    write_keys(file, [])
    async with (
        web_server(options=WebOptions(keys=file)) as server,
        aiohttp.ClientSession(headers=_bearer(secret)) as client,
    ):

        async def status() -> int:
            async with client.get(f"{server.url}/") as answer:
                return answer.status

        assert await status() == 401
        write_keys(file, [key])
        assert await status() == 200
        write_keys(file, removed(read_keys(file), "alice"))
        assert await status() == 401
        write_keys(file, [key])
        assert await status() == 200
        file.write_text("not a file of keys")
        assert await status() == 401, "nobody comes in where it is not known who may"


async def test_guessing_is_bounded_and_does_not_lock_out_who_was_let_in(file: Path) -> None:
    key, secret = new_key("alice")
    write_keys(file, [key])
    async with (
        web_server(options=WebOptions(keys=file)) as server,
        aiohttp.ClientSession() as client,
    ):
        async with client.get(f"{server.url}/", headers=_bearer(secret)) as answer:
            assert answer.status == 200
        statuses = []
        for number in range(TRIES + 1):
            async with client.get(f"{server.url}/", headers=_bearer(f"guess {number}")) as answer:
                statuses.append(answer.status)
        assert statuses == [401] * (TRIES - 1) + [429] * 2
        async with client.get(f"{server.url}/", headers=_bearer(secret)) as answer:
            assert answer.status == 200


async def test_a_key_has_a_limit_of_its_own(file: Path) -> None:
    few, of_few = new_key("few", per_minute=1)
    many, of_many = new_key("many")
    write_keys(file, [few, many])
    options = WebOptions(keys=file, per_minute=3)

    async def statuses(client: aiohttp.ClientSession, url: str, secret: str) -> list[int]:
        found = []
        for number in range(4):
            async with client.post(
                f"{url}/api/captions", data=form(photo(seed=number)), headers=_bearer(secret)
            ) as answer:
                found.append(answer.status)
        return found

    async with web_server(options=options) as server, aiohttp.ClientSession() as client:
        assert await statuses(client, server.url, of_few) == [200, 429, 429, 429]
        assert await statuses(client, server.url, of_many) == [200, 200, 200, 429]


async def test_scripts_of_named_sites_may_use_the_interface() -> None:
    options = WebOptions(origins=(_SITE,))
    async with web_server(options=options) as server, aiohttp.ClientSession() as client:
        url = f"{server.url}/api/captions"
        asked = {"Origin": _SITE, "Access-Control-Request-Method": "POST"}
        async with client.options(url, headers=asked) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == _SITE
            assert "POST" in answer.headers["Access-Control-Allow-Methods"]
            assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
            assert "Access-Control-Allow-Credentials" not in answer.headers
        sent = {"Origin": _SITE, "Sec-Fetch-Site": "cross-site"}
        async with client.post(url, data=form(photo()), headers=sent) as answer:
            assert answer.status == 200
            assert answer.headers["Access-Control-Allow-Origin"] == _SITE
            assert "Origin" in answer.headers["Vary"]
        async with client.post(url, data=b"x", headers=sent) as answer:
            assert answer.status == 400
            assert answer.headers["Access-Control-Allow-Origin"] == _SITE


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{_SITE}.evil.example"])
async def test_scripts_of_other_sites_may_not(origin: str) -> None:
    options = WebOptions(origins=(_SITE,))
    async with web_server(options=options) as server, aiohttp.ClientSession() as client:
        url = f"{server.url}/api/captions"
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        async with client.options(url, headers=asked) as answer:
            assert answer.status == 405
            assert "Access-Control-Allow-Origin" not in answer.headers
        sent = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
        async with client.post(url, data=form(photo()), headers=sent) as answer:
            assert await problem(answer) == (403, "cross_site")
            assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_preflight_needs_no_key(file: Path) -> None:
    write_keys(file, [new_key("alice")[0]])
    options = WebOptions(keys=file, origins=(_SITE,))
    async with web_server(options=options) as server, aiohttp.ClientSession() as client:
        asked = {"Origin": _SITE, "Access-Control-Request-Method": "POST"}
        async with client.options(f"{server.url}/api/captions", headers=asked) as answer:
            assert answer.status == 204
        async with client.get(
            f"{server.url}/api/openapi.json", headers={"Origin": _SITE}
        ) as answer:
            assert answer.status == 401
            assert answer.headers["Access-Control-Allow-Origin"] == _SITE


# --- whom limits count, and below which path the page is

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


def prefix(peer: str, told: str, own: str = "") -> str:
    headers = CIMultiDict([("X-Forwarded-Prefix", told)])
    request = make_mocked_request("GET", "/", headers, transport=Transport(peer))
    return prefix_of(request, WebOptions(prefix=own, trusted_proxies=PROXIES))


def test_a_trusted_proxy_names_the_path_that_the_page_is_below() -> None:
    assert prefix("10.1.1.1", "/captions") == prefix("10.1.1.1", "/captions/") == "/captions"
    assert prefix("10.1.1.1", "/a/b-c") == "/a/b-c"
    assert prefix("192.0.2.7", "/captions") == ""
    assert prefix("192.0.2.7", "/captions", own="/mine") == "/mine"


@pytest.mark.parametrize(
    "told", ["captions", "//evil.example", "/a/../b", "/a b", "/a?b", "https://evil.example", "/"]
)
def test_what_is_no_path_is_not_believed(told: str) -> None:
    assert prefix("10.1.1.1", told) == ""


@pytest.mark.parametrize("told", ["captions", "/captions/", "/../x", "/a b", "//a"])
def test_what_is_no_path_is_no_option(told: str) -> None:
    with pytest.raises(ValueError, match="path"):
        WebOptions(prefix=told)
