"""A loopback HTTP server that serves one file, honestly or not.

async with file_server(data) as server:
    server.next(breaks_after(1000))     # how the next request is answered; honestly otherwise
    ...  # server.url, server.requests
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

ETAG = '"first"'


@dataclass(frozen=True)
class Request:
    """What was asked for."""

    path: str
    headers: dict[str, str]  # names in small letters

    @property
    def begin(self) -> int | None:
        """Where the range begins that was asked for."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(found[1]) if found else None


Behaviour = Callable[["FileServer", Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class FileServer:
    """What is served, what was asked, and how the next requests are answered."""

    data: bytes
    etag: str | None = ETAG
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    _script: list[Behaviour] = field(default_factory=list)

    def next(self, *behaviours: Behaviour) -> None:
        self._script.extend(behaviours)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines if line)
            request = Request(first.split()[1], headers)
            self.requests.append(request)
            behaviour = self._script.pop(0) if self._script else honest
            await behaviour(self, request, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def say(
    writer: asyncio.StreamWriter, status: int, body: bytes = b"", **headers: object
) -> None:
    """An answer; the body is as long as `content_length` says, or not."""
    lines = [f"HTTP/1.1 {status} Something", "Connection: close"]
    lines += [f"{n.replace('_', '-').title()}: {v}" for n, v in headers.items() if v is not None]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()


async def honest(server: FileServer, request: Request, writer: asyncio.StreamWriter) -> None:
    """With ranges, as RFC 9110 has it."""
    await _serve(server, request, writer, until=None)


def breaks_after(count: int) -> Behaviour:
    """The connection ends `count` bytes after the beginning of the file."""

    async def behave(server: FileServer, request: Request, writer: asyncio.StreamWriter) -> None:
        await _serve(server, request, writer, until=count)

    return behave


async def _serve(
    server: FileServer, request: Request, writer: asyncio.StreamWriter, *, until: int | None
) -> None:
    begin, total = request.begin, len(server.data)
    asked_for = request.headers.get("if-range")
    if begin is None or (asked_for is not None and asked_for != server.etag):
        body = server.data[:until]
        await say(writer, 200, body, content_length=total, etag=server.etag)
    elif begin >= total:
        await say(writer, 416, content_range=f"bytes */{total}", content_length=0)
    else:
        await say(
            writer, 206, server.data[begin:until], content_length=total - begin, etag=server.etag,
            content_range=f"bytes {begin}-{total - 1}/{total}",
        )  # fmt: skip


async def ignores_ranges(
    server: FileServer, _request: Request, writer: asyncio.StreamWriter
) -> None:
    """The whole file, whatever was asked."""
    await say(writer, 200, server.data, content_length=len(server.data))


def answers(status: int, body: bytes = b"", **headers: object) -> Behaviour:
    """Just that."""

    async def behave(_server: FileServer, _request: Request, writer: asyncio.StreamWriter) -> None:
        await say(writer, status, body, **{"content_length": len(body), **headers})

    return behave


@asynccontextmanager
async def file_server(data: bytes, *, etag: str | None = ETAG) -> AsyncIterator[FileServer]:
    """A server on a free port of 127.0.0.1."""
    server = FileServer(data, etag)
    listener = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    async with listener:
        server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/some/file.bin"
        yield server
