"""Small clean photos, kept in memory for a while so that their animation can be made."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.locales import ENGLISH
from bot.media.sanitizer import CleanPhoto
from captioner.queue.messages import Output


@dataclass(frozen=True, slots=True)
class Media:
    """A file to download."""

    body: bytes
    content_type: str


@dataclass(slots=True)
class Kept:
    """A photo, and what has been made of it so far."""

    photo: CleanPhoto
    timer: asyncio.TimerHandle
    language: str  # of its captions
    media: dict[Output, Media] = field(default_factory=dict)
    making: asyncio.Lock = field(default_factory=asyncio.Lock)  # one job at a time for a photo
    forgotten: bool = False

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.photo.jpeg) + sum(len(media.body) for media in self.media.values())


class PhotoStore:
    """Forgets each photo after `seconds`, and the least recently used when there are too many.

    Nothing is written anywhere. Ids cannot be guessed, so who has one may see the photo.
    """

    def __init__(self, *, seconds: float, max_photos: int, max_bytes: int) -> None:
        self._seconds, self._max_photos, self._max_bytes = seconds, max_photos, max_bytes
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self.size = 0  # bytes held

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, photo: CleanPhoto, *, language: str = ENGLISH) -> str:
        """Keep a photo that has captions in a language; its id."""
        key = secrets.token_urlsafe(18)
        timer = asyncio.get_running_loop().call_later(self._seconds, self._forget, key)
        self._kept[key] = Kept(photo, timer, language)
        self.size += self._kept[key].size
        self._shrink()
        return key

    def get(self, key: str) -> Kept | None:
        """The photo, unless it was forgotten."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def add(self, kept: Kept, output: Output, media: Media) -> None:
        """Keep with a photo what was made of it, for as long as the photo."""
        before = kept.size
        kept.media[output] = media
        if not kept.forgotten:  # while it was made
            self.size += kept.size - before
            self._shrink()

    def clear(self) -> None:
        """Forget everything now."""
        for key in list(self._kept):
            self._forget(key)

    def _shrink(self) -> None:
        while self._kept and (len(self) > self._max_photos or self.size > self._max_bytes):
            self._forget(next(iter(self._kept)))

    def _forget(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            kept.timer.cancel()
            kept.forgotten = True
            self.size -= kept.size
