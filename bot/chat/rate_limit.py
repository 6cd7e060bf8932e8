"""How often people and chats may ask, and how much of it is worked on at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.chat.refusals import Refusal, RefusalCode
from bot.store.base import Store, StoreUnavailable

log = logging.getLogger(__name__)

AT_ONCE = 2  # requests of one person that are fetched and opened at a time
_MINUTE = 60.0
_PATIENCE = 2.0  # seconds that the store may take; nobody waits longer for a limit


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
                async with asyncio.timeout(_PATIENCE):
                    wait = await self._store.wait_for_turn(who, limit=limit, seconds=_MINUTE)
            except (StoreUnavailable, TimeoutError):
                if not self._away:
                    log.warning("the store cannot be reached; nobody is limited until it is back")
                self._away = True
                continue
            self._away = False
            if wait:
                raise Refusal(RefusalCode.SLOW_DOWN, retry_after=wait)


@dataclass(slots=True)
class _Room:
    free: asyncio.Semaphore
    users: int = 0  # inside, or waiting to be


class Concurrency:
    """Room for a few requests of each person at a time.

    Photos are opened in the order they come. With a queue for each person before that one,
    whoever sends a hundred waits for themselves, and the next person behind two of them.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._rooms: dict[str, _Room] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    @asynccontextmanager
    async def of(self, person: str) -> AsyncIterator[None]:
        """Room while the context lasts; waits until there is some."""
        room = self._rooms.setdefault(person, _Room(asyncio.Semaphore(self._at_once)))
        room.users += 1
        try:
            async with room.free:
                yield
        finally:
            room.users -= 1
            if not room.users:
                del self._rooms[person]
