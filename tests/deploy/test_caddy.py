"""deploy/caddy/Caddyfile: what Caddy says of it, and what goes through it."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import trustme

from tests.deploy import proxies
from tests.deploy.files import DEPLOY, output, tool
from tests.support.photos import photo
from tests.support.redis_server import free_port
from tests.support.web_server import form, web_server

_CADDYFILE = DEPLOY / "caddy" / "Caddyfile"


@dataclass(frozen=True)
class Front:
    """A Caddy that runs: where, and a client that believes its certificate."""

    url: str
    plain_url: str
    client: aiohttp.ClientSession


def _environment(folder: Path, **said: str) -> dict[str, str]:
    homes = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    return {"PATH": os.environ["PATH"], **homes, **said}


def _configuration(folder: Path, *, port: int, plain_port: int) -> tuple[Path, ssl.SSLContext]:
    """The file as it is, but for ports, and a certificate in place of Let's Encrypt's."""
    authority = trustme.CA()
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        folder / "both.pem"
    )
    context = ssl.create_default_context()
    authority.configure_trust(context)
    text = _CADDYFILE.read_text()
    for before, here in {
        "\tadmin off\n": f"\tadmin off\n\thttp_port {plain_port}\n\thttps_port {port}\n",
        "{$SITE_NAME} {\n": f"{{$SITE_NAME}} {{\n\ttls {folder}/both.pem {folder}/both.pem\n",
    }.items():
        assert text.count(before) == 1, before
        text = text.replace(before, here)
    (folder / "Caddyfile").write_text(text)
    return folder / "Caddyfile", context


@asynccontextmanager
async def _front(folder: Path, page: str) -> AsyncIterator[Front]:
    port, plain_port = free_port(), free_port()
    written, trust = _configuration(folder, port=port, plain_port=plain_port)
    said = _environment(folder, SITE_NAME="127.0.0.1", PAGE=page.removeprefix("http://"))
    with (folder / "caddy.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            tool("caddy"), "run", "--config", written, env=said, stdout=log, stderr=log
        )
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as client:
            async with asyncio.timeout(proxies.PATIENCE):
                while not await _answers(client, f"https://127.0.0.1:{port}/metrics"):
                    assert process.returncode is None, (folder / "caddy.log").read_text()
                    await asyncio.sleep(0.05)
            yield Front(f"https://127.0.0.1:{port}", f"http://127.0.0.1:{plain_port}", client)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with client.get(url):
            return True
    except aiohttp.ClientConnectorError:
        return False


def test_caddy_has_nothing_to_say(tmp_path: Path) -> None:
    """As it is, with the name of a site; formatted as Caddy does it, but for its tabs and ours."""
    said = output(
        "env",
        *(
            f"{name}={value}"
            for name, value in _environment(tmp_path, SITE_NAME="a.example").items()
        ),
        tool("caddy"),
        *("validate", "--adapter", "caddyfile", "--config", _CADDYFILE),
    )
    assert "Valid configuration" in said
    assert '"level":"warn"' not in said


async def test_the_page_over_tls(tmp_path: Path) -> None:
    async with web_server() as server, _front(tmp_path, server.url) as front:
        async with front.client.get(f"{front.url}/") as answer:
            assert answer.status == 200
            assert "max-age" in answer.headers["Strict-Transport-Security"]
            assert "default-src" in answer.headers["Content-Security-Policy"]
        async with front.client.post(f"{front.url}/api/captions", data=form(photo())) as answer:
            assert answer.status == 200
            assert (await answer.json())["caption"]
        async with front.client.get(f"{front.plain_url}/api", allow_redirects=False) as answer:
            assert answer.status == 308
            assert answer.headers["Location"].startswith("https://127.0.0.1")


async def test_metrics_stay_inside(tmp_path: Path) -> None:
    async with web_server() as server, _front(tmp_path, server.url) as front:
        await proxies.keeps_metrics_inside(front, server.url)


async def test_nobody_gets_more_turns_by_a_false_address(tmp_path: Path) -> None:
    async with (
        web_server(options=proxies.BEHIND_IT) as server,
        _front(tmp_path, server.url) as front,
    ):
        await proxies.gives_no_more_turns_for_a_false_address(front)


async def test_more_than_a_photo_is_refused(tmp_path: Path) -> None:
    async with (
        web_server() as server,
        _front(tmp_path, server.url) as front,
        front.client.post(
            f"{front.url}/api/captions", data=form(b"0" * 23_000_000), expect100=True
        ) as answer,
    ):
        assert answer.status == 413


async def test_progress_is_sent_while_it_happens(tmp_path: Path) -> None:
    async with web_server(working=False) as server, _front(tmp_path, server.url) as front:
        await proxies.sends_progress_while_it_happens(front)
