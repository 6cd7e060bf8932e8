"""The web server contacts nobody, whatever is sent to it, and its page names no other site."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib import resources

import aiohttp

from bot.adapters.web.middleware import POLICY, SECURITY_HEADERS
from tests.support.photos import drawing, encoded, hostile, photo
from tests.support.scripted_worker import jpeg
from tests.support.videos import playlists
from tests.support.watching import trap, watched
from tests.support.web_server import address_of, form, web_server

_PARTY = re.compile(rb"""(?:src|href|url\(|import|fetch)[\s=('"]*(?:https?:)?//""")


def pictures(address: str) -> list[bytes]:
    """Files that name a server, where a careless program would ask it."""
    url = f"http://{address}/x"
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a href="{url}"/></x:xmpmeta>'.encode()
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>'.encode()
    html = f'<!doctype html><meta http-equiv="refresh" content="0;{url}"><img src="{url}">'.encode()
    with_xmp = photo(64, 48, xmp=xmp)
    with_comment = encoded(drawing(64, 48), "PNG")[:-12] + b"\0\0\0\0IEND\xaeB`\x82" + url.encode()
    return [with_xmp, with_comment, svg, html, *playlists(url).values(), hostile()["PDF"].data]


async def test_nothing_that_is_sent_makes_it_ask_anybody() -> None:
    async with trap() as caught, web_server() as server, aiohttp.ClientSession() as client:
        lies = {
            "Host": caught.address, "Origin": f"http://{caught.address}",
            "Referer": f"http://{caught.address}/", "X-Forwarded-Host": caught.address,
            "X-Forwarded-For": caught.address, "Forwarded": f"host={caught.address}",
        }  # fmt: skip
        with watched() as contacts:
            for data in pictures(caught.address):
                sent = form(data)
                sent.add_field("url", f"http://{caught.address}/x")
                async with client.post(
                    f"{server.url}/api/captions", data=sent, headers=lies
                ) as answer:
                    assert answer.status in {200, 400, 415, 422}
                    body = await answer.text()
                    assert caught.address not in body
                    assert caught.address not in str(answer.headers)
            url = f"{server.url}/api/captions?url=http://{caught.address}/x"
            async with client.post(url, data={"photo": f"http://{caught.address}/x"}) as answer:
                assert answer.status == 400
        assert contacts.addresses == {address_of(server)}, "more than this test's own requests"
        assert contacts.names <= {"127.0.0.1"}
        assert contacts.others == []
        assert caught.visits == 0


async def test_every_route_bears_every_header() -> None:
    policy = "; ".join(f"{name} {value}" for name, value in POLICY.items())
    async with web_server() as server, aiohttp.ClientSession() as client:
        async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as answer:
            said = await answer.json()
        assert answer.status == 200
        paths = [
            "/", "/api", "/api/openapi.json", "/static/page.js", "/static/logo.svg", "/health",
            "/ready", "/metrics", "/nowhere", "/api/captions", said["photo"],
            said["attention_gif"], said["attention_sheet"], "/api/captions/nobodys/photo.jpg",
        ]  # fmt: skip
        for path in paths:
            async with client.get(server.url + path) as answer:
                headers = answer.headers
            assert SECURITY_HEADERS.items() <= dict(headers).items(), path
            assert headers["Content-Security-Policy"] == policy, path
            assert headers["X-Frame-Options"] == "DENY", path
            assert "Access-Control-Allow-Origin" not in headers, path
            assert "Set-Cookie" not in headers, path


def test_the_policy_allows_no_other_site_and_nothing_inline() -> None:
    for name, value in POLICY.items():
        assert "http" not in value, name
        assert "*" not in value, name
        assert "unsafe" not in value, name
    assert POLICY["default-src"] == "'none'"
    assert {"base-uri", "form-action", "frame-ancestors", "object-src"} - POLICY.keys() <= {
        "object-src"  # default-src stands for it
    }


class _Addresses(HTMLParser):
    """Collects what the elements of a page load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loading = {"src", "srcset", "action", "data"} | ({"href"} if tag != "a" else set())
        self.found += [value or "" for name, value in attrs if name in loading]


def test_the_pages_load_nothing_from_elsewhere() -> None:
    files = list((resources.files("bot.adapters.web") / "static").iterdir())
    for entry in files:
        if entry.name.endswith(".html"):
            addresses = _Addresses()
            addresses.feed(entry.read_text(encoding="utf-8"))
            assert addresses.found
            # Relative, so that they lead to this server below any path.
            assert all(re.match(r"(?!/|[a-z]+:)", one) for one in addresses.found), entry.name
        else:
            assert not _PARTY.search(entry.read_bytes()), entry.name
