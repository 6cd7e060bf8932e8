"""What the web adapter allows: sizes, times and counts."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """Times are seconds. The defaults suit one host."""

    upload_seconds: float = 60.0  # a photo that takes longer to arrive is refused
    answer_seconds: float = 60.0  # from the photo's arrival to its caption
    keep_seconds: float = 600.0  # for which a small photo is kept for its animation
    keep_photos: int = 200  # at most, the least recently used goes first
    keep_bytes: int = 64_000_000  # of all photos kept, with their animations
    uploads: int = 32  # photos arriving or being decoded at once
    uploads_per_person: int = 8
    stop_seconds: float = 10.0  # for requests in hand when the server stops
    trusted_proxies: tuple[Network, ...] = ()  # whose X-Forwarded-For names the person
