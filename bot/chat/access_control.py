"""Who may use the bot: by the operator's lists, by what owners decide while it runs; how often.

What owners decide is kept in the store, encrypted, once for all platforms and processes of a bot.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.adapters.registry import BY_NAME
from bot.chat.refusals import Refusal, RefusalCode
from bot.store.base import PREFERENCES_FOR, Seal, Store, StoreUnavailable

if TYPE_CHECKING:
    from bot.settings import Settings

log = logging.getLogger(__name__)

Id = str | int
FRESH = 2.0  # seconds after which a process has learnt what another one's owner decided
_AFTER_OUTAGE = 10.0  # seconds until an unreachable store is asked again
_KEEP_EVERY = 3600.0  # seconds; a look that also keeps them for longer writes to the store
_PATIENCE = 1.0  # seconds that a look may take: Discord waits three for an answer
_MINUTE = 60.0
_LIMIT_PATIENCE = 2.0  # seconds that the store may take; nobody waits longer for a limit
_PAUSED, _ALLOW, _BLOCK = "paused", "allow ", "block "


@dataclass(frozen=True, slots=True)
class AccessRules:
    """What is decided now; names are like those in CAPTIONBOT_ALLOW, "telegram:12345"."""

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    paused: bool = False


NO_RULES = AccessRules()


class AccessControl:
    """The lists in force: CAPTIONBOT_OWNERS, CAPTIONBOT_ALLOW and CAPTIONBOT_BLOCK.

    They name people and chats of the registered platforms; the page is open to everybody. What
    owners decide about somebody at run time takes precedence over what the lists say of them.
    """

    def __init__(self, settings: Settings) -> None:
        self.owners = frozenset(settings.owners)
        self.allowed = frozenset(settings.allow)
        self.blocked = frozenset(settings.block)
        self.private = bool(self.allowed)  # whether only those may use it who are allowed to

    def turned_away(
        self,
        platform: str,
        *,
        person: Id,
        chat: Id | None = None,
        rules: AccessRules = NO_RULES,
    ) -> str:
        """The text on why a person may not use the bot in a chat; "" where they may.

        A chat is a server on Discord, and None where the message is in none.
        Owners always may. Whoever is blocked, or is in a chat that is, may not. Where there is
        an allow-list, person or chat must be on it.
        """
        if self.is_owner(platform, person):
            return ""
        names = [name_of(platform, person)]
        if chat is not None:
            names.append(name_of(platform, chat))
        if any(self.is_blocked(name, rules) for name in names):
            return "blocked"
        if platform not in BY_NAME or not self.private:
            return ""
        return "" if any(self.is_allowed(name, rules) for name in names) else "not-admitted"

    def is_owner(self, platform: str, person: Id) -> bool:
        """Whether a person is one of those who run this bot."""
        return name_of(platform, person) in self.owners

    def is_blocked(self, name: str, rules: AccessRules) -> bool:
        """Whether a person or a chat may not use the bot."""
        return name in rules.blocked or (name in self.blocked and name not in rules.allowed)

    def is_allowed(self, name: str, rules: AccessRules) -> bool:
        """Whether a person or a chat is on the list of those who may use a private bot."""
        return name in rules.allowed or (name in self.allowed and name not in rules.blocked)


def name_of(platform: str, somebody: Id) -> str:
    """A person or a chat as the settings name them, in small letters: telegram:12345."""
    return f"{platform}:{somebody}".lower()


# --- what owners decide


class RuleBook:
    """Reads and changes the rules; without a store there are none, and none can be made.

    `key` gives 32 bytes or more that all processes of the bot know; it may raise StoreUnavailable.
    """

    def __init__(
        self, store: Store | None, key: Callable[[], Awaitable[bytes]], *, fresh: float = FRESH
    ) -> None:
        self._store, self._key, self._fresh = store, key, fresh
        self._known = NO_RULES
        self._stale_at = 0.0  # by the loop's clock
        self._keep_at = 0.0  # likewise
        self._reading = asyncio.Lock()
        self._notes: tuple[str, Seal] | None = None

    @property
    def lasting(self) -> bool:
        """Whether what is decided outlives this process."""
        return self._store is not None and self._store.lasting

    async def current(self) -> AccessRules:
        """The rules, a few seconds old at most; while the store is out of reach, the last known."""
        if self._store is None:
            return NO_RULES
        clock = asyncio.get_running_loop().time
        if clock() >= self._stale_at:
            async with self._reading:
                if clock() >= self._stale_at:
                    try:
                        async with asyncio.timeout(_PATIENCE):
                            await self._read(self._store)
                    except (StoreUnavailable, TimeoutError) as error:
                        why = type(error).__name__
                        log.info("who may use the bot cannot be looked up: %s", why)
                        self._stale_at = clock() + _AFTER_OUTAGE
        return self._known

    async def read(self) -> AccessRules:
        """The rules as they are kept at this moment. Raises Refusal: choices-unavailable."""
        async with self._changing() as store:
            return await self._read(store)

    async def allow(self, name: str) -> None:
        """Let somebody use the bot. Raises Refusal, as all that follow."""
        async with self._changing() as store:
            await self._put(store, _ALLOW + name, instead_of=_BLOCK + name)

    async def block(self, name: str) -> None:
        """Keep somebody from using the bot."""
        async with self._changing() as store:
            await self._put(store, _BLOCK + name, instead_of=_ALLOW + name)

    async def lift(self, name: str) -> None:
        """Take back what was decided about somebody."""
        async with self._changing() as store:
            await self._remove(store, _ALLOW + name)
            await self._remove(store, _BLOCK + name)

    async def pause(self) -> None:
        """Caption nothing from now on."""
        async with self._changing() as store:
            await self._put(store, _PAUSED)

    async def resume(self) -> None:
        """Caption photos again."""
        async with self._changing() as store:
            await self._remove(store, _PAUSED)

    async def move(self, old: str, new: str) -> None:
        """A chat has a new name, and what was decided about it goes along."""
        rules = await self.read()
        if old in rules.blocked:
            await self.block(new)
        elif old in rules.allowed:
            await self.allow(new)
        else:
            return
        await self.lift(old)

    async def _read(self, store: Store) -> AccessRules:
        (name, seal), now = await self._where(), asyncio.get_running_loop().time()
        keep = now >= self._keep_at
        said = set(seal.opened(await store.notes(name, keep=keep)))
        if keep:
            self._keep_at = now + _KEEP_EVERY
        allowed, blocked = (
            frozenset(one.removeprefix(verb) for one in said if one.startswith(verb))
            for verb in (_ALLOW, _BLOCK)
        )
        rules = AccessRules(allowed, blocked, paused=_PAUSED in said)
        if rules.paused != self._known.paused:
            log.info("captions are %s", "paused by an owner" if rules.paused else "made again")
        self._known = rules
        self._stale_at = now + self._fresh
        return rules

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[Store]:
        """The store to write to; what is written is known here at once."""
        if self._store is None:
            raise Refusal(RefusalCode.CHOICES_UNAVAILABLE)
        try:
            # A look that began before would not see the change, and count as a fresh one.
            async with asyncio.timeout(_PATIENCE), self._reading:
                yield self._store
        except (StoreUnavailable, TimeoutError):
            raise Refusal(RefusalCode.CHOICES_UNAVAILABLE) from None
        finally:
            self._stale_at = 0.0

    async def _put(self, store: Store, note: str, *, instead_of: str = "") -> None:
        name, seal = await self._where()
        # First the new one: of a process that dies in between both stay, and a block counts.
        await store.leave(name, seal.closed(note), seconds=PREFERENCES_FOR)
        if instead_of:
            await store.take_back(name, seal.closed(instead_of))

    async def _remove(self, store: Store, note: str) -> None:
        name, seal = await self._where()
        await store.take_back(name, seal.closed(note))

    async def _where(self) -> tuple[str, Seal]:
        """The name that the notes lie under, and how they are encrypted."""
        if self._notes is None:
            root = hmac.digest(await self._key(), b"access rules", "sha512")
            self._notes = hmac.digest(root, b"name", "sha256").hex(), Seal(root)
        return self._notes


# --- how often


class RateLimit:
    """So many requests a minute, over all processes of a store; a limit of 0 is none.

    While the store cannot be reached nobody is limited: the queue has bounds of its own.
    """

    def __init__(
        self, store: Store | None, *, person_per_minute: int, chat_per_minute: int
    ) -> None:
        self._store = store
        self._person, self._chat = person_per_minute, chat_per_minute
        self._away = False

    async def take(self, *, person: str, chat: str) -> None:
        """Count a request of a person in a chat, both keyed hashes. Raises Refusal: slow-down."""
        for who, limit in ((person, self._person), (chat, self._chat)):
            if self._store is None or not who or limit <= 0:
                continue
            try:
                async with asyncio.timeout(_LIMIT_PATIENCE):
                    wait = await self._store.wait_for_turn(who, limit=limit, seconds=_MINUTE)
            except (StoreUnavailable, TimeoutError):
                if not self._away:
                    log.warning("the store cannot be reached; nobody is limited until it is back")
                self._away = True
                continue
            self._away = False
            if wait:
                raise Refusal(RefusalCode.SLOW_DOWN, retry_after=wait)
