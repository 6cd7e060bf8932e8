"""What people and groups have chosen, what was said already, and counts: the store, by Telegram's
ids.

Whatever is looked up falls back to what is so for everybody where the store is out of reach: no
answer waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

from telegram import User

from bot.chat.service import Desk
from bot.store import Preferences, Store, StoreUnavailable

log = logging.getLogger(__name__)

_SECONDS = 2.0  # that a look may take
_DAY = 86_400.0
_OUT_OF_REACH = (StoreUnavailable, TimeoutError)


class Choices:
    """The store. What it knows of somebody is kept under a keyed hash (see Desk.hashed)."""

    def __init__(self, desk: Desk, store: Store) -> None:
        self._desk = desk
        self._store = store

    async def of_person(self, person: int) -> Preferences:
        """What somebody has chosen."""
        return await self._looked_up("person", person)

    async def of_chat(self, chat: int) -> Preferences:
        """What the admins of a group have chosen."""
        return await self._looked_up("chat", chat)

    async def language(self, user: User | None) -> str | None:
        """What a person reads: the language chosen, or else what Telegram says."""
        if user is None:
            return None
        return (await self.of_person(user.id)).language or user.language_code

    async def choose(self, person: int, **changes: Any) -> None:  # noqa: ANN401 - any preference
        """Remember what a person chose. Raises StoreUnavailable."""
        await self._change("person", person, changes)

    async def choose_for_chat(self, chat: int, **changes: Any) -> None:  # noqa: ANN401 - any preference
        """Remember what was chosen for a group. Raises StoreUnavailable."""
        await self._change("chat", chat, changes)

    async def forget_person(self, person: int) -> None:
        """Remove everything that is kept of a person. Raises StoreUnavailable."""
        await self._store.forget(await self._who("person", person))

    async def forget_chat(self, chat: int) -> None:
        """Remove everything that is kept of a group. Raises StoreUnavailable."""
        await self._store.forget(await self._who("chat", chat))

    async def move_chat(self, old: int, new: int) -> None:
        """A group has a new id, and keeps its choices. Raises StoreUnavailable."""
        chosen = await self._store.preferences(await self._who("chat", old))
        await self._store.set_preferences(await self._who("chat", new), chosen)
        await self.forget_chat(old)

    async def counts(self) -> dict[str, int]:
        """What was counted in the last week. Raises StoreUnavailable."""
        return await self._store.counts()

    async def count(self, what: str) -> None:
        """Count something that happened on Telegram, if that can be."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._store.count(f"telegram.{what}")
        except _OUT_OF_REACH:
            log.debug("telegram: something could not be counted")

    async def first(self, what: str, *, seconds: float = _DAY) -> bool:
        """Whether this is the first time in a while, of all processes; then later ones are not."""
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._store.once(await self._key(what), seconds=seconds)
        except _OUT_OF_REACH:
            return True

    async def was(self, what: str) -> bool:
        """Whether `first` was asked for it."""
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._store.seen(await self._key(what))
        except _OUT_OF_REACH:
            return False

    async def leave(self, what: str, note: str, *, seconds: float) -> None:
        """Leave a note for the process that collects it. Raises StoreUnavailable."""
        await self._store.leave(await self._key(what), note, seconds=seconds)

    async def collect(self, what: str) -> list[str]:
        """Take the notes. Raises StoreUnavailable."""
        return await self._store.collect(await self._key(what))

    async def notes(self, what: str) -> list[str]:
        """The notes, which stay there. Raises StoreUnavailable."""
        return await self._store.notes(await self._key(what))

    async def take_back(self, what: str, note: str) -> None:
        """Remove a note that was left. Raises StoreUnavailable."""
        await self._store.take_back(await self._key(what), note)

    async def _looked_up(self, kind: str, ident: int) -> Preferences:
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._store.preferences(await self._who(kind, ident))
        except _OUT_OF_REACH as error:
            log.info("telegram: choices cannot be looked up: %s", type(error).__name__)
            return Preferences()

    async def _change(self, kind: str, ident: int, changes: dict[str, Any]) -> None:
        who = await self._who(kind, ident)
        chosen = await self._store.preferences(who)
        await self._store.set_preferences(who, replace(chosen, **changes))

    async def _who(self, kind: str, ident: int) -> str:
        await self._desk.prepare()
        return self._desk.hashed(kind, str(ident))

    async def _key(self, what: str) -> str:
        await self._desk.prepare()
        return self._desk.hashed("once", what)
