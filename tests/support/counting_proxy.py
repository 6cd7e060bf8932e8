"""A way to a Redis server that counts what goes over it: commands, and bytes both ways.

async with CountingProxy(server.port) as proxy:
    ...  # through proxy.url
    proxy.commands, proxy.sent, proxy.received
"""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.support.tcp_proxy import TcpProxy

# What a client says when it connects, or to ask a script's name: not part of what is counted.
_ASIDE = frozenset({b"HELLO", b"CLIENT", b"SELECT", b"AUTH", b"SCRIPT"})


class CountingProxy(TcpProxy):
    """Passes bytes both ways between its own port and a Redis server's on 127.0.0.1."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
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
