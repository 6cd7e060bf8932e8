"""What bots remember between messages: choices, limits, counts. Its contract, and `open_store`."""

from __future__ import annotations

from bot.store.base import Preferences, Store, StoreUnavailable
from bot.store.memory import MemoryStore

__all__ = ["MemoryStore", "Preferences", "Store", "StoreUnavailable", "open_store"]


def open_store(redis_url: str | None) -> Store:
    """The store at a Redis URL, or one inside this process where there is none.

    Nothing is connected yet, so a server that is absent shows on first use. Raises ValueError,
    without the address, if it is none that Redis could have.
    """
    if redis_url is None:
        return MemoryStore()
    from bot.store.redis import RedisStore  # noqa: PLC0415 - a process without Redis needs none

    return RedisStore(redis_url)
