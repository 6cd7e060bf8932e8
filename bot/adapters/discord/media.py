"""From attachments to clean photos: stills as they are, moving pictures as their key moments."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import discord

from bot.adapters.discord.downloads import Downloads
from bot.adapters.discord.media_manifest import ONE_PHOTO, Film, Moment, Part, Refusal, Still
from bot.adapters.discord.photos import check, sorry
from bot.chat.service import Desk, Sorry
from bot.media.sanitizer import CleanPhoto, Refused
from bot.media.sniff import is_moving
from bot.media.video import VideoIntake
from captioner.queue.messages import MAX_PHOTOS

log = logging.getLogger(__name__)

_AT_ONCE = 8  # people whose files are in memory at a time
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Collected:
    """Photos for a job, at least one, and what each of them is.

    A photo alone is as it came: the desk looks whether it is somebody's turn before it is opened.
    """

    photos: tuple[bytes | CleanPhoto, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What one attachment holds: photos, for a film their times, and how long it is."""

    photos: tuple[bytes | CleanPhoto, ...]
    times: tuple[float, ...] = ()
    duration: float = 0.0


class Collector:
    """Fetches and cleans attachments; `video` watches those that move, if there is anybody.

    Whoever collects holds one of `turns` for as long as what was collected is in memory.
    """

    def __init__(self, desk: Desk, downloads: Downloads, video: VideoIntake | None) -> None:
        self._desk = desk
        self._downloads = downloads
        self._video = video
        self.turns = asyncio.Semaphore(_AT_ONCE)

    def check(self, attachment: discord.Attachment) -> None:
        """Refuse what can be refused without fetching it. Raises Sorry."""
        check(attachment, self._downloads.max_bytes, films=self._video is not None)

    async def collect(self, attachments: Sequence[discord.Attachment]) -> Collected:
        """What can be captioned of the attachments. Raises Sorry where that is nothing.

        One of several that cannot be used is a part of its own: it spoils none of the others.
        """
        if len(attachments) == 1:
            part, photos = _part(0, await self._found(attachments[0]), MAX_PHOTOS)
            return Collected(tuple(photos), (part,))
        return await self._album(attachments[:MAX_PHOTOS])

    async def one(self, attachment: discord.Attachment, moment: int | None) -> Collected:
        """The photo in an attachment, or one moment of a film. Raises Sorry."""
        found = await self._found(attachment)
        try:
            return Collected((found.photos[moment or 0],), ONE_PHOTO)
        except IndexError:
            raise sorry("photo-expired") from None

    async def _album(self, attachments: Sequence[discord.Attachment]) -> Collected:
        """One after the other, so that only one file is in memory as it came."""
        photos: list[bytes | CleanPhoto] = []
        parts: list[Part] = []
        refusals: list[Sorry] = []
        for at, attachment in enumerate(attachments):
            room = MAX_PHOTOS - len(photos) - (len(attachments) - at - 1)
            try:
                found = await self._found(attachment)
                part, chosen = _part(at, await self._cleaned(found), room)
            except Sorry as refused:
                refusals.append(refused)
                part, chosen = Refusal(code=refused.code, args=dict(refused.args_for_text)), []
            parts.append(part)
            photos += chosen
        if not photos:
            raise refusals[0] if refusals else sorry("no-picture-in-message")
        return Collected(tuple(photos), tuple(parts))

    async def _cleaned(self, found: _Found) -> _Found:
        first = found.photos[0]
        if isinstance(first, CleanPhoto):
            return found
        return _Found((await self._guarded(self._desk.clean(first)),))

    async def _found(self, attachment: discord.Attachment) -> _Found:
        """What there is in an attachment. Raises Sorry."""
        self.check(attachment)
        data = await self._downloads.fetch(attachment)
        if self._video is None or not is_moving(data):
            return _Found((data,))
        moments = await self._guarded(self._video.moments(data))
        photos = tuple(moment.photo for moment in moments)
        if len(photos) == 1:
            return _Found(photos)
        return _Found(photos, tuple(moment.seconds for moment in moments), moments[-1].end)

    async def _guarded(self, opening: Awaitable[T]) -> T:
        """What comes of opening a file; raises Sorry where anything goes wrong."""
        try:
            return await opening
        except Refused as refused:
            raise sorry(refused.reason.value, **refused.args_for_text) from None
        except Sorry:
            raise
        except Exception as error:
            log.exception("discord: an attachment could not be looked at")
            raise sorry("internal") from error


def _part(at: int, found: _Found, room: int) -> tuple[Part, list[bytes | CleanPhoto]]:
    """A part for what an attachment holds, and its photos: at most `room`, evenly spread."""
    if not found.times:
        return Still(at=at), [found.photos[0]]
    step = max(1.0, len(found.times) / room)
    numbers = sorted({int(n * step) for n in range(min(room, len(found.times)))})
    moments = tuple(Moment(number=n, seconds=found.times[n]) for n in numbers)
    film = Film(at=at, moments=moments, duration=found.duration)
    return film, [found.photos[n] for n in numbers]
