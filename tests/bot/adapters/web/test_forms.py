"""Hostile and broken uploads: each is refused in words, and nothing is left behind."""

import asyncio
import gzip
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.adapters.web import WebOptions
from tests.support import photos
from tests.support.scripted_worker import jpeg
from tests.support.web_server import WebServer, address_of, form, metric, problem, web_server

KINDS = {
    "empty": (400, "empty"),
    "not_an_image": (400, "not_an_image"),
    "unsupported": (415, "unsupported"),
    "damaged": (422, "damaged"),
    "too_large": (413, "too_large"),
    "too_many_pixels": (422, "too_many_pixels"),
    "too_small": (422, "too_small"),
    "too_slow": (422, "too_slow"),
}
BOUNDARY = b"----limit"


def part(body: bytes, name: str = "photo", extra: bytes = b"") -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"\r\n'.encode()
    return b"--" + BOUNDARY + b"\r\n" + disposition + extra + b"\r\n" + body + b"\r\n"


END = b"--" + BOUNDARY + b"--\r\n"


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with web_server() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def raw(
    server: WebServer,
    body: bytes,
    *,
    headers: bytes = b"",
    content_type: bytes = b"multipart/form-data; boundary=" + BOUNDARY,
) -> tuple[int, str]:
    """Status and code of the answer to a request written byte by byte."""
    sent = {"Content-Type": content_type.decode()}
    for line in headers.decode().splitlines():
        name, _, value = line.partition(": ")
        sent[name] = value
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/api/captions", data=io.BytesIO(body), headers=sent) as response,
    ):
        if response.status == 200:
            return 200, str((await response.json())["caption"])
        return await problem(response)


@pytest.mark.parametrize("name", sorted(photos.hostile()))
async def test_files_that_are_no_photos(client: aiohttp.ClientSession, name: str) -> None:
    data, expected = photos.hostile()[name]
    async with (
        web_server(max_bytes=20_000_000) as server,
        client.post(f"{server.url}/api/captions", data=form(data)) as response,
    ):
        if expected == "ok":
            assert response.status == 200
        else:
            assert await problem(response) == KINDS[expected.value]
        assert await server.queue.depth() == 0


