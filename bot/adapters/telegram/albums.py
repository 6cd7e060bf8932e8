"""Albums: Telegram delivers each photo of one by itself, and never says that it was the last."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from telegram import Message

from bot.adapters.telegram.media import Picture
from bot.chat.pending import Notes
from captioner.queue.messages import MAX_PHOTOS

log = logging.getLogger(__name__)

SETTLE = 1.0  # seconds without another photo, and an album is complete
_NOTES_FOR = 600.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message of an album as all processes of a bot need to know it; nothing of its author."""

    message: int
    picture: Picture | None  # None where there is nothing that we look at
    wish: str = ""  # what its text asks for


class Albums:
    """Collects the messages of an album and hands them on together, in order, once.

    The items meet in the store, for where several processes answer for one bot each may get some
    of them; whoever collects them has them all. A photo that comes late is an album of its own.
    """

    def __init__(
        self,
        notes: Notes,
        handle: Callable[[Message, Sequence[Item]], Awaitable[None]],
        *,
        settle: float = SETTLE,
    ) -> None:
        self._notes = notes
        self._handle = handle
        self._settle = settle
        self._open: dict[str, _Album] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, message: Message, item: Item) -> None:
        """Add a message; returns when its album is dealt with, so that none is lost before."""
        key = f"album:{message.chat.id}:{message.media_group_id}"
        note = _written(item)
        if not await self._notes.leave(key, note, seconds=_NOTES_FOR):
            log.info("telegram: an album is collected without the store")
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

    async def close(self) -> None:
        """Give up what is being collected; Telegram delivers it again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deal_with(self, key: str, album: _Album) -> None:
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
        items = sorted(map(_read, notes), key=lambda item: item.message)
        if items:  # otherwise another process collected them
            await self._handle(album.message, items[:MAX_PHOTOS])


class _Album:
    def __init__(self, message: Message) -> None:
        self.message = message
        self.notes: set[str] = set()
        self.grown = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


def _written(item: Item) -> str:
    picture = item.picture
    told = [picture.file_id, picture.size, picture.moving] if picture else None
    return json.dumps([item.message, told, item.wish])


def _read(note: str) -> Item:
    message, told, wish = json.loads(note)
    return Item(message=message, picture=Picture(*told) if told else None, wish=wish)
