"""A way to a Redis server that counts what goes over it: commands, and bytes both ways.

async with CountingProxy(server.port) as proxy:
    ...  # through proxy.url
    proxy.commands, proxy.sent, proxy.received
"""

from __future__ import annotations

import asyncio
from collections import Counter
from types import TracebackType
from typing import Self

# What a client says when it connects, or to ask a script's name: not part of what is counted.
_ASIDE = frozenset({b"HELLO", b"CLIENT", b"SELECT", b"AUTH", b"SCRIPT"})


class CountingProxy:
    """Passes bytes both ways between its own port and a Redis server's on 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connections: set[asyncio.Task[None]] = set()
        self.reset()

    def reset(self) -> None:
        """Count from here on."""
        self.commands: Counter[str] = Counter()  # by name; each is a round trip of its own
        self.sent = 0  # bytes to the server
        self.received = 0  # bytes from it

    @property
    def round_trips(self) -> int:
        """How often somebody asked the server for something."""
        return self.commands.total()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/0"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        ends = [writer]
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._port)
            ends.append(there_writer)
            pumps = [
                asyncio.create_task(self._ask(reader, there_writer)),
                asyncio.create_task(self._answer(there_reader, writer)),
            ]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
        except asyncio.CancelledError:
            pass  # the end: close what is open
        finally:
            for end in ends:
                end.close()
            await asyncio.gather(*(end.wait_closed() for end in ends), return_exceptions=True)

    async def _ask(self, client: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        """Command by command: an array of strings each, as every client sends them."""
        while head := await client.readline():
            assert head.startswith(b"*"), head
            raw, name = [head], b""
            for position in range(int(head[1:])):
                length = await client.readline()
                part = await client.readexactly(int(length[1:]) + 2)
                raw += [length, part]
                name = name or (part[:-2].upper() if position == 0 else b"")
            whole = b"".join(raw)
            if name not in _ASIDE:
                self.commands[name.decode()] += 1
                self.sent += len(whole)
            server.write(whole)
            await server.drain()

    async def _answer(self, server: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        while data := await server.read(65536):
            self.received += len(data)
            client.write(data)
            await client.drain()
