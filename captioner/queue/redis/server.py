"""The way to the Redis server: scripts, blocking reads, and errors that people can read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis.exceptions as errors
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from captioner.queue.contract import QueueUnavailable
from captioner.queue.redis import scripts
from captioner.queue.redis.keys import GROUP

# A read that blocks must end well before the client takes the silence for a dead connection.
# It is also how soon a waiting worker notices jobs that were given back or left by the dead.
LONGEST_BLOCK = 1.0
_SOCKET_TIMEOUT = 10.0
_CONNECT_TIMEOUT = 3.0
_AT_ONCE = 32  # scripts, each on a connection; a burst waits its turn instead of being refused
_FORGET_CONSUMER = 3600.0

Argument = str | bytes | int
Entry = tuple[bytes, dict[bytes, bytes]]


class Server:
    """One Redis server; every method raises QueueUnavailable while it cannot be used."""

    def __init__(self, url: str) -> None:
        """Raises ValueError, without the address, for one that Redis cannot have."""
        try:
            # Retrying is safe, for every script may be run twice; it spares callers the errors
            # of connections that died unseen, as all do when a server was restarted.
            self._redis: Redis = Redis.from_url(
                url,
                protocol=2,
                decode_responses=False,
                socket_timeout=_SOCKET_TIMEOUT,
                socket_connect_timeout=_CONNECT_TIMEOUT,
                retry=Retry(ExponentialBackoff(cap=0.4, base=0.05), retries=2),
            )
            self._scripts = {
                text: self._redis.register_script(text)
                for name, text in vars(scripts).items()
                if name.isupper()
            }
        except (ValueError, TypeError, errors.RedisError):
            # The reason is left out on purpose: it can quote pieces of the password.
            raise ValueError(
                "the Redis address is none; it looks like redis://[user:password@]host:port/0, "
                "rediss:// for TLS, with special characters of the password percent-encoded"
            ) from None
        self._turns = asyncio.Semaphore(_AT_ONCE)
        place = self._redis.connection_pool.connection_kwargs
        self._name = str(
            place.get("path") or f"{place.get('host', 'localhost')}:{place.get('port', 6379)}"
        )

    async def script(
        self, script: str, keys: Sequence[str], args: Sequence[Argument], *, lives: int = 0
    ) -> Any:  # noqa: ANN401 - what a script answers is as it pleases; each caller knows its own
        """What a script answers. Makes the stream's group (`keys[0]`) where it needs one.

        `lives`: milliseconds that a stream made here lives without being used, 0 for ever.
        """
        with self.reachable():
            try:
                return await self._run(script, keys, args)
            except errors.ResponseError as error:
                if not _lacks_group(error):
                    raise
            await self.make_group(keys[0], lives=lives)
            return await self._run(script, keys, args)

    async def read(
        self, stream: str, consumer: str, *, count: int, block: float | None = None
    ) -> list[Entry]:
        """New entries of a stream: those that are there, or the first within `block` seconds."""
        milliseconds = None if block is None else max(1, int(min(block, LONGEST_BLOCK) * 1000))
        with self.reachable():
            try:
                answer: Any = await self._redis.xreadgroup(
                    GROUP, consumer, {stream: ">"}, count=count, block=milliseconds
                )
            except errors.ResponseError as error:
                if not _lacks_group(error):
                    raise
                return []  # the next script makes it
        return [(entry, fields) for _, entries in answer or [] for entry, fields in entries]

    async def make_group(self, stream: str, *, lives: int = 0) -> None:
        """Makes the stream and its group where they are missing; forgets idle consumers."""
        arguments: list[Argument] = [GROUP, lives, int(_FORGET_CONSUMER * 1000)]
        with self.reachable():
            await self._run(scripts.GROUP, [stream], arguments)

    async def length(self, stream: str) -> int:
        """The number of a stream's entries."""
        with self.reachable():
            return int(await self._redis.xlen(stream))

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
        """Turns what goes wrong inside into QueueUnavailable with a sentence that names the cause.

        Neither credentials nor contents are in it: of the server's own words, only the code.
        """
        try:
            yield
        except (errors.RedisError, OSError) as error:
            raise QueueUnavailable(f"Redis at {self._name} {_reason(error)}") from None


_OTHER_USER = "wants another user or password than it was given"
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (errors.OutOfMemoryError, "is out of memory (see its maxmemory)"),
    (errors.BusyLoadingError, "is still loading its data"),
    (errors.AuthenticationError, _OTHER_USER),
    (errors.AuthenticationWrongNumberOfArgsError, _OTHER_USER),
    (errors.NoPermissionError, "does not permit this user what the queue needs"),
    (errors.ReadOnlyError, "is a replica that cannot be written to"),
    (errors.MaxConnectionsError, "has as many connections as it may have"),
    (errors.TimeoutError, "does not answer"),
    (errors.ConnectionError, "cannot be reached"),
    (TimeoutError, "does not answer"),
    (OSError, "cannot be reached"),
)
_CODES = {
    "MISCONF": "cannot write to its disk",
    "OOM": "is out of memory (see its maxmemory)",
    "LOADING": "is still loading its data",
}


def _reason(error: Exception) -> str:
    code = (str(error).split(" ", 1) or [""])[0]
    if code in _CODES:
        return _CODES[code]
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return f"refuses a command ({code if code.isalpha() and code.isupper() else 'no code'})"


def _lacks_group(error: errors.ResponseError) -> bool:
    """Whether stream or group are gone: not made yet, expired, or lost with the server's data."""
    return str(error).startswith(("NOGROUP", "UNBLOCKED"))
