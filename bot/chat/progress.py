"""“typing …” in a chat for as long as somebody waits there."""

from __future__ import annotations

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Hashable
from functools import partial
from typing import ClassVar, Generic, Protocol, TypeVar

from bot.chat.models import Place

log = logging.getLogger(__name__)

_LONGEST = 180.0  # seconds: by then the answer may have gone out by way of another process

P_contra = TypeVar("P_contra", bound=Place, contravariant=True)


class Indicator(Protocol[P_contra]):
    """How a platform shows that somebody waits."""

    every: ClassVar[float]  # seconds after which `show` is called again

    @abstractmethod
    def spot(self, place: P_contra) -> Hashable:
        """Where it is shown: the same for all who see it there."""

    @abstractmethod
    async def show(self, place: P_contra) -> bool:
        """Show it for a few seconds; False where that can never be."""


class Progress(Generic[P_contra]):
    """Who waits for what. A key is in use from `begin` to `end`, or three minutes at most.

    However many wait in a chat, it is shown there once: the platform and our own connections
    would have more to do with a burst's signs than with its photos.
    """

    def __init__(self, indicator: Indicator[P_contra]) -> None:
        self._shown: Indicator[P_contra] = indicator
        self._spots: dict[str, Hashable] = {}  # by key
        self._keys: dict[Hashable, dict[str, float]] = {}  # and until when each is waited for
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}

    def begin(self, key: str, place: P_contra) -> bool:
        """Show that something is coming; False if it was being shown for this key already."""
        if key in self._spots:
            return False
        spot = self._spots[key] = self._shown.spot(place)
        until = asyncio.get_running_loop().time() + _LONGEST
        self._keys.setdefault(spot, {})[key] = until
        if spot not in self._tasks:
            task = asyncio.create_task(self._show(spot, place), name=f"waiting {spot}")
            self._tasks[spot] = task
            task.add_done_callback(partial(self._forget, spot))
        return True

    def end(self, key: str) -> None:
        """The answer is there, or there will be none."""
        if key in self._spots:
            self._drop(key)

    async def close(self) -> None:
        """Stop showing anything."""
        shown = list(self._tasks.values())
        for known in (self._tasks, self._keys, self._spots):
            known.clear()
        for task in shown:
            task.cancel()
        await asyncio.gather(*shown, return_exceptions=True)

    def _drop(self, key: str) -> None:
        """Nobody waits for a key; with the last one of a spot its sign ends."""
        spot = self._spots.pop(key)
        del self._keys[spot][key]
        if not self._keys[spot]:
            del self._keys[spot]
            self._tasks.pop(spot).cancel()

    def _forget(self, spot: Hashable, task: asyncio.Task[None]) -> None:
        if self._tasks.get(spot) is task:  # nothing can be shown there
            for key in list(self._keys[spot]):
                self._drop(key)

    async def _show(self, spot: Hashable, place: P_contra) -> None:
        clock = asyncio.get_running_loop().time
        while keys := self._keys.get(spot):
            if not await self._shown.show(place):
                return
            await asyncio.sleep(self._shown.every)
            for key in [key for key, until in keys.items() if until <= clock()]:
                self._drop(key)
