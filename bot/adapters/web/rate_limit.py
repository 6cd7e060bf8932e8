"""How often one address may ask: so many turns a minute, over all processes of a store."""

from __future__ import annotations

from bot.adapters.web.problems import Problem
from bot.chat.rate_limit import RateLimit
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService, unavailable
from bot.store.base import Store, StoreUnavailable


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
