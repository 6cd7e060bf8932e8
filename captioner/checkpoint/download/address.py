"""Which addresses a checkpoint may be fetched from."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

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
