"""Addresses: those on the operator's own network, those to fetch files from, and how that fails.

Nothing heavy is imported, for bots ask too.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from captioner.errors import OperatorError

_OWN_ENDINGS = (".localhost", ".local", ".lan", ".internal", ".home.arpa", ".svc", ".cluster.local")


def host_of(url: str) -> str:
    """The host of an address, in lower case."""
    return (urlsplit(url).hostname or "").lower()


def is_own_network(url: str) -> bool:
    """Whether what is sent there stays on this machine or on the operator's network.

    That is so for loopback and private addresses, and for names that only a network of one's own
    has: names without a dot (those of containers), and those under .local, .lan or .internal. Any
    other name counts as outside, whatever address it has today: it can have another tomorrow.
    """
    host = host_of(url)
    try:
        return _is_own_address(host)
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(_OWN_ENDINGS))


def leads_out(url: str) -> str:
    """The first public address that the host of a URL has, which `is_own_network` cannot know.

    A name without a dot can have one by a search domain. "" if there is none. Raises OSError where
    the name cannot be looked up now. To be called in a thread.
    """
    host = host_of(url)
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    return next((address for address in addresses if not _is_own_address(address)), "")


def _is_own_address(text: str) -> bool:
    """Whether an address is loopback or private; raises ValueError for what is no address."""
    address = ip_address(text)
    return (address.is_private or address.is_loopback) and not address.is_unspecified


_INVALID = "it is not a valid address; it must look like https://example.org/file"


def check_address(url: str, *, loopback: bool = True) -> None:
    """Raises ValueError, with a sentence, unless it is https; http only towards this machine.

    Without `loopback`, not even that: a server elsewhere must not send us to one of our own.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(_INVALID) from None
    if not host or any(not c.isprintable() or c.isspace() for c in url):
        raise ValueError(_INVALID)
    if parts.username is not None:
        raise ValueError("it must not contain a user name or a password, because logs show them")
    if is_loopback(url):
        if not loopback:
            raise ValueError("it leads back to this machine")
        if parts.scheme in {"http", "https"}:
            return
    if parts.scheme != "https":
        raise ValueError("it must start with https://, so that nobody can change the file")


def is_loopback(url: str) -> bool:
    """Whether an address is one of this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def shown(url: str) -> str:
    """An address as logs may have it: what stands behind the question mark may be a key."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


NOT_NOW = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses: it may work later


class FetchError(OperatorError):
    """A file cannot be had; the text says why and what to do."""


class TryAgain(Exception):
    """Something that may be over in a while."""

    def __init__(self, text: str, after: float = 0.0) -> None:
        """`after` is how many seconds the server wishes to be left alone."""
        super().__init__(text)
        self.after = after
