"""The gateway: websocket sessions that are identified, resumed, and sent events."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.discord_server.world import Json, World, member

HEARTBEAT_EVERY = 41_250  # milliseconds
_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME = 0, 1, 2, 6
_RECONNECT, _INVALID_SESSION, _HELLO, _HEARTBEAT_ACK = 7, 9, 10, 11
_AUTHENTICATION_FAILED, _NOT_AUTHENTICATED = 4004, 4003
_DISALLOWED_INTENTS = 4014
_MESSAGE_CONTENT = 1 << 15
_PRIVILEGED_INTENTS = (1 << 1) | (1 << 8) | _MESSAGE_CONTENT  # members, presences, content


class Session:
    """What one identified client has been sent; survives its connection."""

    def __init__(self, number: int, intents: int) -> None:
        self.id = f"session-{number}"
        self.intents = intents
        self.events: list[Json] = []
        self.connection: Connection | None = None


class Connection:
    """One websocket, compressed as its address asked for."""

    def __init__(self, socket: web.WebSocketResponse, *, compress: str) -> None:
        self.socket = socket
        self._zlib = zlib.compressobj() if compress == "zlib-stream" else None
        self._turn = asyncio.Lock()  # what is compressed first must arrive first

    async def send(self, payload: Json) -> None:
        text = json.dumps(payload)
        if self.socket.closed:
            return
        async with self._turn:
            await self._send(text)

    async def _send(self, text: str) -> None:
        with contextlib.suppress(ConnectionResetError):  # the client is gone
            if self._zlib is None:
                await self.socket.send_str(text)
                return
            packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(packed)


class Gateway:
    """All sessions, and the counters that tests look at."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.privileged = 0  # clients that asked for an intent that needs approval
        self.compressed = False
        self.changed = asyncio.Condition()

    @property
    def live(self) -> Session | None:
        """The session that has a connection."""
        return next((s for s in self.sessions.values() if s.connection is not None), None)

    async def dispatch(self, event: str, data: Any) -> None:
        """Send an event, or keep it for a session that will resume."""
        for session in self.sessions.values():
            await self._send(session, event, data)

    async def drop(self, *, code: int = 4000) -> None:
        """Cut every connection; sessions can be resumed."""
        for session in self.sessions.values():
            if session.connection is not None:
                connection, session.connection = session.connection, None
                await connection.socket.close(code=code)

    async def ask_to_reconnect(self) -> None:
        """What Discord sends when it moves a client to another machine."""
        for session in self.sessions.values():
            if session.connection is not None:
                await session.connection.send({"op": _RECONNECT, "d": None, "s": None, "t": None})

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from hello to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        compress = request.query.get("compress", "")
        self.compressed = self.compressed or compress == "zlib-stream"
        connection = Connection(socket, compress=compress)
        await connection.send({"op": _HELLO, "d": {"heartbeat_interval": HEARTBEAT_EVERY}})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(connection, json.loads(message.data))
        finally:
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
        return socket

    async def _received(self, connection: Connection, frame: Json) -> None:
        op, data = frame["op"], frame["d"]
        if op == _HEARTBEAT:
            await connection.send({"op": _HEARTBEAT_ACK, "d": None})
        elif op in {_IDENTIFY, _RESUME}:
            if data["token"] != self._world.token:
                await connection.socket.close(code=_AUTHENTICATION_FAILED)
            elif op == _IDENTIFY:
                await self._identify(connection, data)
            else:
                await self._resume(connection, data)
        else:
            await connection.socket.close(code=_NOT_AUTHENTICATED)

    async def _identify(self, connection: Connection, data: Json) -> None:
        world, wanted = self._world, data["intents"] & _PRIVILEGED_INTENTS
        known = world.message_content is not None
        self.privileged += bool(wanted & ~(_MESSAGE_CONTENT if known else 0))
        if wanted and not world.message_content:
            await connection.socket.close(code=_DISALLOWED_INTENTS)
            return
        world.shows_everything = bool(wanted & _MESSAGE_CONTENT)
        session = Session(len(self.sessions) + 1, data["intents"])
        self.sessions.clear()  # a new identification ends the old session
        self.sessions[session.id] = session
        session.connection = connection
        ready = {
            "v": 10, "user": world.bot.payload(), "session_id": session.id,
            "resume_gateway_url": self.url, "shard": [0, 1],
            "guilds": [{"id": str(world.guild), "unavailable": True}],
            "application": {"id": str(world.application), "flags": 0},
        }  # fmt: skip
        await self._send(session, "READY", ready)
        await self._send(session, "GUILD_CREATE", self._guild())
        self.identified += 1
        await self._announce()

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None:
            await connection.send({"op": _INVALID_SESSION, "d": False})
            return
        session.connection = connection
        for event in session.events:
            if event["s"] > data["seq"]:
                await connection.send(event)
        await self._send(session, "RESUMED", {})
        self.resumed += 1
        await self._announce()

    async def _send(self, session: Session, event: str, data: Any) -> None:
        frame = {"op": _DISPATCH, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(frame)
        if session.connection is not None:
            await session.connection.send(frame)

    async def _announce(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def _guild(self) -> Json:
        world = self._world
        threads = [c.payload() for c in world.channels.values() if c.parent is not None]
        me = {**member(), "user": world.bot.payload()}
        return {
            "id": str(world.guild), "name": "a guild", "icon": None, "owner_id": "1",
            "afk_timeout": 300, "verification_level": 0, "default_message_notifications": 0,
            "explicit_content_filter": 0, "roles": world.roles(), "emojis": [], "features": [],
            "mfa_level": 0, "system_channel_flags": 0, "premium_tier": 0, "nsfw_level": 0,
            "preferred_locale": "en-US", "stickers": [], "joined_at": "2026-01-01T00:00:00+00:00",
            "large": False, "unavailable": False, "member_count": 2, "voice_states": [],
            "members": [me], "threads": threads,
            "channels": [world.text_channel.payload() | {"last_message_id": world.last_message()}],
            "presences": [], "stage_instances": [], "guild_scheduled_events": [],
        }  # fmt: skip
