"""A client of whichever Redis server is the master now, as Sentinel tells.

redis+sentinel://[user:password@]host:26379,host:26379/SERVICE[/DB][?sentinel_password=…]
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from redis.asyncio.connection import parse_url
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool

SCHEMES = {"redis+sentinel": "redis", "rediss+sentinel": "rediss"}
_PORT = 26379
_OF_SENTINELS = {"sentinel_username": "username", "sentinel_password": "password"}


def pool(url: str, **options: Any) -> SentinelConnectionPool:  # noqa: ANN401 - as redis-py has them
    """Connections to the master of a service; each asks the sentinels anew where it is.

    User and password are those of the servers; `sentinel_username` and `sentinel_password` are
    for the sentinels. With TLS (rediss+sentinel), both are asked by TLS. `options` are those of a
    connection. Raises ValueError for an address that cannot be.
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
    scheme = SCHEMES[parts.scheme]
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
        sentinel_kwargs={**timeouts, **secured, **by_tls, **of_sentinels},
    )
    return SentinelConnectionPool(  # type: ignore[no-untyped-call]  # redis-py's
        service, sentinels, **server, **secured, **options
    )


def _host_and_port(text: str) -> tuple[str, int]:
    found = urlsplit(f"//{text}")
    if not found.hostname:
        raise ValueError("a sentinel without a host")
    return found.hostname, found.port or _PORT