BROKEN = {
    "no parts": (END, (400, "missing_photo")),
    "another name": (part(b"x", "picture") + END, (400, "missing_photo")),
    "no name": (b"--" + BOUNDARY + b"\r\n\r\nx\r\n" + END, (400, "missing_photo")),
    "an empty photo": (part(b"") + END, (400, "empty")),
    "no body": (b"", (400, "not_multipart")),
    "not the boundary": (b"--other\r\n\r\nx\r\n--other--\r\n", (400, "not_multipart")),
    "breaks off": (part(jpeg())[:-60], (422, "damaged")),
    "breaks off in a header": (b"--" + BOUNDARY + b"\r\nContent-Disp", (400, "not_multipart")),
    "a form in the form": (
        part(part(b"x") + END, extra=b"Content-Type: multipart/mixed; boundary=inner\r\n") + END,
        (400, "not_multipart"),
    ),
    "too many fields": (
        b"".join(part(b"x", f"f{n}") for n in range(40)) + part(jpeg()) + END,
        (400, "not_multipart"),
    ),
    "a long other field": (
        part(b"x" * 500_000, "essay") + part(jpeg()) + END,
        (400, "not_multipart"),
    ),
    "a long header": (
        part(jpeg(), extra=b"X-Long: " + b"x" * 100_000 + b"\r\n") + END,
        (400, "not_multipart"),
    ),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
async def test_broken_forms(server: WebServer, name: str) -> None:
    body, expected = BROKEN[name]
    assert await raw(server, body) == expected
    assert server.captions.jobs == []


@pytest.mark.parametrize(
    "content_type",
    [
        b"image/jpeg",
        b"application/json",
        b"application/x-www-form-urlencoded",
        b"multipart/mixed; boundary=" + BOUNDARY,
        b"multipart/form-data",
        b"multipart/form-data; boundary=" + b"x" * 200,
        b"nonsense",
    ],
)
async def test_what_is_no_form(server: WebServer, content_type: bytes) -> None:
    answer = await raw(server, part(jpeg()) + END, content_type=content_type)
    assert answer == (400, "not_multipart")


@pytest.mark.parametrize("length", [b"99999999", b"-5", b"1"])
async def test_a_part_that_lies_about_its_length_is_read_to_its_end(
    server: WebServer, length: bytes
) -> None:
    lying = part(jpeg("green"), extra=b"Content-Length: " + length + b"\r\n")
    assert await raw(server, lying + END) == (200, "a green picture")


async def test_other_fields_are_skipped(server: WebServer) -> None:
    body = part(b"hello", "note") + part(jpeg("blue")) + part(b"x" * 200_000, "rest") + END
    assert await raw(server, body) == (200, "a blue picture")


async def test_a_file_over_the_limit_is_refused_before_it_is_read(
    client: aiohttp.ClientSession, server: WebServer
) -> None:
    """By its announced length: here nothing of it is ever sent."""
    reader, writer = await asyncio.open_connection(*address_of(server))
    writer.write(
        b"POST /api/captions HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n"
        b"Content-Type: multipart/form-data; boundary=" + BOUNDARY + b"\r\n\r\n"
    )
    assert b" 413 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
    photo = jpeg() + bytes(3_000_000)
    async with client.post(f"{server.url}/api/captions", data=form(photo)) as response:
        assert await problem(response) == (413, "too_large")


async def test_a_stream_without_a_length_is_cut_at_the_limit(
    client: aiohttp.ClientSession, server: WebServer
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield part(jpeg()).removesuffix(b"\r\n")
        while sent < 200_000_000:
            sent += 64 * 1024
            yield bytes(64 * 1024)

    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
    url = f"{server.url}/api/captions"
    async with client.post(url, data=endless(), headers=headers) as response:
        assert await problem(response) == (413, "too_large")
        assert sent < 200_000_000


async def test_a_compressed_bomb_is_cut_at_the_limit(server: WebServer) -> None:
    bomb = gzip.compress(part(jpeg() + bytes(100_000_000)) + END)
    status, code = await raw(server, bomb, headers=b"Content-Encoding: gzip")
    assert (status, code) in {(413, "too_large"), (400, "not_multipart"), (400, "bad_request")}


async def test_a_slow_upload_is_refused(client: aiohttp.ClientSession) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield part(jpeg()).removesuffix(b"\r\n")
        await asyncio.sleep(60)

    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
    async with web_server(options=WebOptions(upload_seconds=0.3)) as server:
        url = f"{server.url}/api/captions"
        async with client.post(url, data=slow(), headers=headers) as response:
            assert await problem(response) == (408, "upload_too_slow")


async def test_an_upload_that_breaks_off_leaves_nothing(
    client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with web_server(options=WebOptions(uploads_per_person=1)) as server:
        _, writer = await asyncio.open_connection(*address_of(server))
        writer.write(
            b"POST /api/captions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
            b"Content-Type: multipart/form-data; boundary=" + BOUNDARY + b"\r\n\r\n"
        )
        writer.write(part(jpeg()))
        await writer.drain()
        # While it hangs, the person's one place is taken.
        async with asyncio.timeout(30):
            while await metric(client, server, "captionbot_web_waiting") != 1:
                await asyncio.sleep(0.02)
        url = f"{server.url}/api/captions"
        async with client.post(url, data=form(jpeg())) as response:
            assert await problem(response) == (429, "person_busy")
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(30):
            while await metric(client, server, "captionbot_web_waiting") != 0:
                await asyncio.sleep(0.02)
        async with client.post(url, data=form(jpeg())) as response:
            assert response.status == 200
    assert [record for record in caplog.records if record.levelname in {"ERROR", "WARNING"}] == []


async def test_only_so_many_uploads_at_once(client: aiohttp.ClientSession) -> None:
    async with (
        web_server(options=WebOptions(uploads=0)) as server,
        client.post(f"{server.url}/api/captions", data=form(jpeg())) as response,
    ):
        assert await problem(response) == (503, "uploads_full")
        assert int(response.headers["Retry-After"]) >= 1
