"""The Matrix bot: connects, follows its rooms, answers, and stops without losing anything."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import aiohttp
from nio import (
    AsyncClient,
    AsyncClientConfig,
    ErrorResponse,
    MessageDirection,
    RoomMessagesResponse,
    SyncResponse,
    WhoamiResponse,
)

from bot.adapters import AdapterError
from bot.adapters.matrix.events import Json
from bot.adapters.matrix.handler import Handler
from bot.adapters.matrix.media import MediaServer
from bot.adapters.matrix.messenger import MatrixMessenger
from bot.adapters.matrix.place import MatrixPlace
from bot.adapters.matrix.position import Position
from bot.adapters.matrix.sender import OUTAGES, Sender, describe, seconds_to_wait, status
from bot.adapters.matrix.settings import MatrixSettings
from bot.asyncio_utils import first_of
from bot.chat.access_control import AccessControl
from bot.chat.conversation import Conversation
from bot.chat.service import CaptionService
from bot.http import proxy_for
from bot.media.downloads import Downloads
from bot.monitoring.logs import hide_in_logs
from bot.store import MemoryStore, Store, StoreUnavailable

log = logging.getLogger(__name__)

_REJECTED = (
    "the homeserver does not accept MATRIX_ACCESS_TOKEN: log in again as the bot and set it to the"
    " new token (and MATRIX_HOMESERVER_URL to the bot's own homeserver)"
)
_REVOKED = {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED"}
_LONG_POLL_MS, _GLANCE_MS = 30_000, 1_000
_REQUEST_SECONDS = 60.0
_WHOLE_SECONDS = 600.0  # for the state of all rooms, which homeservers put together slowly
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0  # seconds between tries to connect
_DEFECTS = 3  # failures in a row that are no outage: then the bot goes on with what is new
_MISSED, _PAGES = 100, 5  # events in a page of what a sync left out, and pages
_STATE = ["m.room.member", "m.room.power_levels", "m.room.create", "m.room.encryption"]
_NONE: dict[str, Any] = {"types": []}
_FILTER: dict[str, Any] = {
    "presence": _NONE,
    "account_data": _NONE,
    "room": {
        "account_data": _NONE,
        "ephemeral": _NONE,
        "state": {"types": _STATE, "lazy_load_members": True},
        "timeline": {
            "limit": _MISSED,
            "lazy_load_members": True,
            "types": [
                *_STATE,
                "m.room.message",
                "m.sticker",
                "m.reaction",
                "m.room.redaction",
                "m.room.encrypted",
            ],
        },
    },
}


class _Outage(Exception):
    """The homeserver cannot be used now."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait  # seconds


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
        self._connected = False

    @property
    def connected(self) -> bool:
        """Whether the homeserver answered the last time that it was asked for news."""
        return self._connected

    async def run(self) -> None:
        """Answer people until cancelled; outages are logged and waited out.

        Raises AdapterError if the homeserver does not accept the token.
        """
        if not self._token.isascii() or not self._token.isprintable() or " " in self._token:
            raise AdapterError(_REJECTED)
        proxy = proxy_for(self._homeserver)
        client = AsyncClient(
            self._homeserver,
            proxy=proxy,
            config=AsyncClientConfig(
                encryption_enabled=False,
                max_limit_exceeded=0,  # we wait ourselves, and not for as long as we are told
                max_timeouts=0,
                request_timeout=_REQUEST_SECONDS,
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
            self._connected = False
            await client.close()

    async def _serve(self, client: AsyncClient, session: aiohttp.ClientSession) -> None:
        authenticated = await self._connect(client, session)
        downloads = Downloads(
            session, max_bytes=self._service.max_bytes, origins=[self._homeserver]
        )
        messenger = MatrixMessenger(Sender(client), self._conversation)
        server = MediaServer(self._homeserver, downloads, authenticated)
        follower = _Follower(client, self._conversation, Handler(
            client, self._conversation, messenger, server
        ))  # fmt: skip
        replies = self._conversation.replies(messenger)
        try:
            await first_of(replies.run(self._consumer), self._follow(follower))
        finally:
            await follower.finish(self._grace)
            await replies.finish(self._grace)
            await self._conversation.notices.close()
            await messenger.close()

    async def _connect(self, client: AsyncClient, session: aiohttp.ClientSession) -> bool:
        """Check the token; whether media need it, too. Keeps trying without a network."""
        pause = _SHORTEST_PAUSE
        while True:
            try:
                me = await client.whoami()
                if isinstance(me, WhoamiResponse):
                    log.info("matrix: logged in as %s", me.user_id)
                    return await _needs_token(session, self._homeserver)
                raise _problem(me)
            except (*OUTAGES, _Outage) as error:
                why = str(error) if isinstance(error, _Outage) else type(error).__name__
                log.warning("matrix: cannot be reached (%s); trying on", why)
                await asyncio.sleep(max(pause, getattr(error, "wait", 0.0)))
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _follow(self, follower: _Follower) -> None:
        """Take news for ever. Raises AdapterError where the token is accepted no more."""
        pause, defects, told = _SHORTEST_PAUSE, 0, ""
        while True:
            try:
                await follower.sync()
            except AdapterError:
                raise
            except (*OUTAGES, _Outage, StoreUnavailable) as error:
                why = str(error) if isinstance(error, _Outage) else type(error).__name__
                wait = max(pause, getattr(error, "wait", 0.0))
            except Exception as error:
                # What cannot be understood would come again for ever.
                log.exception("matrix: news could not be understood")
                defects += 1
                why, wait = type(error).__name__, pause
                if defects >= _DEFECTS:
                    follower.skip()
                    defects = 0
            else:
                if told:
                    log.info("matrix: connected again")
                self._connected = True
                pause, defects, told = _SHORTEST_PAUSE, 0, ""
                continue
            self._connected = False
            if why != told:
                log.warning("matrix: cannot be reached (%s); trying on", why)
            told = why
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)


class _Follower:
    """Takes what happens in the bot's rooms, from where the last process was."""

    def __init__(
        self, client: AsyncClient, conversation: Conversation[MatrixPlace], handler: Handler
    ) -> None:
        self._client, self._conversation = client, conversation
        self._handler = handler
        self._position = Position(conversation.notes)
        self._since: str | None = None
        self._begun = False  # whether it is known where to go on
        self._whole = True  # whether the rooms' state is to be asked for

    async def sync(self) -> None:
        """Ask once for news, and have them dealt with."""
        if not self._begun:
            self._since, self._begun = await self._position.load(), True
        since = self._since
        wait = 0 if self._whole else _GLANCE_MS if self._position.busy else _LONG_POLL_MS
        seconds = _WHOLE_SECONDS if self._whole else _REQUEST_SECONDS + _LONG_POLL_MS / 1000
        async with asyncio.timeout(seconds):
            news = await self._client.sync(
                wait, sync_filter=_FILTER, since=since, full_state=self._whole
            )
        if not isinstance(news, SyncResponse):
            raise _problem(news)
        found = [] if since is None else await self._events(news, since)
        tasks = {asyncio.create_task(self._invited(room)) for room in news.rooms.invite}
        tasks |= {asyncio.create_task(self._handler.left(room)) for room in news.rooms.leave}
        tasks |= {
            asyncio.create_task(self._handler.event(self._client.rooms[room], source))
            for room, source in found
        }
        self._since, self._whole = news.next_batch, False
        self._position.add(news.next_batch, tasks)
        await asyncio.sleep(0)
        await self._position.save()

    def skip(self) -> None:
        """Go on with what happens from now on."""
        log.error("matrix: some news are passed over, because they cannot be understood")
        self._since, self._whole = None, True
        self._client.next_batch = ""

    async def finish(self, grace: float) -> None:
        """Finish what is in hand within `grace` seconds; the rest comes again."""
        await self._position.finish(grace)

    async def _events(self, news: SyncResponse, since: str) -> list[tuple[str, Json]]:
        """What happened in the rooms, by room in its order, also where the sync leaves it out."""
        found: list[tuple[str, Json]] = []
        for room, info in news.rooms.join.items():
            timeline = info.timeline
            if timeline.limited and timeline.prev_batch:
                found += [
                    (room, one) for one in await self._missed(room, timeline.prev_batch, since)
                ]
            found += [(room, event.source) for event in timeline.events]
        return [(room, source) for room, source in found if isinstance(source, dict)]

    async def _missed(self, room: str, start: str, since: str) -> list[Json]:
        """The last events of a room between two points, oldest first."""
        found: list[Json] = []
        for _ in range(_PAGES):
            page = await self._client.room_messages(
                room, start, since, MessageDirection.back, _MISSED
            )
            if not isinstance(page, RoomMessagesResponse):
                break  # such as for a room that the bot has left since
            found += [event.source for event in page.chunk]
            if not page.end or page.end == start:
                break
            start = page.end
        return found[::-1]

    async def _invited(self, room: str) -> None:
        """Join where somebody invites the bot who may use it; decline otherwise."""
        inviter = getattr(self._client.invited_rooms.get(room), "inviter", None)
        welcome = isinstance(inviter, str) and await self._conversation.may_use(inviter, room)
        try:
            said = await (self._client.join(room) if welcome else self._client.room_leave(room))
        except OUTAGES as error:
            log.warning("matrix: an invitation was not answered: %s", type(error).__name__)
            return
        if isinstance(said, ErrorResponse):
            log.warning("matrix: an invitation was not answered: %s", describe(said))


async def _needs_token(session: aiohttp.ClientSession, homeserver: str) -> bool:
    """Whether a homeserver has the endpoints for media that ask for a token."""
    async with session.get(f"{homeserver}/_matrix/client/versions") as response:
        said = await response.json(content_type=None) if response.status == 200 else {}
    versions = said.get("versions") if isinstance(said, dict) else None
    minors = [
        int(one.removeprefix("v1."))
        for one in (versions if isinstance(versions, list) else [])
        if isinstance(one, str) and one.startswith("v1.") and one.removeprefix("v1.").isdecimal()
    ]
    return max(minors, default=0) >= 11


def _problem(said: object) -> Exception:
    """What to raise for an answer that is no success."""
    if not isinstance(said, ErrorResponse):
        return _Outage("an answer that makes no sense")
    if said.status_code in _REVOKED or status(said) == 401:
        return AdapterError(_REJECTED)
    return _Outage(describe(said), seconds_to_wait(said))


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
