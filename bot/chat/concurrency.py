"""How much of what is done for everybody in turn one person may take at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

AT_ONCE = 2  # files of one person are fetched while others of theirs are opened


@dataclass(slots=True)
class _Share:
    room: asyncio.Semaphore
    users: int = 0  # inside, or waiting to be


class Shares:
    """Room for a few requests of each person.

    Photos are opened in the order they come. With everybody's own queue before that one, whoever
    sends a hundred waits for themselves, and the next person behind two of them.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._shares: dict[str, _Share] = {}

    def __len__(self) -> int:
        return len(self._shares)

    @asynccontextmanager
    async def of(self, person: str) -> AsyncIterator[None]:
        """Room while the context lasts; waits until there is some."""
        share = self._shares.setdefault(person, _Share(asyncio.Semaphore(self._at_once)))
        share.users += 1
        try:
            async with share.room:
                yield
        finally:
            share.users -= 1
            if not share.users:
                del self._shares[person]
