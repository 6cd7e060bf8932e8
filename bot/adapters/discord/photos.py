"""Photos in messages, and fetching them: only from Discord's own file servers, and only so much."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
from collections.abc import Collection, Sequence

import aiohttp
import discord
from yarl import URL

from bot.desk import Sorry
from bot.texts import ENGLISH, say

log = logging.getLogger(__name__)

CDN = ("https://cdn.discordapp.com", "https://media.discordapp.net")
_CHUNK = 64 * 1024
_SECONDS = 30.0  # for one download
_AT_ONCE = 8  # files held in memory at a time


def sorry(text_id: str, **args: str | int) -> Sorry:
    """A refusal of this adapter's own, in the form of the desk's."""
    refused = Sorry(text_id, say(text_id, ENGLISH, **args))
    refused.args_for_text = args
    return refused


def attached(message: discord.Message) -> list[discord.Attachment]:
    """What a message shows, pictures first.

    Its own attachments, else those it forwards, else those of the message that it replies to;
    of these, the first that hold a picture at all.
    """
    sources: list[Sequence[discord.Attachment]] = [message.attachments]
    sources += [snapshot.attachments for snapshot in message.message_snapshots]
    replied_to = message.reference.resolved if message.reference else None
    if isinstance(replied_to, discord.Message):
        sources.append(replied_to.attachments)
        sources += [snapshot.attachments for snapshot in replied_to.message_snapshots]
    sources = [source for source in sources if source]
    with_pictures = [source for source in sources if any(map(is_picture, source))]
    found = next(iter(with_pictures + sources), ())
    return sorted(found, key=lambda attachment: not is_picture(attachment))


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether it says that it is a picture; what it really is shows only later."""
    return _wrong_kind(attachment) is None


def check(attachment: discord.Attachment, max_bytes: int) -> None:
    """Refuse what can be refused without fetching it. Raises Sorry."""
    refused = _wrong_kind(attachment)
    if refused is not None:
        raise refused
    if attachment.size > max_bytes:
        raise _too_large(max_bytes)


def _wrong_kind(attachment: discord.Attachment) -> Sorry | None:
    kind = attachment.content_type or mimetypes.guess_type(attachment.filename)[0] or ""
    kind = kind.split(";")[0].strip().lower()
    family = kind.split("/")[0]
    if kind == "image/svg+xml":
        return sorry("unsupported", kind="svg")
    if kind == "application/pdf":
        return sorry("unsupported", kind="pdf")
    if family in {"video", "audio"}:
        return sorry("unsupported", kind=family)
    # Where nothing useful is said, intake looks at the file itself.
    if family == "image" or kind in {"", "application/octet-stream"}:
        return None
    return sorry("not_an_image")


def _too_large(max_bytes: int) -> Sorry:
    return sorry("too_large", limit=max(1, max_bytes // 1_000_000))


class Downloads:
    """Fetches attachments.

    An attachment's address comes out of a message, so it is not trusted: it must lie on one of
    `origins` (scheme, host and port), and redirects are not followed.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        max_bytes: int,
        origins: Collection[str] = CDN,
        seconds: float = _SECONDS,
    ) -> None:
        self._session = session
        self._origins = {URL(origin).origin() for origin in origins}
        self._seconds = seconds
        self.max_bytes = max_bytes
        self.turns = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, attachment: discord.Attachment) -> bytes:
        """The file's bytes. Raises Sorry."""
        url = self._trusted(attachment.url)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._read(url)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.info("an attachment could not be fetched: %s", type(error).__name__)
            raise sorry("download-failed") from None

    def _trusted(self, address: str) -> URL:
        try:
            url = URL(address, encoded=True)  # signed: not a letter may change
            if url.origin() in self._origins and url.user is None:
                return url
        except (ValueError, TypeError):
            pass
        log.warning("an attachment lies on none of Discord's file servers; not fetched")
        raise sorry("download-failed")

    async def _read(self, url: URL) -> bytes:
        async with self._session.get(url, allow_redirects=False) as response:
            if response.status != 200:
                log.info("an attachment could not be fetched: HTTP %d", response.status)
                raise sorry("download-failed")
            data = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                data += chunk
                if len(data) > self.max_bytes:  # whatever size was announced
                    raise _too_large(self.max_bytes)
            return bytes(data)
