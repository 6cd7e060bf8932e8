"""Follows the bot's rooms, from where the last process was: what happens there, in order."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from nio import (
    AsyncClient,
    ErrorResponse,
    MessageDirection,
    RoomMessagesResponse,
    SyncResponse,
)

from bot.adapters import AdapterError
from bot.adapters.matrix.events import Json
from bot.adapters.matrix.messages import Messages
from bot.adapters.matrix.messenger import (
    OUTAGES,
    MatrixPlace,
    describe,
    seconds_to_wait,
    status,
)
from bot.asyncio_utils import pauses
from bot.chat.conversation import Conversation
from bot.chat.pending import Position
from bot.store import StoreUnavailable

log = logging.getLogger(__name__)

REJECTED = (
    "the homeserver does not accept MATRIX_ACCESS_TOKEN: log in again as the bot and set it to the"
    " new token (and MATRIX_HOMESERVER_URL to the bot's own homeserver)"
)
REQUEST_SECONDS = 60.0
_REVOKED = {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED"}
_LONG_POLL_MS, _GLANCE_MS = 30_000, 1_000
_WHOLE_SECONDS = 600.0  # for the state of all rooms, which homeservers put together slowly
_LONGEST_PAUSE = 60.0  # seconds between tries to connect
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


class Outage(Exception):
    """The homeserver cannot be used now."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait  # seconds


class Follower:
    """Takes what happens in the bot's rooms, from where the last process was."""

    def __init__(
        self, client: AsyncClient, conversation: Conversation[MatrixPlace], messages: Messages
    ) -> None:
        self._client, self._conversation = client, conversation
        self._messages = messages
        self._position = Position(conversation.notes)
        self._since: str | None = None
        self._begun = False  # whether it is known where to go on
        self._whole = True  # whether the rooms' state is to be asked for
        self.connected = False  # whether the homeserver answered the last time that it was asked

    async def run(self) -> None:
        """Take news for ever. Raises AdapterError where the token is accepted no more."""
        waits, defects, told = pauses(_LONGEST_PAUSE), 0, ""
        while True:
            try:
                await self._sync()
            except AdapterError:
                raise
            except (*OUTAGES, Outage, StoreUnavailable) as error:
                why = str(error) if isinstance(error, Outage) else type(error).__name__
                wait = max(next(waits), getattr(error, "wait", 0.0))
            except Exception as error:
                # What cannot be understood would come again for ever.
                log.exception("matrix: news could not be understood")
                defects += 1
                why, wait = type(error).__name__, next(waits)
                if defects >= _DEFECTS:
                    log.error("matrix: some news are passed over: they cannot be understood")
                    self._since, self._whole, self._client.next_batch = None, True, ""
                    defects = 0
            else:
                if told:
                    log.info("matrix: connected again")
                self.connected = True
                waits, defects, told = pauses(_LONGEST_PAUSE), 0, ""
                continue
            self.connected = False
            if why != told:
                log.warning("matrix: cannot be reached (%s); trying on", why)
            told = why
            await asyncio.sleep(wait)

    async def _sync(self) -> None:
        """Ask once for news, and have them dealt with."""
        if not self._begun:
            self._since, self._begun = await self._position.load(), True
        since = self._since
        wait = 0 if self._whole else _GLANCE_MS if self._position.busy else _LONG_POLL_MS
        seconds = _WHOLE_SECONDS if self._whole else REQUEST_SECONDS + _LONG_POLL_MS / 1000
        async with asyncio.timeout(seconds):
            news = await self._client.sync(
                wait, sync_filter=_FILTER, since=since, full_state=self._whole
            )
        if not isinstance(news, SyncResponse):
            raise problem(news)
        found = [] if since is None else await self._events(news, since)
        tasks = {asyncio.create_task(self._invited(room)) for room in news.rooms.invite}
        tasks |= {asyncio.create_task(self._messages.left(room)) for room in news.rooms.leave}
        tasks |= {
            asyncio.create_task(self._messages.event(self._client.rooms[room], source))
            for room, source in found
        }
        self._since, self._whole = news.next_batch, False
        self._position.add(news.next_batch, tasks)
        await asyncio.sleep(0)
        await self._position.save()

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


def problem(said: object) -> Exception:
    """What to raise for an answer that is no success."""
    if not isinstance(said, ErrorResponse):
        return Outage("an answer that makes no sense")
    if said.status_code in _REVOKED or status(said) == 401:
        return AdapterError(REJECTED)
    return Outage(describe(said), seconds_to_wait(said))
