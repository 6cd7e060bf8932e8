"""What people and channels have chosen, and that they can take it back."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

from bot.adapters.discord.photos import sorry
from bot.chat.service import Desk
from bot.store import Preferences, Store, StoreUnavailable

log = logging.getLogger(__name__)

_NONE = Preferences()
_SECONDS = 1.0  # that looking something up may take: Discord waits three for an answer


class Choices:
    """The store, by who is who on Discord; without one, nobody has chosen anything."""

    def __init__(self, desk: Desk, store: Store | None) -> None:
        self._desk = desk
        self._store = store

    async def of_person(self, person: int) -> Preferences:
        """What somebody has chosen; the defaults where that cannot be found out now."""
        return await self._looked_up("person", person)

    async def language(self, person: int, otherwise: str) -> str:
        """What a person reads: the language chosen, or else what the platform says."""
        return (await self.of_person(person)).language or otherwise

    async def answers_all(self, *channels: int) -> bool:
        """Whether every photo is answered in one of these: a thread and its channel."""
        for channel in channels:
            if (await self._looked_up("chat", channel)).auto:
                return True
        return False

    async def choose(self, person: int, **changes: Any) -> None:  # noqa: ANN401 - any preference
        """Remember what a person chose. Raises Sorry."""
        await self._change("person", person, changes)

    async def choose_for_channel(self, channel: int, *, auto: bool) -> None:
        """Remember what was chosen for a channel. Raises Sorry."""
        await self._change("chat", channel, {"auto": auto})

    async def forget(self, person: int) -> None:
        """Remove everything that is kept of a person. Raises Sorry."""
        if self._store is None:
            return
        try:
            await self._store.forget(await self._who("person", person))
        except StoreUnavailable:
            raise sorry("choices-unavailable") from None

    async def counts(self) -> dict[str, int]:
        """What was counted in the last week. Raises Sorry."""
        try:
            return await self._store.counts() if self._store else {}
        except StoreUnavailable:
            raise sorry("choices-unavailable") from None

    async def count(self, what: str) -> None:
        """Count something that happened on Discord, if that can be."""
        if self._store is None:
            return
        try:
            async with asyncio.timeout(_SECONDS):
                await self._store.count(f"discord.{what}")
        except (StoreUnavailable, TimeoutError) as error:
            log.debug("discord: something could not be counted: %s", type(error).__name__)

    async def leave(self, what: str, note: str, *, seconds: float) -> bool:
        """Leave a note for the process that collects it; False where that cannot be now."""
        if self._store is None:
            return True  # there is no other process to leave it for
        try:
            async with asyncio.timeout(_SECONDS):
                await self._store.leave(f"discord:{what}", note, seconds=seconds)
        except (StoreUnavailable, TimeoutError) as error:
            log.info("discord: a note could not be left: %s", type(error).__name__)
            return False
        return True

    async def notes(self, what: str) -> list[str]:
        """The notes that processes left. Raises StoreUnavailable."""
        return await self._store.notes(f"discord:{what}") if self._store else []

    async def take_back(self, what: str, note: str) -> None:
        """Remove a note, if that can be; it goes by itself otherwise."""
        if self._store is None:
            return
        try:
            async with asyncio.timeout(_SECONDS):
                await self._store.take_back(f"discord:{what}", note)
        except (StoreUnavailable, TimeoutError) as error:
            log.info("discord: a note could not be taken back: %s", type(error).__name__)

    async def _looked_up(self, kind: str, number: int) -> Preferences:
        if self._store is None:
            return _NONE
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._store.preferences(await self._who(kind, number))
        except (StoreUnavailable, TimeoutError) as error:
            log.info("discord: choices cannot be looked up: %s", type(error).__name__)
            return _NONE

    async def _change(self, kind: str, number: int, changes: dict[str, Any]) -> None:
        if self._store is None:
            raise sorry("choices-unavailable")
        try:
            who = await self._who(kind, number)
            chosen = await self._store.preferences(who)
            await self._store.set_preferences(who, replace(chosen, **changes))
        except StoreUnavailable:
            raise sorry("choices-unavailable") from None

    async def _who(self, kind: str, number: int) -> str:
        """The name under which the store knows a person or a channel ("chat")."""
        await self._desk.prepare()
        return self._desk.hashed(kind, str(number))
