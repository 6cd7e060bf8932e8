"""How often people and chats may ask: so many times a minute, over all processes of a store."""

from __future__ import annotations

import asyncio
import logging

from bot.chat.models import sorry
from bot.store.base import Store, StoreUnavailable

log = logging.getLogger(__name__)

_MINUTE = 60.0
_PATIENCE = 2.0  # seconds that the store may take; nobody waits longer for a limit


class Turns:
    """The turns of people and chats; a limit of 0 is none.

    While the store cannot be reached nobody is limited: the queue has bounds of its own.
    """

    def __init__(
        self, store: Store | None, *, person_per_minute: int, chat_per_minute: int
    ) -> None:
        self._store = store
        self._person, self._chat = person_per_minute, chat_per_minute
        self._away = False

    async def take(self, *, person: str, chat: str) -> None:
        """Take a turn of a person and of a chat, both by keyed hashes. Raises Sorry: slow-down."""
        for who, limit in ((person, self._person), (chat, self._chat)):
            if self._store is None or not who or limit <= 0:
                continue
            if wait := await self._wait(self._store, who, limit):
                raise sorry("slow-down", retry_after=wait)

    async def _wait(self, store: Store, who: str, limit: int) -> float:
        try:
            async with asyncio.timeout(_PATIENCE):
                wait = await store.wait_for_turn(who, limit=limit, seconds=_MINUTE)
        except (StoreUnavailable, TimeoutError):
            if not self._away:
                log.warning("the store cannot be reached; nobody is limited until it is back")
            self._away = True
            return 0.0
        self._away = False
        return wait
