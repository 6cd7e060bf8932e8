"""deploy/nginx/captionbot.conf: what nginx says of it, and what goes through it."""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme
import yarl
from playwright.async_api import expect

from bot.adapters.web import WebOptions
from bot.locales import say
from tests.deploy import proxies
from tests.deploy.files import DEPLOY, output
from tests.support.browser import PATIENCE, chromium, watched_page
from tests.support.photos import photo
from tests.support.redis_server import free_port
from tests.support.scripted_worker import jpeg
from tests.support.web_server import form, web_server

_NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
_NAME = "photos.example.org"

pytestmark = pytest.mark.skipif(_NGINX is None, reason="needs nginx, of Debian's nginx")


@dataclass(frozen=True)
class Front:
    """An nginx that runs: where, and a client that believes its certificate."""

    port: int
    plain_port: int
    client: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


def _configuration(folder: Path, *, page: str, port: int, plain_port: int) -> Path:
    """The file as it is, but for the addresses and folders of the test."""
    text = (DEPLOY / "nginx" / "captionbot.conf").read_text()
    for pattern, here in {
        r"listen \[::]:.*\n": "\n",
        r"listen 443": f"listen 127.0.0.1:{port}",
        r"listen 80;": f"listen 127.0.0.1:{plain_port};",
        r"127\.0\.0\.1:8080": page,
        rf"/etc/letsencrypt/live/{_NAME}/": f"{folder}/",
    }.items():
        text, times = re.subn(pattern, here, text)
        assert times, pattern
    (folder / "captionbot.conf").write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n{places}include {folder}/captionbot.conf;\n}}\n"
    )
    return folder / "nginx.conf"


def _authority(folder: Path) -> ssl.SSLContext:
    authority = trustme.CA()
    certificate = authority.issue_cert(_NAME, "127.0.0.1")
    certificate.private_key_pem.write_to_path(folder / "privkey.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "fullchain.pem")
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@asynccontextmanager
async def _front(folder: Path, page: str) -> AsyncIterator[Front]:
    trust = _authority(folder)
    port, plain_port = free_port(), free_port()
    written = _configuration(
        folder, page=page.removeprefix("http://"), port=port, plain_port=plain_port
    )
    assert _NGINX is not None
    process = await asyncio.create_subprocess_exec(
        _NGINX, "-p", folder, "-e", folder / "error.log", "-c", written
    )
    try:
        async with asyncio.timeout(proxies.PATIENCE):
            while not (folder / "nginx.pid").exists():
                assert process.returncode is None, (folder / "error.log").read_text()
                await asyncio.sleep(0.02)
        connector = aiohttp.TCPConnector(ssl=trust)
        async with aiohttp.ClientSession(connector=connector) as client:
            yield Front(port, plain_port, client)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def test_nginx_has_nothing_to_say(tmp_path: Path) -> None:
    _authority(tmp_path)
    written = _configuration(tmp_path, page="127.0.0.1:8080", port=8443, plain_port=8880)
    assert _NGINX is not None
    said = output(_NGINX, "-t", "-p", tmp_path, "-e", tmp_path / "error.log", "-c", written)
    assert "test is successful" in said
    assert "warn" not in said


async def test_the_page_over_tls(tmp_path: Path) -> None:
    async with web_server() as server, _front(tmp_path, server.url) as front:
        async with front.client.get(f"{front.url}/") as answer:
            assert answer.status == 200
            assert "max-age" in answer.headers["Strict-Transport-Security"]
            assert "default-src" in answer.headers["Content-Security-Policy"]
        async with front.client.post(f"{front.url}/api/captions", data=form(photo())) as answer:
            assert answer.status == 200
            assert (await answer.json())["caption"]
        plain = f"http://127.0.0.1:{front.plain_port}/api"
        async with front.client.get(plain, allow_redirects=False) as answer:
            assert answer.status == 301
            assert answer.headers["Location"] == f"https://{_NAME}/api"


async def test_metrics_stay_inside(tmp_path: Path) -> None:
    async with web_server() as server, _front(tmp_path, server.url) as front:
        await proxies.keeps_metrics_inside(front, server.url)


async def test_nobody_gets_more_turns_by_a_false_address(tmp_path: Path) -> None:
    async with (
        web_server(options=proxies.BEHIND_IT) as server,
        _front(tmp_path, server.url) as front,
    ):
        await proxies.gives_no_more_turns_for_a_false_address(front)


async def test_more_than_a_photo_is_refused_at_once(tmp_path: Path) -> None:
    async with (
        web_server() as server,
        _front(tmp_path, server.url) as front,
        front.client.post(
            f"{front.url}/api/captions", data=io.BytesIO(b"0" * 23_000_000), expect100=True
        ) as answer,
    ):
        assert answer.status == 413


async def test_what_happens_is_told_while_it_happens(tmp_path: Path) -> None:
    async with web_server(working=False) as server, _front(tmp_path, server.url) as front:
        await proxies.sends_progress_while_it_happens(front)


@asynccontextmanager
async def _below_a_path(folder: Path, location: str) -> AsyncIterator[str]:
    """An nginx on plain HTTP with one location; the address of its host."""
    port = free_port()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n{places}access_log off;\nclient_max_body_size 21m;\n"
        f"server {{ listen 127.0.0.1:{port};\n{location}\n}}\n}}\n"
    )
    assert _NGINX is not None
    process = await asyncio.create_subprocess_exec(
        _NGINX, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"
    )
    try:
        async with asyncio.timeout(proxies.PATIENCE):
            while not (folder / "nginx.pid").exists():
                assert process.returncode is None, (folder / "error.log").read_text()
                await asyncio.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


