"""The Redis server: clients, also by Sentinel, scripts, blocking reads, and its clock.

Error messages have no credentials and no content.

Sentinel's addresses are
redis+sentinel://[user:password@]host:26379,host:26379/SERVICE[/DB][?sentinel_password=…]
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from redis import exceptions as errors
from redis.asyncio import Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import ExponentialBackoff
from redis.commands.core import AsyncScript

from captioner.queue.base import QueueUnavailable
from captioner.queue.redis import scripts
from captioner.queue.redis.schema import GROUP, Entry, Keys

CONNECT_TIMEOUT = 3.0


class _Cancellable(Redis):
    """A client whose commands end when their task is cancelled.

    redis-py writes under `asyncio.wait_for`, which in Python 3.11 loses a cancellation that comes
    at the moment when the awaited task ends (cpython#86296). A task that sends one command after
    the other would then never end; in a test, one task in six did not.
    """

    async def execute_command(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as redis-py has it
        task = asyncio.current_task()
        before = task.cancelling() if task else 0
        answer = await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis-py's
        if task and task.cancelling() > before:
            raise asyncio.CancelledError
        return answer


class _BySentinel(_Cancellable):
    """A client of a service's master, which also has connections to the sentinels."""

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await super().aclose(close_connection_pool)
        pool = self.connection_pool
        if isinstance(pool, SentinelConnectionPool):
            for asked in pool.sentinel_manager.sentinels:
                await asked.aclose()


def make_client(url: str, *, socket_timeout: float) -> Redis:
    """A client that connects on first use and tries each command up to three times.

    So every command must be safe to run twice. The retries hide connections that died unnoticed,
    as all do when a server restarts. Raises ValueError, which does not quote the address, if the
    address is invalid.
    """
    options: dict[str, Any] = {
        "protocol": 2,
        "decode_responses": False,
        "socket_timeout": socket_timeout,
        "socket_connect_timeout": CONNECT_TIMEOUT,
        "retry": _retry(2),
    }
    try:
        made: Redis
        if urlsplit(url).scheme in SENTINEL_SCHEMES:
            made = _BySentinel.from_pool(sentinel_pool(url, **options))
        else:
            made = _Cancellable.from_url(url, **options)
        made.register_script("")  # encodes it: an address can name an encoding that there is none
    except (ValueError, TypeError, LookupError, errors.RedisError):
        # The reason is left out on purpose: it can quote pieces of the password.
        raise ValueError(
            "not a valid Redis address; it must look like redis://[user:password@]host:port/0, "
            "rediss:// for TLS, or redis+sentinel://[user:password@]host:port,host:port/SERVICE "
            "for Sentinel; percent-encode special characters of the password"
        ) from None
    return made


def _retry(times: int) -> Retry:
    return Retry(ExponentialBackoff(cap=0.4, base=0.05), retries=times)


def place(redis: Redis) -> str:
    """The address of a client's server, without user and password."""
    pool = redis.connection_pool
    if isinstance(pool, SentinelConnectionPool):
        return f"{pool.service_name} (by Sentinel)"
    known = pool.connection_kwargs
    return str(known.get("path") or f"{known.get('host', 'localhost')}:{known.get('port', 6379)}")


def describe_error(place: str, error: Exception) -> str:
    """A sentence about an error of the server at an address.

    It has no credentials and no content: only the code of the server's own message is quoted.
    """
    return f"Redis at {place} {_reason(error)}"


_OTHER_USER = "wants another user or password than it was given"
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (errors.OutOfMemoryError, "is out of memory (see its maxmemory)"),
    (errors.BusyLoadingError, "is still loading its data"),
    (errors.AuthenticationError, _OTHER_USER),
    (errors.AuthenticationWrongNumberOfArgsError, _OTHER_USER),
    (errors.NoPermissionError, "does not permit this user what CaptionBot needs"),
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
    "NOREPLICAS": "has fewer replicas than it wants (see its min-replicas-to-write)",
}


def _reason(error: Exception) -> str:
    code = (str(error).split(" ", 1) or [""])[0]
    if code in _CODES:
        return _CODES[code]
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return f"refuses a command ({code if code.isalpha() and code.isupper() else 'no code'})"


SENTINEL_SCHEMES = {"redis+sentinel": "redis", "rediss+sentinel": "rediss"}
_SENTINEL_PORT = 26379
_OF_SENTINELS = {"sentinel_username": "username", "sentinel_password": "password"}


