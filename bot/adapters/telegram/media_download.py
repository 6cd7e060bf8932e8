"""Pictures on Telegram's servers → photos for a job, and what the answer must know of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Bot

from bot.adapters.telegram.media import DOWNLOAD_LIMIT, Picture, fetch
from bot.chat.models import sorry
from bot.chat.service import Desk, Sorry
from bot.media.sanitizer import CleanPhoto, Refused
from bot.media.video import Moment, VideoIntake
from captioner.queue.messages import Context


@dataclass(frozen=True, slots=True)
class Gathered:
    """One photo or more, and the part of the job's context that tells what they are."""

    photos: tuple[bytes | CleanPhoto, ...]
    context: Context


class Gathering:
    """Fetches pictures; those that move are watched by `video`, if there is one."""

    def __init__(self, bot: Bot, desk: Desk, video: VideoIntake | None, *, max_bytes: int) -> None:
        self._bot = bot
        self._desk = desk
        self._video = video
        self._max_bytes = max_bytes

    async def gather(self, pictures: Sequence[Picture | None], if_gone: str) -> Gathered:
        """Everything there is to caption; of an album, what can be. Raises Sorry.

        `if_gone` is the code of that Sorry where Telegram no longer has a file.
        """
        if len(pictures) > 1:
            return await self._album(pictures, if_gone)
        (picture,) = pictures
        if picture is not None and picture.moving:
            moments = await self._moments(picture, if_gone)
            return Gathered(
                tuple(moment.photo for moment in moments),
                {
                    "times": ",".join(f"{moment.seconds:.2f}" for moment in moments),
                    "length": max(moment.end for moment in moments),
                },
            )
        return Gathered((await self._fetched(picture, if_gone),), {})

    async def _album(self, pictures: Sequence[Picture | None], if_gone: str) -> Gathered:
        found = await asyncio.gather(*(self._one(picture, if_gone) for picture in pictures))
        photos = tuple(one for one in found if isinstance(one, CleanPhoto))
        refused = [(n, one) for n, one in enumerate(found) if isinstance(one, Sorry)]
        if not photos:
            raise refused[0][1]
        told = [[n, why.code, why.args_for_text] for n, why in refused]
        return Gathered(photos, {"count": len(pictures), "refused": json.dumps(told)})

    async def _one(self, picture: Picture | None, if_gone: str) -> CleanPhoto | Sorry:
        """One picture of an album, or why it is left out; of a video the first moment."""
        try:
            if picture is not None and picture.moving:
                return (await self._moments(picture, if_gone))[0].photo
            return await self._desk.clean(await self._fetched(picture, if_gone))
        except Sorry as why:
            return why

    async def _moments(self, picture: Picture, if_gone: str) -> list[Moment]:
        if self._video is None:
            raise _no_videos()
        data = await fetch(self._bot, picture, limit=DOWNLOAD_LIMIT, if_gone=if_gone)
        try:
            moments = await self._video.moments(data)
        except Refused as refused:
            raise sorry(refused.reason.value, refused.args_for_text) from None
        if not moments:
            raise sorry("damaged")
        return moments

    async def _fetched(self, picture: Picture | None, if_gone: str) -> bytes:
        if picture is None:
            raise _no_videos()
        return await fetch(self._bot, picture, limit=self._max_bytes, if_gone=if_gone)


def _no_videos() -> Sorry:
    return sorry("unsupported", {"kind": "video"})