# What the proxy says and what the page is told, in three ways that all work.
_WAYS = {
    "taken away, told by a header": (
        "proxy_pass {page}/; proxy_set_header X-Forwarded-Prefix /captions;",
        WebOptions(per_minute=0, trusted_proxies=(ip_network("127.0.0.1"),)),
    ),
    "taken away, told by the setting": (
        "proxy_pass {page}/;",
        WebOptions(per_minute=0, prefix="/captions"),
    ),
    "left there": ("proxy_pass {page};", WebOptions(per_minute=0, prefix="/captions")),
}


@pytest.mark.parametrize("way", _WAYS)
async def test_the_interface_below_a_path(tmp_path: Path, way: str) -> None:
    passing, options = _WAYS[way]
    async with web_server(options=options) as server, aiohttp.ClientSession() as client:
        location = "location /captions/ {" + passing.replace("{page}", server.url) + "}"
        async with _below_a_path(tmp_path, location) as host:
            url = f"{host}/captions/api/captions"
            async with client.post(url, data=form(photo())) as answer:
                said = await answer.json()
            for kind in ("photo", "attention_gif", "attention_sheet"):
                assert said[kind].startswith("/captions/api/captions/")
                async with client.get(host + said[kind]) as answer:
                    assert answer.status == 200
                    assert answer.content_type.startswith("image/")
            document = yarl.URL(f"{host}/captions/api/openapi.json")
            async with client.get(document) as answer:
                described = await answer.json()
            base = document.join(yarl.URL(described["servers"][0]["url"]))
            assert str(base).rstrip("/") == f"{host}/captions"
            for path in described["paths"]:
                if "{" not in path:
                    async with client.get(str(base).rstrip("/") + path) as answer:
                        assert answer.status in {200, 405}, path
            async with client.get(f"{host}/captions/nowhere") as answer:
                assert answer.status == 404
                assert answer.content_type == "application/problem+json"


async def test_the_page_below_a_path_needs_no_setting(tmp_path: Path) -> None:
    """Everything that the browser asks for lies below the path, or `watched_page` complains."""
    red: Any = {"name": "red.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")}
    async with chromium() as browser, web_server() as server:
        location = f"location /captions/ {{ proxy_pass {server.url}/; }}"
        async with (
            _below_a_path(tmp_path, location) as host,
            watched_page(browser, f"{host}/captions/", reduced_motion="reduce") as page,
        ):
            expect.set_options(timeout=PATIENCE)
            missing: list[str] = []
            page.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)
            await page.reload()
            await page.locator("#file").set_input_files(red)
            await expect(page.locator("#words button")).to_have_count(3)
            await page.locator("#gif").click()
            await expect(page.locator("#making")).to_have_text(say("page-saved"))
            await page.locator("#language").select_option("de")
            await expect(page.locator("#making")).to_have_text(say("page-saved", "de"))
            await page.locator("footer.foot a").click()
            await expect(page.locator("#curl")).to_contain_text(f"{host}/captions/api/captions")
            await page.locator("#sample").set_input_files(red)
            await page.locator("#form button").click()
            await expect(page.locator("#answer")).to_contain_text("a red picture")
            await page.locator(".brand").click()
            await expect(page.locator("#chooser")).to_be_visible()
            assert missing == []
