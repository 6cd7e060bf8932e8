"""Who comes in, and how often: keys and passwords, other sites by name, a limit for each address.

Who sends a request, and below which path, is what proxies say of it, as far as they are trusted.

With a file of keys every address but /health and /ready asks for one: a browser by its own dialogue
(HTTP Basic, the key's name and the secret), a program with `Authorization: Bearer SECRET`. A change
of the file holds from the next request on. If the file cannot be read, nobody comes in.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from bot.adapters.web import Network, WebOptions, is_prefix
from bot.adapters.web.keys import Key, KeyRing
from bot.adapters.web.problems import Problem
from bot.chat.access_control import RateLimit
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService, unavailable
from bot.store.base import Store, StoreUnavailable

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEY = web.RequestKey("key", Key)
TRIES = 10  # secrets that are not known yet, from one address in a minute
_OPEN = frozenset({"/health", "/ready"})  # for probes; they say nothing of anybody
_ASKS: dict[str, str] = {"WWW-Authenticate": 'Basic realm="CaptionBot", charset="UTF-8"'}
_HEADERS = "Accept, Accept-Language, Authorization, Content-Type"
WAKING = 3  # seconds; when to come back while the model is loading
Address = IPv4Address | IPv6Address
UNKNOWN = "unknown"
HOME = 64  # bits of an IPv6 address that one household gets


class AddressTurns:
    """Bounds what one address asks for; no address is ever kept, only its keyed hash."""

    def __init__(self, store: Store, service: CaptionService, *, per_minute: int) -> None:
        self._store, self._service, self._per_minute = store, service, per_minute
        self._limits: dict[int, RateLimit] = {}  # by requests a minute

    async def take(self, person: str, *, per_minute: int | None = None) -> None:
        """Take a turn, with a limit of its own if need be. Raises Problem: slow_down, …"""
        limit = self._per_minute if per_minute is None else per_minute
        turns = self._limits.get(limit)
        if turns is None:
            turns = RateLimit(self._store, person_per_minute=limit, chat_per_minute=0)
            self._limits[limit] = turns
        await self._service.prepare()
        try:
            await turns.take(person=self._service.hashed("address", person), chat="")
        except Refusal as refused:
            raise Problem.of(refused) from None
        except StoreUnavailable:
            raise Problem.of(unavailable()) from None


def access(options: WebOptions, keys: KeyRing | None, tries: AddressTurns) -> Middleware:
    """The middleware: answers preflights of other sites, then lets in whoever has a key."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix(options.prefix)
        if request.method == hdrs.METH_OPTIONS and path.startswith("/api/"):
            if is_named(request, options):
                return web.Response(status=204, headers=_preflight(request))
        elif keys is not None and path not in _OPEN:
            request[KEY] = await _key_of(request, options, keys, tries)
        return await handler(request)

    return middleware


def is_named(request: web.Request, options: WebOptions) -> bool:
    """Whether a page of another site asks whose scripts may use the interface."""
    return request.headers.get(hdrs.ORIGIN, "").lower() in options.origins


def put_origin(options: WebOptions) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """A signal that lets scripts of named sites read what the interface answers."""

    async def put(request: web.Request, response: web.StreamResponse) -> None:
        if not request.path.removeprefix(options.prefix).startswith("/api/"):
            return
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        if is_named(request, options):
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = request.headers[hdrs.ORIGIN]
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = hdrs.RETRY_AFTER

    return put


async def _key_of(
    request: web.Request, options: WebOptions, keys: KeyRing, tries: AddressTurns
) -> Key:
    """Raises Problem: unauthorized, slow_down, queue_unavailable."""
    name, secret = _credentials(request.headers.get(hdrs.AUTHORIZATION, ""))
    keys.refresh()
    if not secret:
        raise Problem("unauthorized", headers=_ASKS)
    if (known := keys.remembered(name, secret)) is not None:
        return known
    # Before it is looked at: guessing is bounded, and so is the time that guesses cost.
    await tries.take(f"unknown secret {person_of(request, options.trusted_proxies)}")
    found = await keys.find(name, secret)
    if found is None:
        log.warning("somebody tried a key or password that is not known")
        raise Problem("unauthorized", headers=_ASKS)
    return found


def _credentials(header: str) -> tuple[str | None, str]:
    """The name, where one is given, and the secret; "" where there is none that can be read."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return None, rest.strip()
    if scheme.lower() != "basic":
        return None, ""
    try:
        text = base64.b64decode(rest.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None, ""
    name, _, secret = text.partition(":")
    return name or None, secret


def _preflight(request: web.Request) -> dict[str, str]:
    return {
        hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: request.headers[hdrs.ORIGIN],
        hdrs.ACCESS_CONTROL_ALLOW_METHODS: "GET, POST",
        hdrs.ACCESS_CONTROL_ALLOW_HEADERS: _HEADERS,
        hdrs.ACCESS_CONTROL_MAX_AGE: "600",
    }


def asker(request: web.Request, options: WebOptions) -> tuple[str, int | None]:
    """Who limits are counted for, and a limit of its own: a key, else an address."""
    key = request.get(KEY)
    if key is None:
        return person_of(request, options.trusted_proxies), None
    return f"key {key.name}", key.per_minute


class Admission:
    """Looks at what is known before anything of a request's body is read."""

    def __init__(
        self, options: WebOptions, turns: AddressTurns, worker_ready: Callable[[], bool]
    ) -> None:
        self._options, self._turns, self._worker_ready = options, turns, worker_ready

    async def admit(self, request: web.Request) -> str:
        """Let something in that was sent; who limits are counted for.

        Raises Problem: cross_site, not_ready, slow_down, queue_unavailable.
        """
        cross_site = request.headers.get("Sec-Fetch-Site") == "cross-site"
        if cross_site and not is_named(request, self._options):
            raise Problem("cross_site")
        self.check_ready()
        return await self.turn(request)

    async def turn(self, request: web.Request) -> str:
        """Take a turn; whose it is. Raises Problem: slow_down, queue_unavailable."""
        person, per_minute = asker(request, self._options)
        await self._turns.take(person, per_minute=per_minute)
        return person

    def check_ready(self) -> None:
        """Raises Problem: not_ready, as far as this process knows of its worker."""
        if not self._worker_ready():
            raise not_ready()


def not_ready() -> Problem:
    """No worker can do anything yet."""
    return Problem("not_ready", retry_after=WAKING)


# --- what proxies say of a request, as far as they are trusted


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
