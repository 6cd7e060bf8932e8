"""Whom this process connects to, seen from below every library: by Python's audit events."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Contacts:
    """What was connected to, and which names were looked up."""

    addresses: set[tuple[str, int]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    others: list[str] = field(default_factory=list)  # sockets that have no host and port


_watchers: list[Contacts] = []
_hooked: list[bool] = []


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not _watchers or event not in {"socket.connect", "socket.sendto", "socket.getaddrinfo"}:
        return
    for watcher in _watchers:
        if event == "socket.getaddrinfo":
            watcher.names.add(_text(args[0]))
        elif isinstance(args[1], tuple):
            watcher.addresses.add((_text(args[1][0]), int(args[1][1])))
        else:
            watcher.others.append(_text(args[1]))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@contextmanager
def watched() -> Iterator[Contacts]:
    """Watch while the context lasts."""
    if not _hooked:  # an audit hook is there to stay
        sys.addaudithook(_hook)
        _hooked.append(True)
    contacts = Contacts()
    _watchers.append(contacts)
    try:
        yield contacts
    finally:
        _watchers.remove(contacts)


@dataclass(slots=True)
class Trap:
    """A server that nobody has any business with; `visits` counts connections to it."""

    port: int = 0
    visits: int = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@asynccontextmanager
async def trap() -> AsyncIterator[Trap]:
    """A trap on a free port of this machine."""
    set_up = Trap()

    async def visited(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        set_up.visits += 1
        writer.close()

    server = await asyncio.start_server(visited, "127.0.0.1", 0)
    set_up.port = server.sockets[0].getsockname()[1]
    async with server:
        yield set_up
