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
        self._desk = desk
        self._turns = rate_limit.Turns(store, person_per_minute=per_minute, chat_per_minute=0)

    async def take(self, person: str) -> None:
        """Take a turn. Raises Problem: slow_down, queue_unavailable."""
        await self._desk.prepare()
        try:
            await self._turns.take(person=self._desk.hashed("address", person), chat="")
        except Sorry as refused:
            raise Problem.of(refused) from None
        except StoreUnavailable:
            away = sorry("queue-unavailable", retry_after=RETRY_AFTER_OUTAGE)
            raise Problem.of(away) from None
