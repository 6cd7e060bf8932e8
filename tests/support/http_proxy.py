"""An HTTP proxy on loopback that remembers where it was asked to go, and may refuse or hang."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class HttpProxy:
    """Passes on what it is sent, whether it is asked to CONNECT or told a whole address."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []  # the first request of each connection: its method and target
        self.passed = bytearray()  # all that was sent on
        self.ports: set[int] = set()  # from which it was
        self.refuses = self.hangs = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first request to its end."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._pass_on(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        self.asked.append(f"{method} {target}")
        if self.hangs:
            await reader.read()
            return
        if self.refuses:
            writer.write(_REFUSED)
            await writer.drain()
            return
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        there, away = await asyncio.open_connection(parts.hostname, parts.port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            away.write(head)
        self.ports.add(away.get_extra_info("sockname")[1])
        self.passed += head
        await asyncio.gather(_copy(reader, away, self.passed), _copy(there, writer))

    async def close(self) -> None:
        """End every connection."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _copy(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, seen: bytearray | None = None
) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65_536):
            if seen is not None:
                seen += data
            target.write(data)
            await target.drain()
    target.close()


@asynccontextmanager
async def http_proxy() -> AsyncIterator[HttpProxy]:
    """A proxy that listens."""
    proxy = HttpProxy()
    server = await asyncio.start_server(proxy.handle, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
