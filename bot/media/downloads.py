"""Fetching files that people attached: only from a platform's own servers, and only so much."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence

import aiohttp
from yarl import URL

from bot.chat.refusals import Refusal, RefusalCode, too_large
from bot.http import proxy_for

log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_SECONDS = 30.0  # for one download
_GONE = {403, 404, 410}  # what file servers say of a file that was deleted


class Downloads:
    """Fetches files.

    A file's address comes out of a message, so it is not trusted: it must lie on one of `origins`
    (scheme, host and port), and redirects are not followed. What lies on one of `aliases` is
    fetched from the first of the origins instead.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        max_bytes: int,
        origins: Sequence[str],
        aliases: Collection[str] = (),
        seconds: float = _SECONDS,
    ) -> None:
        self._session = session
        self._origins = [URL(origin).origin() for origin in origins]
        self._aliases = {URL(origin).origin() for origin in aliases}
        self._seconds = seconds
        self.max_bytes = max_bytes

    async def fetch(self, address: str) -> bytes:
        """The file's bytes. Raises Refusal."""
        url = self._trusted(address)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._read(url)
        except TimeoutError:
            log.info("an attachment was not there in time")
            raise Refusal(RefusalCode.DOWNLOAD_SLOW) from None
        except (aiohttp.ClientError, OSError) as error:
            log.info("an attachment could not be fetched: %s", type(error).__name__)
            raise Refusal(RefusalCode.DOWNLOAD_FAILED) from None

    def _trusted(self, address: str) -> URL:
        try:
            url = URL(address, encoded=True)  # signed: not a letter may change
            if url.user is None and url.origin() in self._aliases:
                url = URL(f"{self._origins[0]}{url.raw_path_qs}", encoded=True)
            if url.user is None and url.origin() in self._origins:
                return url
        except (ValueError, TypeError):
            pass
        log.warning("an attachment lies on none of the platform's file servers; not fetched")
        raise Refusal(RefusalCode.DOWNLOAD_FAILED)

    async def _read(self, url: URL) -> bytes:
        async with self._session.get(
            url, allow_redirects=False, proxy=proxy_for(str(url))
        ) as response:
            if response.status != 200:
                log.info("an attachment could not be fetched: HTTP %d", response.status)
                gone = response.status in _GONE
                raise Refusal(RefusalCode.PHOTO_REMOVED if gone else RefusalCode.DOWNLOAD_FAILED)
            data = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                data += chunk
                if len(data) > self.max_bytes:  # whatever size was announced
                    raise too_large(self.max_bytes)
            return bytes(data)
