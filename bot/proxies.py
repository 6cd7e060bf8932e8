"""The proxy that calls to other servers take, by the variables that most programs know.

HTTPS_PROXY, HTTP_PROXY and ALL_PROXY name one for each kind of address, NO_PROXY the hosts that are
reached without; as curl and Python's own library read them, small letters first.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from captioner.errors import OperatorError

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
