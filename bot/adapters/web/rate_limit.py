"""How often one address may ask: so many turns a minute, over all processes of a store."""

from __future__ import annotations

from bot.adapters.web.problems import Problem
from bot.chat import rate_limit
from bot.chat.models import sorry
from bot.chat.service import RETRY_AFTER_OUTAGE, Desk, Sorry
from bot.store.base import Store, StoreUnavailable


class AddressTurns:
    """Bounds what one address asks for; no address is ever kept, only its keyed hash."""

    def __init__(self, store: Store, desk: Desk, *, per_minute: int) -> None:
        self._store, self._desk, self._per_minute = store, desk, per_minute
        self._turns: dict[int, rate_limit.Turns] = {}  # by limit

    async def take(self, person: str, *, per_minute: int | None = None) -> None:
        """Take a turn, with a limit of its own if need be. Raises Problem: slow_down, …"""
        limit = self._per_minute if per_minute is None else per_minute
        turns = self._turns.get(limit)
        if turns is None:
            turns = rate_limit.Turns(self._store, person_per_minute=limit, chat_per_minute=0)
            self._turns[limit] = turns
        await self._desk.prepare()
        try:
            await turns.take(person=self._desk.hashed("address", person), chat="")
        except Sorry as refused:
            raise Problem.of(refused) from None
        except StoreUnavailable:
            away = sorry("queue-unavailable", retry_after=RETRY_AFTER_OUTAGE)
            raise Problem.of(away) from None
