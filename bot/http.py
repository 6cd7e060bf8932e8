"""Asking other servers: by which proxy, with patience that ends, and what is said of failures.

HTTPS_PROXY, HTTP_PROXY and ALL_PROXY name a proxy for each kind of address, NO_PROXY the hosts that
are reached without; as curl and Python's own library read them, small letters first.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from captioner.errors import OperatorError

if TYPE_CHECKING:
    import aiohttp

# aiohttp is imported where somebody is asked: many hosts have nobody to ask.
PATIENCE, PATIENCE_TO_CONNECT = 15.0, 8.0  # seconds
_LONGEST = 1_000_000  # bytes of an answer; more is not looked at
_SCHEMES = {"wss": "https", "ws": "http"}
_KNOWN = ("http", "https")


class ProxyError(OperatorError):
    """A proxy that cannot be used; the text says what to change."""


def proxy_for(address: str) -> str | None:
    """The proxy that an address is reached by; None where there is none. Raises ProxyError."""
    proxies = getproxies_environment()
    parts = urlsplit(address)
    scheme = _SCHEMES.get(parts.scheme, parts.scheme)
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if urlsplit(proxy).scheme not in _KNOWN:
        name = f"{scheme.upper()}_PROXY"
        raise ProxyError(f"{name} (or ALL_PROXY): only an HTTP proxy can be used")
    return proxy


class Unreachable(Exception):
    """There was no answer; the text continues a sentence about the service."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered. `body` is {} where it was no JSON object, `items` [] likewise."""

    status: int
    body: Mapping[str, Any]
    items: list[Any]

    def check_ok(self) -> None:
        """Raises Unreachable for an answer that is no success."""
        if self.status != 200:
            raise Unreachable(f"answers with an error (status {self.status})")

    def text(self, name: str) -> str:
        """A text of the body, "" if it is none."""
        value = self.body.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A whole number of the body, 0 if it is none."""
        value = self.body.get(name)
        return value if type(value) is int else 0

    def part(self, *names: str) -> Mapping[str, Any]:
        """An object within the body, or within an object of it, {} if it is none."""
        value: Any = self.body
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A session that goes where it is told and nowhere else, by the proxy that there may be."""
    import aiohttp  # noqa: PLC0415 - only where somebody is asked

    timeout = aiohttp.ClientTimeout(total=PATIENCE, connect=PATIENCE_TO_CONNECT)
    async with aiohttp.ClientSession(
        timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
    ) as opened:
        yield opened


async def get(
    client: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """What a service answers. Raises Unreachable, which names neither address nor header."""
    import aiohttp  # noqa: PLC0415 - only where somebody is asked

    try:
        async with client.get(
            url, headers=headers, allow_redirects=False, proxy=proxy_for(url)
        ) as response:
            raw = await response.content.read(_LONGEST)
            while not response.content.at_eof() and len(raw) < _LONGEST:
                raw += await response.content.read(_LONGEST - len(raw))
            return _answer(response.status, raw)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, ProxyError) as error:
        raise Unreachable(reason(error)) from None


def reason(error: Exception) -> str:
    """Why there was no answer, as the end of a sentence."""
    import aiohttp  # noqa: PLC0415 - only where somebody is asked

    if isinstance(error, ProxyError):
        return f"cannot be reached: {error}"
    known: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
        ((TimeoutError, asyncio.TimeoutError), "does not answer in time"),
        (
            (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError),
            "cannot be reached by the proxy that HTTPS_PROXY names",
        ),
        ((aiohttp.ClientConnectorDNSError,), "has a name that nobody knows"),
        (
            (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError),
            "has a TLS certificate that is not trusted",
        ),
        ((aiohttp.InvalidURL,), "has an address that is none"),
    )
    return next((why for kinds, why in known if isinstance(error, kinds)), "cannot be reached")


def _answer(status: int, raw: bytes) -> Answer:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        value = None
    return Answer(
        status,
        value if isinstance(value, dict) else {},
        value if isinstance(value, list) else [],
    )