def sentinel_pool(url: str, **options: Any) -> SentinelConnectionPool:  # noqa: ANN401 - as redis-py has them
    """Connections to the master of a service; each new one asks the sentinels for its address.

    User and password are those of the servers; `sentinel_username` and `sentinel_password` are
    for the sentinels. With rediss+sentinel, all connections use TLS. `options` are passed to the
    connections. Raises ValueError for an invalid address.
    """
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    service, _, database = unquote(parts.path).strip("/").partition("/")
    if not service:
        raise ValueError("no service is named")
    if database and not database.isdecimal():
        raise ValueError("a database is a number")
    query = dict(parse_qsl(parts.query))
    of_sentinels = {own: query.pop(name) for name, own in _OF_SENTINELS.items() if name in query}
    scheme = SENTINEL_SCHEMES[parts.scheme]
    # Everything but the address means what it means of one server.
    server: dict[str, Any] = dict(
        parse_url(f"{scheme}://{login}{at}server/{database or 0}?{urlencode(query)}")
    )
    del server["host"]
    server.pop("connection_class", None)
    secured = {"ssl": True} if scheme == "rediss" else {}
    by_tls = {name: value for name, value in server.items() if name.startswith("ssl_")}
    timeouts = {name: value for name, value in options.items() if name.startswith("socket_")}
    sentinels = Sentinel(  # type: ignore[no-untyped-call]  # redis-py's
        [_host_and_port(host) for host in hosts.split(",")],
        # By default, redis-py tries one that is gone for seconds before it asks the next one.
        sentinel_kwargs={"retry": _retry(1), **timeouts, **secured, **by_tls, **of_sentinels},
    )
    return SentinelConnectionPool(  # type: ignore[no-untyped-call]  # redis-py's
        service, sentinels, **server, **secured, **options
    )


def _host_and_port(text: str) -> tuple[str, int]:
    found = urlsplit(f"//{text}")
    if not found.hostname:
        raise ValueError("a sentinel without a host")
    return found.hostname, found.port or _SENTINEL_PORT


# A read that blocks must end well before the client takes the silence for a dead
# It is also how soon a waiting worker notices jobs that were given back or left by the dead.
LONGEST_BLOCK = 1.0
_SOCKET_TIMEOUT = 10.0
_AT_ONCE = 32  # scripts, each on a connection; a burst waits its turn instead of being refused
_FORGET_CONSUMER = 3_600_000  # ms

Argument = str | bytes | int


class Server:
    """A Redis server; every method raises `unavailable`, with the cause, if it cannot be used."""

    def __init__(
        self,
        url: str,
        *,
        socket_timeout: float = _SOCKET_TIMEOUT,
        unavailable: type[Exception] = QueueUnavailable,
    ) -> None:
        """Raises ValueError, which does not quote the address, if the address is invalid."""
        self._redis = make_client(url, socket_timeout=socket_timeout)
        self._unavailable = unavailable
        self._scripts: dict[str, AsyncScript] = {}  # by their texts
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._place = place(self._redis)

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
        known = self._scripts.get(script)
        if known is None:
            known = self._scripts[script] = self._redis.register_script(script)
        with self.reachable():
            try:
                async with self._turns:
                    return await known(keys=keys, args=args)
            except errors.ResponseError as error:
                if not _lacks_group(error):
                    raise
            await self.make_groups(streams or keys[:1], lives=lives)
            async with self._turns:
                return await known(keys=keys, args=args)

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
        await self.run_script(scripts.GROUP, streams, [GROUP, lives, _FORGET_CONSUMER])

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

    @contextmanager
    def reachable(self) -> Iterator[None]:
        """Turn Redis errors inside the context into `unavailable`, which names the cause."""
        try:
            yield
        except (errors.RedisError, OSError) as error:
            raise self._unavailable(describe_error(self._place, error)) from None


def _lacks_group(error: errors.ResponseError) -> bool:
    """Whether the stream or its group is missing: new, expired, or lost with the server's data."""
    return str(error).startswith(("NOGROUP", "UNBLOCKED"))


_REMEMBERED = 86_400_000  # ms


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
        keys = [self._keys.of("clock", what), *streams]
        await self._server.run_script(scripts.CLOCK, keys, [GROUP, _REMEMBERED])
