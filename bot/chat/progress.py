"""“typing …” in a chat for as long as somebody waits there, and a word on how long that may be."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import ClassVar, Generic, Protocol, TypeVar

from bot.chat.models import Place

log = logging.getLogger(__name__)

_LONGEST = 180.0  # seconds: by then the answer may have gone out by way of another process
_TELL_AFTER = 1.0  # seconds: whom we answer sooner need not be told that they wait
_NOTE_LONGEST = 3600.0  # seconds
_CLOSE_SECONDS = 5.0

P_contra = TypeVar("P_contra", bound=Place, contravariant=True)
Remove = Callable[[], Awaitable[None]]


class Indicator(Protocol[P_contra]):
    """How a platform shows that somebody waits."""

    every: ClassVar[float]  # seconds after which `show` is called again

    @abstractmethod
    def spot(self, place: P_contra) -> Hashable:
        """Where it is shown: the same for all who see it there."""

    @abstractmethod
    async def show(self, place: P_contra) -> bool:
        """Show it for a few seconds; False where that can never be."""

    @abstractmethod
    async def note(self, place: P_contra, text: str) -> Remove | None:
        """Say something until the answer is there; what takes it away, None if it was not said."""


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
        self._notes: dict[str, tuple[asyncio.Event, asyncio.Task[None]]] = {}

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

    def tell(self, key: str, place: P_contra, text: str) -> None:
        """Say something to who waits for a key, unless the answer comes first.

        The message is taken away when the answer is there.
        """
        if key not in self._spots or key in self._notes:
            return
        over = asyncio.Event()
        task = asyncio.create_task(self._note(place, text, over), name=f"note {key}")
        self._notes[key] = (over, task)
        task.add_done_callback(lambda _: self._notes.pop(key, None))

    def end(self, key: str) -> None:
        """The answer is there, or there will be none."""
        if key in self._spots:
            self._drop(key)
        if note := self._notes.get(key):
            note[0].set()

    async def close(self) -> None:
        """Stop showing anything; what was said about waiting is taken away."""
        shown, notes = list(self._tasks.values()), list(self._notes.values())
        for known in (self._tasks, self._keys, self._spots):
            known.clear()
        for over, _ in notes:
            over.set()
        for task in shown:
            task.cancel()
        if notes:
            _, late = await asyncio.wait({task for _, task in notes}, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
        await asyncio.gather(*shown, *(task for _, task in notes), return_exceptions=True)

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

    async def _note(self, place: P_contra, text: str, over: asyncio.Event) -> None:
        if await _within(_TELL_AFTER, over):
            return
        if remove := await self._shown.note(place, text):
            await _within(_NOTE_LONGEST, over)
            await remove()


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Whether something happens within a time; returns as soon as it does."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
