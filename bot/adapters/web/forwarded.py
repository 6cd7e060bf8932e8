"""Who sends, and below which path: what proxies say of both, as far as they are trusted."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import web

from bot.adapters.web.options import Network, WebOptions, is_prefix

Address = IPv4Address | IPv6Address
UNKNOWN = "unknown"
HOME = 64  # bits of an IPv6 address that one household gets


def person_of(request: web.BaseRequest, trusted: Sequence[Network] = ()) -> str:
    """The sender's address, an IPv6 one as its /64 network.

    X-Forwarded-For is read from its end, and only as far as trusted proxies wrote it: the
    address before the last trusted one is the sender's, whatever stands in front of that.
    """
    address = _parse(request.remote or "")
    if address is None:
        return UNKNOWN
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    while hops and any(address in network for network in trusted):
        before = _parse(hops.pop())
        if before is None:
            break
        address = before
    return _household(address)


def is_trusted(request: web.BaseRequest, trusted: Sequence[Network]) -> bool:
    """Whether the request comes from a proxy whose headers are believed."""
    address = _parse(request.remote or "")
    return address is not None and any(address in network for network in trusted)


def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _household(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    network = int(address) >> (128 - HOME) << (128 - HOME)
    return f"{IPv6Address(network)}/{HOME}"


def prefix_of(request: web.BaseRequest, options: WebOptions) -> str:
    """What stands before the addresses of an answer: the option, else what a trusted proxy says.

    The page itself needs neither: its addresses are relative.
    """
    if options.prefix:
        return options.prefix
    named = request.headers.get("X-Forwarded-Prefix", "").strip().rstrip("/")
    if is_prefix(named) and is_trusted(request, options.trusted_proxies):
        return named
    return ""
