"""Which addresses files may be fetched from, and what a server's answer amounts to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp

from captioner.errors import OperatorError

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


_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")
_NOT_NOW = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 300.0  # seconds, whatever a server asks for


class FetchError(OperatorError):
    """A file cannot be had; the text says why and what to do."""


class TryAgain(Exception):
    """Something that may be over in a while."""

    def __init__(self, text: str, after: float = 0.0) -> None:
        """`after` is how many seconds the server wishes to be left alone."""
        super().__init__(text)
        self.after = after


@dataclass(frozen=True)
class Answer:
    """What follows in the answer's body."""

    starts_anew: bool  # the whole file, rather than what is missing
    total: int | None  # bytes of the whole file
    validator: str | None  # what to ask with for the rest of this very file


def understood(response: aiohttp.ClientResponse, *, have: int, total: int | None) -> Answer:
    """Make sense of an answer to a request for what follows on `have` bytes of `total`.

    Raises TryAgain and FetchError.
    """
    where = f"{response.url.scheme}://{response.url.host}{response.url.path}"
    status = response.status
    if status in _NOT_NOW:
        raise TryAgain(f"the server answered {status}", _retry_after(response))
    if response.headers.get("Content-Encoding", "identity").lower() not in {"identity", ""}:
        raise FetchError(f"{where}: the server packs the file anew, so that nothing fits")
    if status == 200:
        return Answer(True, _length(response), _validator(response))
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if status == 206 and have and found and int(found[1]) == have:
        whole = None if found[3] == "*" else int(found[3])
        if total is None or whole is None or whole == total:
            return Answer(False, whole or total, None)
    if status in {206, 416} and have:
        # Not the rest of what we have: the caller asks for the whole file.
        raise StartAnew
    if status in {401, 403, 404, 410}:
        raise FetchError(f"{where}: the server answered {status}; see whether the address is right")
    raise FetchError(f"{where}: the server answered {status}, which is no file")


class StartAnew(TryAgain):
    """What we have is no beginning of the file that is there now."""

    def __init__(self) -> None:
        super().__init__("the file is another one now; fetching it from the start")


def _length(response: aiohttp.ClientResponse) -> int | None:
    text = response.headers.get("Content-Length", "")
    return int(text) if re.fullmatch(r"\d{1,15}", text) else None


def _validator(response: aiohttp.ClientResponse) -> str | None:
    """A strong ETag, else a date; a weak ETag says nothing about bytes (RFC 9110, 13.1.5)."""
    etag = response.headers.get("ETag", "")
    if re.fullmatch(r'"[\x21\x23-\x7e]{0,200}"', etag):
        return etag
    date = response.headers.get("Last-Modified", "")
    return date if re.fullmatch(r"[A-Za-z0-9,: ]{10,40}", date) else None


def _retry_after(response: aiohttp.ClientResponse) -> float:
    text = response.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_WAIT) if re.fullmatch(r"\d{1,9}", text) else 0.0
