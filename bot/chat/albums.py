"""Albums of platforms that bring each photo by itself and never say that it was the last."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Generic, TypeVar

from bot.chat.pending import Notes
from bot.store import StoreUnavailable
from captioner.queue.messages import MAX_PHOTOS

log = logging.getLogger(__name__)

SETTLE = 1.0  # seconds without another photo, and an album is complete
_NOTES_FOR = 600.0  # seconds
_KNOWN_FOR = 3600.0  # seconds for which the album of a photo can be asked about

M = TypeVar("M")  # a platform's message


class Albums(Generic[M]):
    """Collects the messages of an album and hands them on together, once.

    Each is written down in a note, with nothing of its author. The notes meet in the store, for
    where several processes answer for one bot each may get some of them; whoever collects them has
    them all. A photo that comes late is an album of its own, with the wish of the rest.
    """

    def __init__(
        self,
        notes: Notes,
        handle: Callable[[M, list[str]], Awaitable[None]],
        *,
        settle: float = SETTLE,
    ) -> None:
        """`handle` gets one of the messages, and the notes of all of them in any order."""
        self._notes = notes
        self._handle = handle
        self._settle = settle
        self._open: dict[str, _Album[M]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, name: str, message: M, note: str) -> None:
        """Add a message; returns when its album is dealt with, so that none is lost before."""
        key = f"album:{name}"
        await self._notes.leave(f"{key}:known", note, seconds=_KNOWN_FOR)
        if not await self._notes.leave(key, note, seconds=_NOTES_FOR):
            log.info("an album is collected without the store")
        album = self._open.get(key)
        if album is None:
            album = self._open[key] = _Album(message)
            task = asyncio.create_task(self._deal_with(key, album), name=key)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            album.task = task
        album.notes.add(note)
        album.grown.set()
        if album.task is not None:
            await asyncio.shield(album.task)

    async def wish(self, name: str, wish: str) -> str:
        """What an album is asked for: this, or where that is "", what earlier photos of it were."""
        key = f"album:{name}:wish"
        if wish:
            await self._notes.leave(key, wish, seconds=_NOTES_FOR)
            return wish
        with contextlib.suppress(StoreUnavailable, TimeoutError):
            return next(iter(await self._notes.read(key)), "")
        return ""

    async def close(self) -> None:
        """Give up what is being collected; the platform delivers it again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deal_with(self, key: str, album: _Album[M]) -> None:
        try:
            while len(album.notes) < MAX_PHOTOS:
                album.grown.clear()
                async with asyncio.timeout(self._settle):
                    await album.grown.wait()
        except TimeoutError:
            pass
        finally:
            del self._open[key]
        notes = await self._notes.collect(key)
        if notes is None:
            notes = list(album.notes)
        if notes:  # otherwise another process collected them
            await self._handle(album.message, notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message of an album as all processes of a bot need to know it; nothing of its author."""

    message: int | str
    picture: Any = None  # the platform's dataclass; None where there is nothing that we look at
    wish: str = ""  # what its text asks for
    question: str = ""

    def note(self) -> str:
        """The item as a text."""
        picture = astuple(self.picture) if self.picture else None
        question = [self.question] if self.question else []
        return json.dumps([self.message, picture, self.wish, *question])


def items_in(notes: Sequence[str], kind: type[Any]) -> list[Item]:
    """The items in notes, as they were sent; their pictures are of a kind."""
    items = []
    for note in notes:
        message, picture, wish, *question = json.loads(note)
        shown = kind(*picture) if picture else None
        items.append(Item(message=message, picture=shown, wish=wish, question="".join(question)))
    return in_order(items)[:MAX_PHOTOS]


def in_order(items: Iterable[Item]) -> list[Item]:
    """Items by the numbers of their messages; where ids are no numbers, in the order given."""

    def number(item: Item) -> int:
        return int(item.message) if str(item.message).isdecimal() else 0

    return sorted(items, key=number)


async def known(notes: Notes, name: str) -> list[str]:
    """The notes of an album's messages, as far as they were seen lately, in any order."""
    try:
        return await notes.read(f"album:{name}:known")
    except (StoreUnavailable, TimeoutError):
        return []


class _Album(Generic[M]):
    def __init__(self, message: M) -> None:
        self.message = message
        self.notes: set[str] = set()
        self.grown = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
