"""Runs scripts and blocking reads on the Redis server, and notices when its clock is set back."""

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
from captioner.queue.redis.schema import GROUP, Entry, Keys, milliseconds

# A read that blocks must end well before the client takes the silence for a dead connection.
# It is also how soon a waiting worker notices jobs that were given back or left by the dead.
LONGEST_BLOCK = 1.0
_SOCKET_TIMEOUT = 10.0
_AT_ONCE = 32  # scripts, each on a connection; a burst waits its turn instead of being refused
_FORGET_CONSUMER = 3600.0

Argument = str | bytes | int


class Server:
    """A Redis server; every method raises QueueUnavailable if it cannot be used."""

    def __init__(self, url: str) -> None:
        """Raises ValueError, which does not quote the address, if the address is invalid."""
        self._redis = connection.make_client(url, socket_timeout=_SOCKET_TIMEOUT)
        self._scripts = {
            text: self._redis.register_script(text)
            for name, text in (vars(scripts) | vars(view_scripts)).items()
            if name.isupper()
        }
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._place = connection.place(self._redis)

    async def run_script(
        self,
        script: str,
        keys: Sequence[str],
        args: Sequence[Argument],
        *,
        streams: Sequence[str] = (),
        lives: int = 0,
    ) -> Any:  # noqa: ANN401 - what a script answers is as it pleases; each caller knows its own
        """Run a script and return its answer; missing streams and groups are created.

        `lives`: the lifetime in milliseconds of a created stream that nobody uses; 0: for ever.
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
        """New entries of each stream; waits up to `block` seconds for the first one.

        At most `count` of each stream, in the order of `streams`.
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
        """Create missing streams and groups; forget idle consumers."""
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
        """Turn Redis errors inside the context into QueueUnavailable, which names the cause."""
        try:
            yield
        except (errors.RedisError, OSError) as error:
            raise QueueUnavailable(connection.describe_error(self._place, error)) from None


def _lacks_group(error: errors.ResponseError) -> bool:
    """Whether the stream or its group is missing: new, expired, or lost with the server's data."""
    return str(error).startswith(("NOGROUP", "UNBLOCKED"))


_REMEMBERED = 86_400.0


class ClockSkew:
    """Notices when the server's clock was set back, and restarts the time of what is held.

    Redis measures by its clock how long something has been held. An entry delivered at a time that
    is now in the future would count as held until then, even if its holder is dead.
    """

    def __init__(self, server: Server, keys: Keys, *, visibility: float) -> None:
        self._server, self._keys = server, keys
        self._every = visibility / 3
        self._looked: dict[str, float] = {}  # by the monotonic clock of this process

    async def check(self, what: str, streams: Sequence[str]) -> None:
        """Check the clock for streams, at most every third of the visibility time.

        `what` is a name for these streams.
        """
        if time.monotonic() - self._looked.get(what, -self._every) < self._every:
            return
        self._looked[what] = time.monotonic()
        keys = [self._keys.clock(what), *streams]
        await self._server.run_script(scripts.CLOCK, keys, [GROUP, milliseconds(_REMEMBERED)])
