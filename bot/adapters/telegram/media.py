"""The pictures in messages, still or moving, and their files; or why there is none."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from pathlib import PurePath

from telegram import (
    Animation,
    Bot,
    Document,
    ExternalReplyInfo,
    Message,
    PhotoSize,
    Sticker,
    Video,
    VideoNote,
)
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.chat.refusals import Refusal, RefusalCode
from bot.locales import say

log = logging.getLogger(__name__)

DOWNLOAD_LIMIT = 20_000_000  # bytes: what Telegram lets a bot fetch
ENOUGH_PIXELS = 640  # a side: the sanitizer makes it 512 at most
_IMAGE_SUFFIXES = frozenset(
    ".apng .avif .bmp .gif .heic .heif .jfif .jpe .jpeg .jpg .png .tif .tiff .webp".split()  # noqa: SIM905 - a list of words reads better
)
Shown = Message | ExternalReplyInfo  # what may hold a picture
_UNTYPED = ("", "application/octet-stream")
_PAUSES = (0.5, 2.0)  # seconds between tries
_DOWNLOAD_SECONDS = 60.0
_TELEGRAM = "https://api.telegram.org/"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that lies on Telegram's servers."""

    file_id: str
    size: int | None  # bytes, where Telegram says
    moving: bool = False
    spoiler: bool = False


def find_picture(message: Shown, *, moving: bool) -> Picture | None:
    """The photo of a message, in the smallest size that is large enough, its image file or sticker.

    With `moving`, also its animation, video, round video, or sticker that is a video.
    """
    document, sticker = message.document, message.sticker
    kind = (document.mime_type or "").lower() if document else ""
    still: PhotoSize | Sticker | Document | None = None
    if photo := message.photo or (message.live_photo.photo if message.live_photo else ()):
        sizes = sorted(photo, key=lambda size: max(size.width, size.height))
        enough = (size for size in sizes if max(size.width, size.height) >= ENOUGH_PIXELS)
        still = next(enough, sizes[-1])
    elif sticker is not None and not sticker.is_animated and not sticker.is_video:
        still = sticker
    elif document is not None and message.animation is None:
        # Where nothing useful is said of a file, it is looked at: its name decides nothing.
        still = document if looks_like_image(document) or kind in _UNTYPED else None
    film: Animation | Video | VideoNote | Sticker | Document | None
    film = message.animation or message.video or message.video_note
    if film is None and sticker is not None and sticker.is_video:
        film = sticker
    elif film is None and (kind.startswith("video/") or kind == "image/gif"):
        film = document
    moves = moving and film is not None and (still is None or kind == "image/gif")
    found = film if moves else still
    if found is None:
        return None
    return Picture(
        found.file_id, found.file_size, moving=moves, spoiler=bool(message.has_media_spoiler)
    )


def looks_like_image(document: Document) -> bool:
    """Whether a file says that it is a picture, by its kind or its name."""
    suffix = PurePath(document.file_name or "").suffix.lower()
    return (document.mime_type or "").lower().startswith("image/") or suffix in _IMAGE_SUFFIXES


def why_not(message: Shown, lang: str | None) -> str:
    """A sentence on why a message without a picture cannot be captioned."""
    mime = (message.document.mime_type or "") if message.document else ""
    if message.story is not None or message.paid_media is not None:
        return say("hidden-from-bots", lang)
    if message.sticker is not None:
        return say("moving-sticker", lang)
    if message.video or message.animation or message.video_note or mime.startswith("video/"):
        return say("unsupported", lang, kind="video")
    if message.voice or message.audio or mime.startswith("audio/"):
        return say("unsupported", lang, kind="audio")
    if mime == "application/pdf":
        return say("unsupported", lang, kind="pdf")
    return say("not-a-photo", lang)


def holds_something(meant: Shown) -> bool:
    """Whether there is something that could have been a picture: more than words."""
    if isinstance(meant, Message):
        return meant.effective_attachment is not None and not meant.text
    kinds = (
        *(meant.audio, meant.voice, meant.document, meant.sticker, meant.story, meant.paid_media),
        *(meant.animation, meant.video, meant.video_note, meant.photo),
    )
    return any(kinds)


@dataclass(frozen=True, slots=True)
class TelegramFile:
    """A picture as an attachment; `if_gone` is the refusal where Telegram no longer has it."""

    bot: Bot
    picture: Picture
    limit: int  # bytes
    if_gone: RefusalCode
    spoiler: bool

    def check(self, size: int | None = None) -> None:
        """Refuse what is too large without fetching it. Raises Refusal."""
        size = self.picture.size if size is None else size
        if size is not None and size > self.limit:
            raise self._too_large()

    async def fetch(self) -> bytes:
        """The file's bytes. Raises Refusal: it is too large, gone, or out of reach."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DOWNLOAD_SECONDS):
                for pause in (*_PAUSES, None):
                    try:
                        return await self._fetch_once()
                    except (BadRequest, InvalidToken) as error:  # the latter for a 404 of the file
                        too_large = "too big" in error.message.lower()
                        raise self._too_large() if too_large else Refusal(self.if_gone) from None
                    except TelegramError as error:
                        if pause is not None:
                            await asyncio.sleep(max(pause, seconds_to_wait(error)))
        raise Refusal(RefusalCode.DOWNLOAD_FAILED)

    async def _fetch_once(self) -> bytes:
        file = await self.bot.get_file(self.picture.file_id)
        self.check(file.file_size)
        if not may_be_read(file.file_path or "", self.bot.base_file_url):
            log.warning("telegram: a file that does not lie on Telegram's servers is not read")
            raise Refusal(RefusalCode.DOWNLOAD_FAILED)
        return bytes(await file.download_as_bytearray())

    def _too_large(self) -> Refusal:
        kind = "video" if self.picture.moving else "photo"
        limit = max(1, self.limit // 1_000_000)
        return Refusal(RefusalCode.TOO_LARGE_TO_DOWNLOAD, limit=limit, kind=kind)


def seconds_to_wait(error: TelegramError) -> float:
    """For how long Telegram asked to be left alone; 0.0 if it did not ask."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def may_be_read(path: str, server: str) -> bool:
    """Whether a file lies where files are fetched from.

    What lies on this machine is read by the library as well. Only a Bot API server that an
    operator runs beside the bot may name such a file, in full.
    """
    if path.startswith(f"{server}/"):
        return True
    return PurePath(path).is_absolute() and not server.startswith(_TELEGRAM)
