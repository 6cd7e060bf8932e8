"""The picture in a message, still or moving, or what to say where there is none."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import PurePath

from telegram import Animation, Bot, Document, Message, Sticker, Video, VideoNote
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.chat.service import Sorry
from bot.locales import say

log = logging.getLogger(__name__)

DOWNLOAD_LIMIT = 20_000_000  # bytes: what Telegram lets a bot fetch
ENOUGH_PIXELS = 640  # a side: intake makes it 512 at most, so more is not worth the download
_IMAGE_SUFFIXES = frozenset(
    (".avif", ".bmp", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
)
_UNTYPED = ("", "application/octet-stream")
_PAUSES = (0.5, 2.0)  # seconds between tries
_DOWNLOAD_SECONDS = 60.0
_TELEGRAM = "https://api.telegram.org/"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that lies on Telegram's servers."""

    file_id: str
    size: int | None  # bytes, where Telegram says
    moving: bool = False  # for `bot.media.video`


def find_picture(message: Message, *, moving: bool) -> Picture | None:
    """The photo of a message, in the smallest size that is large enough, its image file or sticker.

    With `moving`, also its animation, video, round video, or sticker that is a video.
    """
    found = _still(message)
    if moving and (found is None or _is_gif(message)):
        found = _moving(message) or found
    return found


def _still(message: Message) -> Picture | None:
    if message.photo:
        sizes = sorted(message.photo, key=lambda size: max(size.width, size.height))
        enough = [size for size in sizes if max(size.width, size.height) >= ENOUGH_PIXELS]
        best = enough[0] if enough else sizes[-1]
        return Picture(best.file_id, best.file_size)
    sticker = message.sticker
    if sticker is not None and not sticker.is_animated and not sticker.is_video:
        return Picture(sticker.file_id, sticker.file_size)
    document = message.document
    if document is None or message.animation is not None:
        return None
    mime = (document.mime_type or "").lower()
    suffix = PurePath(document.file_name or "").suffix.lower()
    if mime.startswith("image/") or (mime in _UNTYPED and suffix in _IMAGE_SUFFIXES):
        return Picture(document.file_id, document.file_size)
    return None


def _moving(message: Message) -> Picture | None:
    sticker, document = message.sticker, message.document
    film: Animation | Video | VideoNote | Sticker | None
    film = message.animation or message.video or message.video_note
    if film is None and sticker is not None and sticker.is_video:
        film = sticker
    if film is not None:
        return Picture(film.file_id, film.file_size, moving=True)
    if document is not None and (_is_video(document) or _is_gif(message)):
        return Picture(document.file_id, document.file_size, moving=True)
    return None


def _is_gif(message: Message) -> bool:
    return message.document is not None and message.document.mime_type == "image/gif"


def _is_video(document: Document) -> bool:
    return (document.mime_type or "").lower().startswith("video/")


def why_not(message: Message, lang: str | None) -> str:
    """A sentence on why a message without a picture cannot be captioned."""
    mime = (message.document.mime_type or "") if message.document else ""
    if message.sticker is not None:
        return say("moving-sticker", lang)
    if message.video or message.animation or message.video_note or mime.startswith("video/"):
        return say("unsupported", lang, kind="video")
    if message.voice or message.audio or mime.startswith("audio/"):
        return say("unsupported", lang, kind="audio")
    if mime == "application/pdf":
        return say("unsupported", lang, kind="pdf")
    return say("not-a-photo", lang)


async def fetch(bot: Bot, picture: Picture, *, limit: int, if_gone: str) -> bytes:
    """The file's bytes. Raises Sorry: it is larger than `limit` bytes, gone, or out of reach.

    `if_gone` is the code of that Sorry where Telegram no longer has the file.
    """
    if picture.size is not None and picture.size > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(_DOWNLOAD_SECONDS):
            for pause in (*_PAUSES, None):
                try:
                    return await _fetch_once(bot, picture, limit)
                except BadRequest as error:
                    if "too big" in error.message.lower():
                        raise _too_large(limit) from None
                    raise _sorry(if_gone) from None
                except InvalidToken:  # how the library reads a 404 for the file
                    raise _sorry(if_gone) from None
                except TelegramError as error:
                    if pause is None:
                        break
                    await asyncio.sleep(max(pause, seconds_to_wait(error)))
    except TimeoutError:
        pass
    raise _sorry("download-failed")


def seconds_to_wait(error: TelegramError) -> float:
    """For how long Telegram asked to be left alone; 0.0 if it did not ask."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


async def _fetch_once(bot: Bot, picture: Picture, limit: int) -> bytes:
    file = await bot.get_file(picture.file_id)
    if file.file_size is not None and file.file_size > limit:
        raise _too_large(limit)
    if not _may_be_read(file.file_path or "", bot.base_file_url):
        log.warning("telegram: a file that does not lie on Telegram's servers is not read")
        raise _sorry("download-failed")
    return bytes(await file.download_as_bytearray())


def _may_be_read(path: str, server: str) -> bool:
    """Whether a file lies where files are fetched from.

    What lies on this machine is read by the library as well. Only a Bot API server that an
    operator runs beside the bot may name such a file, in full.
    """
    if path.startswith(f"{server}/"):
        return True
    return PurePath(path).is_absolute() and not server.startswith(_TELEGRAM)


def _too_large(limit: int) -> Sorry:
    megabytes = limit // 1_000_000
    return Sorry("too-large-to-download", say("too-large-to-download", limit=megabytes),
                 limit=megabytes)  # fmt: skip


def _sorry(code: str) -> Sorry:
    return Sorry(code, say(code))
