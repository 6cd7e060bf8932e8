"""Requests to the web server, byte by byte: forms with photos, and what is no form at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

import aiohttp

from bot.adapters.web import WebOptions
from bot.adapters.web.problems import KINDS
from tests.fuzz.mutations import TEXTS, mutated
from tests.fuzz.target import Check, Outcome, Target, sentence
from tests.support.photos import photo
from tests.support.web_server import address_of, form, web_server

_SECONDS = 20.0
_PATIENCE = 0.3  # seconds for an answer to begin
_OPTIONS = WebOptions(
    per_minute=10_000_000, upload_seconds=1.0, answer_seconds=30.0, keep_photos=5, stop_seconds=1.0
)


def _post(body: bytes, kind: str, *more: str) -> bytes:
    head = [
        "POST /api/captions HTTP/1.1", "Host: localhost", f"Content-Type: {kind}",
        f"Content-Length: {len(body)}", "Connection: close", *more, "", "",
    ]  # fmt: skip
    return "\r\n".join(head).encode() + body


def _form(data: bytes, *, name: str = "photo", before: bytes = b"") -> bytes:
    part = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="a.jpg"\r\n'
    return before + part.encode() + b"Content-Type: image/jpeg\r\n\r\n" + data + b"\r\n--b--\r\n"


def _seeds() -> Sequence[bytes]:
    jpeg = photo(32, 24)
    field = b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    form = "multipart/form-data; boundary=b"
    chunked = b"5\r\n--b\r\n\r\n0\r\n\r\n"
    return [
        _post(_form(jpeg), form),
        _post(_form(jpeg, before=field), form, "Accept: application/x-ndjson"),
        _post(_form(b""), form, "Expect: 100-continue"),
        _post(json.dumps({"photo": "x"}).encode(), "application/json"),
        b"GET /api/captions/abc/attention.gif HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /api/captions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n\r\n" + chunked,
    ]


def _mutate(seed: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    head, _, body = seed.partition(b"\r\n\r\n")
    chance = dice.random()
    if chance < 0.4:  # the form, in a request that is sound
        body = mutated(body, dice, [other.partition(b"\r\n\r\n")[2] for other in others])
        lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
        head = b"\r\n".join([*lines, b"Content-Length: %d" % len(body)])
        return head + b"\r\n\r\n" + body
    if chance < 0.7:
        lines = head.split(b"\r\n")
        at, text = dice.randrange(len(lines)), dice.choice(TEXTS).encode("utf-8", "surrogatepass")
        lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)] + text
        return b"\r\n".join(lines) + b"\r\n\r\n" + body
    return mutated(seed, dice, others)


@asynccontextmanager
async def _open() -> AsyncIterator[Check]:
    async with web_server(options=_OPTIONS) as server:
        host, port = address_of(server)
        async with (
            aiohttp.ClientSession() as client,
            client.post(f"{server.url}/api/captions", data=form(photo())) as answer,
        ):
            assert answer.status == 200  # the decoding process has started

        async def check(data: bytes) -> Outcome:
            async with asyncio.timeout(_SECONDS):
                answer = await _asked(host, port, data)
            return _judged(answer)

        yield check


async def _asked(host: str, port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(data)
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await reader.read(1)
        except TimeoutError:  # it waits for more, or for the end
            writer.write_eof()
            answer = await reader.read(1)
        while answer:
            try:
                async with asyncio.timeout(_PATIENCE):
                    more = await reader.read(65_536)
            except TimeoutError:  # it keeps the connection open for more
                break
            if not more:
                break
            answer += more
        return answer
    except ConnectionError:
        return b""
    finally:
        writer.close()


def _judged(answer: bytes) -> Outcome:
    """Several answers may come back: what was cut off is a request of its own then."""
    if not answer:
        return Outcome("refused", "closed")
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        return _judged(body)
    status = int(head.split(b" ", 2)[1])
    known = {status for status, _ in KINDS.values()}
    assert status in {200, 304, *known}, f"HTTP {status}"
    assert status != 500, f"HTTP 500: {body[:200]!r}"
    if status in {200, 304}:
        return Outcome("accepted")
    if b"application/problem+json" in head:
        sentence(json.loads(body.partition(b"HTTP/1.1")[0] or b"{}").get("detail", "no body"))
    else:  # the parser of HTTP itself, before anything of ours
        assert status == 400, f"HTTP {status} without a problem document"
    return Outcome("refused", str(status))


TARGETS = (
    Target(name="http", group="servers", seeds=_seeds, mutate=_mutate, open=_open, share=10),
)
