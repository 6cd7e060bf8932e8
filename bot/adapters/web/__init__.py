"""The web page and the HTTP interface; and what they allow: sizes, times and counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

Network = IPv4Network | IPv6Network
# A source as a Content-Security-Policy names it; anything else could smuggle in a directive.
_ORIGIN = re.compile(
    r"'self'|https?://((\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?",
    re.IGNORECASE,
)

_PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")


def is_prefix(text: str) -> bool:
    """Whether it is a path that addresses can stand below: "/captions", or ""."""
    return _PREFIX.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """Times are seconds. The defaults suit one host. Raises ValueError, with a sentence."""

    silent_seconds: float = 30.0  # a connection that has brought no whole request by then is closed
    idle_seconds: float = 180.0  # and one after its last answer; proxies close theirs sooner
    upload_seconds: float = 60.0  # a photo that takes longer to arrive is refused
    answer_seconds: float = 60.0  # from the photo's arrival to its caption
    waking_seconds: float = 240.0  # and so many more where every worker is still loading
    keep_seconds: float = 600.0  # for which a small photo is kept for its animation
    keep_photos: int = 200  # at most, the least recently used goes first
    keep_bytes: int = 64_000_000  # of all photos kept, with their animations
    uploads: int = 32  # photos arriving or being decoded at once
    uploads_per_person: int = 8
    per_minute: int = 30  # photos and animations that one address may ask for; 0: no limit
    stop_seconds: float = 10.0  # for requests in hand when the server stops
    trusted_proxies: tuple[Network, ...] = ()  # whose X-Forwarded-For names the person
    frame_ancestors: tuple[str, ...] = ()  # whose pages may embed ours: "https://example.org"
    prefix: str = ""  # the path that a proxy serves the page below: "/captions"
    keys: Path | None = None  # the file that says who may come in; None: everybody
    origins: tuple[str, ...] = ()  # of sites whose scripts may use the interface, in lower case

    def __post_init__(self) -> None:
        if self.per_minute < 0:
            raise ValueError("per_minute is a number of requests, or 0 for no limit")
        if not is_prefix(self.prefix):
            raise ValueError(f"{self.prefix!r} is no path to serve the page below: write /captions")
        for origin in self.frame_ancestors:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is no origin whose pages may embed ours:"
                    " write https://example.org, https://*.example.org or 'self'"
                )
