"""The Matrix bot: connects, follows its rooms, answers, and stops without losing anything."""

from __future__ import annotations

import asyncio
import logging
import socket

import aiohttp
from nio import AsyncClient, AsyncClientConfig, WhoamiResponse

from bot.adapters import AdapterError
from bot.adapters.matrix import MatrixSettings
from bot.adapters.matrix.messages import Messages
from bot.adapters.matrix.messenger import OUTAGES, MatrixMessenger, MatrixPlace
from bot.adapters.matrix.sync import REJECTED, REQUEST_SECONDS, Follower, Outage, problem
from bot.asyncio_utils import first_of, pauses
from bot.chat.access_control import AccessControl
from bot.chat.conversation import Conversation
from bot.chat.service import CaptionService
from bot.http import proxy_for
from bot.media.downloads import Downloads
from bot.monitoring.logs import hide_in_logs
from bot.store import MemoryStore, Store

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0  # seconds between tries to connect


class MatrixAdapter:
    """Matrix's side of a caption service; `run` serves until it is cancelled.

    `consumer` names this process among those that answer for the same bot. Without a `store`
    choices and the place in the rooms last as long as the process, without `access` everybody may
    use the bot. One process at a time follows the rooms of a bot: each would answer.
    """

    def __init__(
        self,
        service: CaptionService,
        *,
        token: str,
        homeserver: str,
        consumer: str | None = None,
        store: Store | None = None,
        access: AccessControl | None = None,
        grace: float = 5.0,
    ) -> None:
        """`grace` seconds are given at the end to what is in hand."""
        hide_in_logs(token)
        self._token = token
        self._homeserver = homeserver.rstrip("/")
        self._consumer = consumer or f"matrix.{socket.gethostname()}"
        self._grace = grace
        self._service = service
        self._conversation = Conversation[MatrixPlace](
            service, store=store or MemoryStore(), access=access
        )
        self._follower: Follower | None = None  # while it serves

    @property
    def connected(self) -> bool:
        """Whether the homeserver answered the last time that it was asked for news."""
        return self._follower is not None and self._follower.connected

    async def run(self) -> None:
        """Answer people until cancelled; outages are logged and waited out.

        Raises AdapterError if the homeserver does not accept the token.
        """
        if not self._token.isascii() or not self._token.isprintable() or " " in self._token:
            raise AdapterError(REJECTED)
        proxy = proxy_for(self._homeserver)
        client = AsyncClient(
            self._homeserver,
            proxy=proxy,
            config=AsyncClientConfig(
                encryption_enabled=False,
                max_limit_exceeded=0,  # we wait ourselves, and not for as long as we are told
                max_timeouts=0,
                request_timeout=REQUEST_SECONDS,
            ),
        )
        client.access_token = self._token
        headers = {"Authorization": f"Bearer {self._token}"}
        jar = aiohttp.DummyCookieJar()
        try:
            async with aiohttp.ClientSession(
                headers=headers, cookie_jar=jar, proxy=proxy
            ) as session:
                await self._serve(client, session)
        finally:
            self._follower = None
            await client.close()

    async def _serve(self, client: AsyncClient, session: aiohttp.ClientSession) -> None:
        media = await self._connect(client, session)
        downloads = Downloads(
            session, max_bytes=self._service.max_bytes, origins=[self._homeserver]
        )
        messenger = MatrixMessenger(client, self._conversation)
        media = f"{self._homeserver}/_matrix/{media}/download"
        messages = Messages(client, self._conversation, messenger, downloads, media)
        follower = self._follower = Follower(client, self._conversation, messages)
        replies = self._conversation.replies(messenger)
        try:
            await first_of(replies.run(self._consumer), follower.run())
        finally:
            await follower.finish(self._grace)
            await replies.finish(self._grace)
            await self._conversation.notices.close()
            await messenger.close()

    async def _connect(self, client: AsyncClient, session: aiohttp.ClientSession) -> str:
        """Check the token; where files are to be fetched. Keeps trying without a network."""
        waits = pauses(_LONGEST_PAUSE)
        while True:
            try:
                me = await client.whoami()
                if not isinstance(me, WhoamiResponse):
                    raise problem(me)
                log.info("matrix: logged in as %s", me.user_id)
                return await _media_path(session, self._homeserver)
            except (*OUTAGES, Outage) as error:
                why = str(error) if isinstance(error, Outage) else type(error).__name__
                log.warning("matrix: cannot be reached (%s); trying on", why)
                await asyncio.sleep(max(next(waits), getattr(error, "wait", 0.0)))


async def _media_path(session: aiohttp.ClientSession, homeserver: str) -> str:
    """Where a homeserver has files: since Matrix 1.11 where it asks for a token."""
    async with session.get(f"{homeserver}/_matrix/client/versions") as response:
        said = await response.json(content_type=None) if response.status == 200 else {}
    versions = said.get("versions") if isinstance(said, dict) else None
    minors = [
        int(one.removeprefix("v1."))
        for one in (versions if isinstance(versions, list) else [])
        if isinstance(one, str) and one.startswith("v1.") and one.removeprefix("v1.").isdecimal()
    ]
    return "client/v1/media" if max(minors, default=0) >= 11 else "media/v3"


def make_adapter(
    settings: MatrixSettings,
    service: CaptionService,
    *,
    store: Store,
    access: AccessControl,
) -> MatrixAdapter:
    """The adapter that the settings ask for."""
    assert settings.matrix_access_token is not None
    return MatrixAdapter(
        service,
        token=settings.matrix_access_token.get_secret_value(),
        homeserver=settings.matrix_homeserver_url,
        store=store,
        access=access,
    )
