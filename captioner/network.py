"""Whether an address is on the operator's own network; imports nothing heavy, for bots ask too."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

_OWN_ENDINGS = (".localhost", ".local", ".lan", ".internal", ".home.arpa", ".svc", ".cluster.local")


def host_of(url: str) -> str:
    """The host of an address, in lower case."""
    return (urlsplit(url).hostname or "").lower()


def is_own_network(url: str) -> bool:
    """Whether what is sent there stays on this machine or on the operator's network.

    That is so for loopback and private addresses, and for names that only a network of one's own
    has: names without a dot (those of containers), and those under .local, .lan or .internal.
    """
    host = host_of(url)
    try:
        address = ip_address(host)
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(_OWN_ENDINGS))
    return (address.is_private or address.is_loopback) and not address.is_unspecified
