"""What stands around every request: addresses, headers, metrics, the log."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.support.scripted_worker import jpeg
from tests.support.web_server import address_of, form, metric, problem, web_server


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_another_sites_page_may_not_send_photos(client: aiohttp.ClientSession) -> None:
    async with web_server() as server:
        url = f"{server.url}/api/captions"
        headers = {"Sec-Fetch-Site": "cross-site"}
        async with client.post(url, data=form(jpeg()), headers=headers) as response:
            assert await problem(response) == (403, "cross_site")
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with client.post(url, data=form(jpeg()), headers=headers) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nothing", (404, "not_found")),
        ("GET", "/static/../app.py", (404, "not_found")),
        ("GET", "/static/%2e%2e/app.py", (404, "not_found")),
        ("GET", "/static/", (404, "not_found")),
        ("GET", "/api/captions", (405, "method_not_allowed")),
        ("DELETE", "/", (405, "method_not_allowed")),
        ("PROPFIND", "/health", (405, "method_not_allowed")),
    ],
)
async def test_addresses_that_are_not(
    client: aiohttp.ClientSession, method: str, path: str, expected: tuple[int, str]
) -> None:
    async with (
        web_server(working=False) as server,
        client.request(method, server.url + path) as response,
    ):
        assert await problem(response) == expected
        assert ("Allow" in response.headers) == (expected[0] == 405)


async def test_every_answer_bears_the_security_headers(client: aiohttp.ClientSession) -> None:
    paths = ["/", "/static/page.js", "/static/page.css", "/health", "/nothing", "/metrics"]
    async with web_server(working=False) as server:
        for path in paths:
            async with client.get(server.url + path) as response:
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "script-src 'self';" in policy
                assert "frame-ancestors 'none'" in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Referrer-Policy"] == "no-referrer"
                assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
                assert "Set-Cookie" not in response.headers
                assert response.headers["Server"] == "CaptionBot"


async def test_the_pages_files_are_revalidated(client: aiohttp.ClientSession) -> None:
    async with web_server(working=False) as server:
        async with client.get(f"{server.url}/static/page.js") as response:
            assert response.content_type == "text/javascript"
            assert response.headers["Cache-Control"] == "no-cache"
            tag = response.headers["ETag"]
        headers = {"If-None-Match": tag}
        async with client.get(f"{server.url}/static/page.js", headers=headers) as response:
            assert response.status == 304
            assert await response.read() == b""
        async with client.head(server.url + "/") as response:
            assert response.status == 200


async def test_metrics_count_by_outcome_and_name_nobody(client: aiohttp.ClientSession) -> None:
    async with web_server() as server:
        url = f"{server.url}/api/captions"
        async with client.post(url, data=form(jpeg())) as response:
            key = (await response.json())["id"]
        async with client.post(url, data=form(b"no picture")) as response:
            assert response.status == 400
        async with client.get(f"{server.url}/api/captions/{key}/photo.jpg?x=secret") as response:
            assert response.status == 200
        assert await metric(client, server, 'captionbot_web_photos_total{outcome="captioned"}') == 1
        not_an_image = 'captionbot_web_photos_total{outcome="not_an_image"}'
        assert await metric(client, server, not_an_image) == 1
        assert await metric(client, server, "captionbot_queue_depth") == 0
        assert await metric(client, server, "captionbot_web_kept_photos") == 1
        assert await metric(client, server, "captionbot_web_caption_seconds_count") == 1
        async with client.get(f"{server.url}/metrics") as response:
            text = await response.text()
    assert 'route="/api/captions/{id}/photo.jpg"' in text
    for private in (key, "secret", "127.0.0.1"):
        assert private not in text


async def test_the_log_names_nobody(
    client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    async with web_server() as server:
        caplog.clear()  # the server's own address at its start is no visitor's
        async with client.post(f"{server.url}/api/captions?who=me", data=form(jpeg())) as response:
            said = await response.json()
        async with client.get(f"{server.url}/the/secret/path") as response:
            assert response.status == 404
        reader, writer = await asyncio.open_connection(*address_of(server))
        writer.write(b"GET / HTTP/1.1\r\nsecret header\r\n\r\n")
        assert b" 400 " in await reader.readline()
        writer.close()
        await writer.wait_closed()
    lines = "\n".join(record.getMessage() + str(record.exc_text) for record in caplog.records)
    assert "POST /api/captions → 200" in lines
    assert "a request could not be read" in lines
    for private in (said["id"], said["caption"], "who=me", "secret", "127.0.0.1", "holiday"):
        assert private not in lines


async def test_an_error_of_ours_is_logged_and_told_plainly(
    client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> bool:
        raise RuntimeError("worker_ready is broken")

    async with (
        web_server(worker_ready=broken) as server,
        client.post(f"{server.url}/api/captions", data=form(jpeg())) as response,
    ):
        assert await problem(response) == (500, "internal")
        assert "worker_ready" not in json.dumps(await response.json())
    assert "worker_ready is broken" in caplog.text
