"""The way to the Redis server: scripts, blocking reads, and errors that people can read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis.exceptions as errors

from captioner.queue.base import QueueUnavailable
from captioner.queue.redis import connection, scripts
from captioner.queue.redis import inspection_scripts as view_scripts
from captioner.queue.redis.entries import Entry, milliseconds
from captioner.queue.redis.keys import GROUP, Keys

# A read that blocks must end well before the client takes the silence for a dead connection.
# It is also how soon a waiting worker notices jobs that were given back or left by the dead.
LONGEST_BLOCK = 1.0
_SOCKET_TIMEOUT = 10.0
_AT_ONCE = 32  # scripts, each on a connection; a burst waits its turn instead of being refused
_FORGET_CONSUMER = 3600.0

Argument = str | bytes | int


class Server:
    """One Redis server; every method raises QueueUnavailable while it cannot be used."""

    def __init__(self, url: str) -> None:
        """Raises ValueError, without the address, for one that Redis cannot have."""
        self._redis = connection.client(url, socket_timeout=_SOCKET_TIMEOUT)
        self._scripts = {
            text: self._redis.register_script(text)
            for name, text in (vars(scripts) | vars(view_scripts)).items()
            if name.isupper()
        }
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._place = connection.place(self._redis)

    async def script(
        self,
        script: str,
        keys: Sequence[str],
        args: Sequence[Argument],
        *,
        streams: Sequence[str] = (),
        lives: int = 0,
    ) -> Any:  # noqa: ANN401 - what a script answers is as it pleases; each caller knows its own
        """What a script answers. Makes the streams that it reads, and their groups, if need be.

        `lives`: milliseconds that a stream made here lives without being used, 0 for ever.
        """
        with self.reachable():
            try:
                return await self._run(script, keys, args)
            except errors.ResponseError as error:
                if not _lacks_group(error):
                    raise
            await self.make_groups(streams or keys[:1], lives=lives)
            return await self._run(script, keys, args)

    async def read(
        self, streams: Sequence[str], consumer: str, *, count: int, block: float
    ) -> list[tuple[str, list[Entry]]]:
        """New entries of each stream: those that are there, or the first within `block` seconds.

        At most `count` of each, in the order in which the streams were given.
        """
        milliseconds = max(1, int(min(block, LONGEST_BLOCK) * 1000))
        with self.reachable():
            try:
                answer: Any = await self._redis.xreadgroup(
                    GROUP, consumer, dict.fromkeys(streams, ">"), count=count, block=milliseconds
                )
            except errors.ResponseError as error:
                if not _lacks_group(error):
                    raise
                return []  # the next script makes it
        return [(stream.decode(), entries) for stream, entries in answer or []]

    async def make_groups(self, streams: Sequence[str], *, lives: int = 0) -> None:
        """Makes streams and their groups where they are missing; forgets idle consumers."""
        arguments: list[Argument] = [GROUP, lives, int(_FORGET_CONSUMER * 1000)]
        with self.reachable():
            await self._run(scripts.GROUP, streams, arguments)

    async def hash(self, key: str) -> dict[bytes, bytes]:
        """The fields of a hash; {} if there is none."""
        with self.reachable():
            fields: Any = await self._redis.hgetall(key)
            return dict(fields)

    async def ping(self) -> None:
        """Returns if the server answers."""
        with self.reachable():
            await self._redis.ping()

    async def close(self) -> None:
        """Closes all connections."""
        with self.reachable():
            await self._redis.aclose()

    async def _run(self, script: str, keys: Sequence[str], args: Sequence[Argument]) -> Any:  # noqa: ANN401 - as above
        async with self._turns:
            return await self._scripts[script](keys=keys, args=args)

    @contextmanager
    def reachable(self) -> Iterator[None]:
        """Turns what goes wrong inside into QueueUnavailable, which names the cause."""
        try:
            yield
        except (errors.RedisError, OSError) as error:
            raise QueueUnavailable(connection.sentence(self._place, error)) from None


def _lacks_group(error: errors.ResponseError) -> bool:
    """Whether stream or group are gone: not made yet, expired, or lost with the server's data."""
    return str(error).startswith(("NOGROUP", "UNBLOCKED"))


_REMEMBERED = 86_400.0


class ClockSkew:
    """Looks now and then whether the clock went back; what is held counts from then anew."""

    def __init__(self, server: Server, keys: Keys, *, visibility: float) -> None:
        self._server, self._keys = server, keys
        self._every = visibility / 3
        self._looked: dict[str, float] = {}  # by the monotonic clock of this process

    async def look(self, what: str, streams: Sequence[str]) -> None:
        """Look after streams; `what` is a name for them all."""
        if time.monotonic() - self._looked.get(what, -self._every) < self._every:
            return
        self._looked[what] = time.monotonic()
        keys = [self._keys.clock(what), *streams]
        await self._server.script(scripts.CLOCK, keys, [GROUP, milliseconds(_REMEMBERED)])
