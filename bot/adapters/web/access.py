"""Who comes in, and how often: keys and passwords, other sites by name, a limit for each address.

With a file of keys every address but /health and /ready asks for one: a browser by its own dialogue
(HTTP Basic, the key's name and the secret), a program with `Authorization: Bearer SECRET`. A change
of the file holds from the next request on. If the file cannot be read, nobody comes in.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from bot.adapters.web.forwarded import person_of
from bot.adapters.web.keys import Key, read_keys
from bot.adapters.web.options import WebOptions
from bot.adapters.web.problems import Problem
from bot.chat.rate_limit import RateLimit
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService, unavailable
from bot.store.base import Store, StoreUnavailable
from captioner.errors import UsageError


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


log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEY = web.RequestKey("key", Key)
TRIES = 10  # secrets that are not known yet, from one address in a minute
_OPEN = frozenset({"/health", "/ready"})  # for probes; they say nothing of anybody
_REMEMBERED = 1000  # secrets that were right, so that a password's hash is computed once
_ASKS: dict[str, str] = {"WWW-Authenticate": 'Basic realm="CaptionBot", charset="UTF-8"'}
_HEADERS = "Accept, Accept-Language, Authorization, Content-Type"


class KeyRing:
    """The keys in a file, as it is now, and who a secret belongs to."""

    def __init__(self, path: Path) -> None:
        """Raises UsageError for a file that is not one of ours."""
        self._path = path
        self._seen = _state(path)
        self._keys = read_keys(path)
        self._salt = secrets.token_bytes(16)
        self._right: dict[bytes, str] = {}
        if not self._keys:
            log.warning("%s has no keys: nobody can use the page; see captionbot keys add", path)

    def refresh(self) -> None:
        """Read the file again if it has changed; without a file that can be read, no keys."""
        state = _state(self._path)
        if state == self._seen:
            return
        self._seen = state
        self._right.clear()
        try:
            self._keys = read_keys(self._path)
        except UsageError as error:
            self._keys = []
            log.error("%s; nobody can use the page until it is corrected", error)
        else:
            log.info("%s was read again: %d keys", self._path, len(self._keys))

    def remembered(self, name: str | None, secret: str) -> Key | None:
        """The key of a secret that was right before."""
        found = self._right.get(self._digest(name, secret))
        return next((key for key in self._keys if key.name == found), None)

    async def find(self, name: str | None, secret: str) -> Key | None:
        """The key that a secret opens. A password is looked for under its name alone."""
        for key in self._keys:
            if key.kind == "password" and name != key.name:
                continue
            if await asyncio.to_thread(key.opens, secret):
                if len(self._right) >= _REMEMBERED:
                    self._right.clear()
                self._right[self._digest(name, secret)] = key.name
                return key
        return None

    def _digest(self, name: str | None, secret: str) -> bytes:
        text = f"{name or ''}\0{secret}".encode("utf-8", "replace")
        return hashlib.blake2b(text, key=self._salt).digest()


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


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def asker(request: web.Request, options: WebOptions) -> tuple[str, int | None]:
    """Who limits are counted for, and a limit of its own: a key, else an address."""
    key = request.get(KEY)
    if key is None:
        return person_of(request, options.trusted_proxies), None
    return f"key {key.name}", key.per_minute


WAKING = 3  # seconds; when to come back while the model is loading


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
