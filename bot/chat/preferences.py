"""What people and chats have chosen, what was said already, and counts: the store, by who is who.

Whatever is looked up falls back to the default where the store is out of reach: no answer waits
for it. What cannot be changed is refused as `choices-unavailable`.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.service import CaptionService
from bot.store import Preferences, Store, StoreUnavailable
from captioner.queue.messages import Length

log = logging.getLogger(__name__)

Id = int | str
_SECONDS = 1.0  # that a look may take: Discord waits three for an answer
_DAY = 86_400.0
OUT_OF_REACH = (StoreUnavailable, TimeoutError)


def length_of(chosen: Preferences) -> Length:
    """How long somebody wants captions; short where that was never chosen."""
    return Length(chosen.length) if chosen.length in set(Length) else Length.SHORT


class PreferenceService:
    """Choices of one platform's people and chats; without a store nobody can choose anything.

    What is known of somebody is kept under a keyed hash (see CaptionService.hashed).
    """

    def __init__(self, service: CaptionService, store: Store | None) -> None:
        self._service = service
        self._store = store

    # --- choices

    async def of_person(self, person: Id) -> Preferences:
        """What somebody has chosen."""
        return await self._looked_up("person", person)

    async def language(self, person: Id, otherwise: str | None) -> str | None:
        """What a person reads: the language chosen, or else what the platform says."""
        return (await self.of_person(person)).language or otherwise

    async def answers_all(self, *chats: Id) -> bool:
        """Whether every photo is answered in one of these: a thread and its channel."""
        for chat in chats:
            if (await self._looked_up("chat", chat)).auto:
                return True
        return False

    async def choose(self, person: Id, **changes: Any) -> None:  # noqa: ANN401 - any preference
        """Remember what a person chose. Raises Refusal."""
        await self._change("person", person, changes)

    async def choose_for_chat(self, chat: Id, *, auto: bool) -> None:
        """Remember what was chosen for a chat. Raises Refusal."""
        await self._change("chat", chat, {"auto": auto})

    async def forget_person(self, person: Id) -> None:
        """Remove everything that is kept of a person. Raises Refusal."""
        await self._forget("person", person)

    async def forget_chat(self, chat: Id) -> None:
        """Remove everything that is kept of a chat. Raises Refusal."""
        await self._forget("chat", chat)

    async def move_chat(self, old: Id, new: Id) -> None:
        """A chat has a new id, and keeps its choices. Raises Refusal."""
        if self._store is None:
            return
        try:
            chosen = await self._store.preferences(await self._who("chat", old))
            await self._store.set_preferences(await self._who("chat", new), chosen)
        except StoreUnavailable:
            raise Refusal(RefusalCode.CHOICES_UNAVAILABLE) from None
        await self.forget_chat(old)

    # --- counts

    async def counts(self) -> dict[str, int]:
        """What was counted in the last week. Raises Refusal."""
        try:
            return await self._store.counts() if self._store else {}
        except StoreUnavailable:
            raise Refusal(RefusalCode.CHOICES_UNAVAILABLE) from None

    async def count(self, what: str) -> None:
        """Count something that happened on this platform, if that can be."""
        if self._store is None:
            return
        try:
            async with asyncio.timeout(_SECONDS):
                await self._store.count(f"{self._service.platform}.{what}")
        except OUT_OF_REACH:
            log.debug("%s: something could not be counted", self._service.platform)

    # --- what is done once

    async def first(self, what: str, *, seconds: float = _DAY) -> bool:
        """Whether this is the first time in a while, of all processes; then later ones are not."""
        if self._store is None:
            return True
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._store.once(await self._who("once", what), seconds=seconds)
        except OUT_OF_REACH:
            return True

    async def was(self, what: str) -> bool:
        """Whether `first` was asked for it."""
        if self._store is None:
            return False
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._store.seen(await self._who("once", what))
        except OUT_OF_REACH:
            return False

    async def _looked_up(self, kind: str, ident: Id) -> Preferences:
        if self._store is None:
            return Preferences()
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._store.preferences(await self._who(kind, ident))
        except OUT_OF_REACH as error:
            platform, why = self._service.platform, type(error).__name__
            log.info("%s: choices cannot be looked up: %s", platform, why)
            return Preferences()

    async def _change(self, kind: str, ident: Id, changes: dict[str, Any]) -> None:
        if self._store is None:
            raise Refusal(RefusalCode.CHOICES_UNAVAILABLE)
        try:
            who = await self._who(kind, ident)
            chosen = await self._store.preferences(who)
            await self._store.set_preferences(who, replace(chosen, **changes))
        except StoreUnavailable:
            raise Refusal(RefusalCode.CHOICES_UNAVAILABLE) from None

    async def _forget(self, kind: str, ident: Id) -> None:
        if self._store is None:
            return
        try:
            await self._store.forget(await self._who(kind, ident))
        except StoreUnavailable:
            raise Refusal(RefusalCode.CHOICES_UNAVAILABLE) from None

    async def _who(self, kind: str, ident: Id) -> str:
        """The name under which the store knows a person, a chat or something done once."""
        await self._service.prepare()
        return self._service.hashed(kind, str(ident))
