"""A Matrix homeserver on loopback: the real library talks to it, every call is checked and kept."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]

TOKEN = "syt_bG9vcGJhY2s_Secret_1abcDE"
HOST = "loopback.test"
BOT = f"@captionbot:{HOST}"
_LARGEST_EVENT = 65_536
_NOTICES = {"m.notice", "m.image", "m.audio"}


@dataclass(slots=True)
class Room:
    """A room with the bot in it, or invited to it."""

    id: str
    members: dict[str, str]  # person → membership
    state: list[Json] = field(default_factory=list)
    timeline: list[tuple[int, Json]] = field(default_factory=list)  # with places in the stream
    joined_at: int = 0
    invited_at: int = 0
    left_at: int = 0
    inviter: str = ""


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next calls whose path has a part."""

    part: str
    times: int
    status: int = 500  # 0: nothing is answered at all
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot."""

    method: str
    path: str
    body: Any


class MatrixServer:
    """The homeserver; `violations` are calls that the bot must never make."""

    def __init__(self) -> None:
        self.url = ""
        self.token = TOKEN
        self.versions = ["v1.1", "v1.11"]
        self.rooms: dict[str, Room] = {}
        self.files: dict[str, bytes] = {}
        self.typing: list[tuple[str, bool]] = []
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.limit = 100  # events of a room in a sync
        self.syncs = 0
        self.ages: dict[str, int] = {}  # event → milliseconds
        self._transactions: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._stream = 0
        self._news = asyncio.Event()

    # --- what people do

    def room(self, *people: str, levels: Mapping[str, int] | None = None) -> str:
        """A room with these people and the bot."""
        room = self._new_room(people, levels)
        room.members[BOT] = "join"
        self._join(room)
        return room.id

    def invites(self, person: str, *others: str) -> str:
        """Somebody invites the bot to a room."""
        room = self._new_room((person, *others), None)
        room.members[BOT], room.inviter = "invite", person
        room.invited_at = self._next()
        return room.id

    def kicks(self, room: str) -> None:
        """The bot has to leave a room."""
        self.rooms[room].members[BOT] = "leave"
        self.rooms[room].left_at = self._next()

    def says(self, room: str, person: str, text: str, **more: Any) -> str:
        """A message of somebody; its event's id."""
        return self.sends(room, person, {"msgtype": "m.text", "body": text, **content(**more)})

    def photo(self, room: str, person: str, data: bytes, text: str = "", **more: Any) -> str:
        """A photo of somebody, with a text below it."""
        said = {"body": text, "filename": "IMG_1.jpg"} if text else {"body": "IMG_1.jpg"}
        info = {"mimetype": more.pop("kind", "image/jpeg"), "size": more.pop("size", len(data))}
        url = self.file(data)
        return self.sends(
            room,
            person,
            {"msgtype": "m.image", "url": url, "info": info, **said, **content(**more)},
        )

    def file(self, data: bytes) -> str:
        """The address of a file."""
        name = f"file{next(self._numbers)}"
        self.files[name] = data
        return f"mxc://{HOST}/{name}"

    def sends(
        self, room: str, person: str, body: Any, kind: str = "m.room.message", **more: Any
    ) -> str:
        """Any event; its id."""
        event = f"$event{next(self._numbers)}"
        source: Json = {
            "type": kind,
            "event_id": event,
            "sender": person,
            "origin_server_ts": 1_700_000_000_000,
            "content": body,
            **more,
        }
        self.rooms[room].timeline.append((self._next(), source))
        return event

    def reacts(self, room: str, person: str, event: str, key: str) -> str:
        """A reaction to an event."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return self.sends(room, person, {"m.relates_to": relation}, "m.reaction")

    def redacts(self, room: str, person: str, event: str) -> None:
        """Somebody takes an event away."""
        for _, source in self.rooms[room].timeline:
            if source["event_id"] == event:
                source["content"] = {}
        self.sends(room, person, {"redacts": event}, "m.room.redaction", redacts=event)

    # --- what the bot did

    def said(self, room: str) -> list[Json]:
        """What the bot said in a room and did not take away: each event's content."""
        return [
            source["content"] | {"event_id": source["event_id"]}
            for _, source in self.rooms[room].timeline
            if source["sender"] == BOT and source["type"] == "m.room.message" and source["content"]
        ]

    def texts(self, room: str) -> list[str]:
        """What the bot said in a room, in words."""
        return [str(said["body"]) for said in self.said(room)]

    def made(self, part: str) -> list[Call]:
        """The bot's calls whose path has a part."""
        return [call for call in self.calls if part in call.path]

    async def until(self, true: Callable[[], Any]) -> None:
        """Return as soon as something is so."""
        async with asyncio.timeout(60):
            while not true():
                await asyncio.sleep(0.01)

    def fail(self, part: str, times: int = 1, **how: Any) -> None:
        """Have the next calls to a path go wrong."""
        self.faults.append(Fault(part, times, **how))

    # --- the interface

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        path = request.path
        body = json.loads(raw) if raw and "json" in request.content_type else raw
        self.calls.append(Call(request.method, path, body))
        if fault := next((one for one in self.faults if one.part in path), None):
            fault.times -= 1
            if not fault.times:
                self.faults.remove(fault)
            if not fault.status:
                await asyncio.sleep(3600)
            text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body or {})
            kind = "application/json" if fault.body is not None else "text/html"
            return web.Response(
                status=fault.status, text=text, content_type=kind, headers=fault.headers
            )
        if path == "/_matrix/client/versions":
            return web.json_response({"versions": self.versions})
        if "access_token" in request.query:
            self.violations.append(f"a token in an address: {path}")
        legacy = path.startswith("/_matrix/media/v3/download/")
        if not legacy and request.headers.get("Authorization") != f"Bearer {self.token}":
            return _error(401, "M_UNKNOWN_TOKEN")
        return await self._call(request, path.split("/")[2:], body)

    async def _call(self, request: web.Request, path: list[str], body: Any) -> web.StreamResponse:
        said: web.StreamResponse | None = None
        match (request.method, *path):
            case ("GET", "client", "v3", "account", "whoami"):
                said = web.json_response({"user_id": BOT, "device_id": "LOOPBACK"})
            case ("GET", "client", "v3", "sync"):
                said = await self._sync(request)
            case ("POST", "client", "v3", "join", room):
                self.rooms[room].members[BOT] = "join"
                self._join(self.rooms[room])
                said = web.json_response({"room_id": room})
            case ("POST", "client", "v3", "rooms", room, "leave"):
                self.kicks(room)
                said = web.json_response({})
            case ("PUT", "client", "v3", "rooms", room, "send", kind, transaction):
                said = self._send(room, kind, transaction, body)
            case ("PUT", "client", "v3", "rooms", room, "redact", event, _):
                self.redacts(room, BOT, event)
                said = web.json_response({"event_id": f"$redaction{next(self._numbers)}"})
            case ("PUT", "client", "v3", "rooms", room, "typing", _):
                self.typing.append((room, body["typing"]))
                said = web.json_response({})
            case ("GET", "client", "v3", "rooms", room, "event", event):
                found = [one for _, one in self.rooms[room].timeline if one["event_id"] == event]
                said = web.json_response(found[0]) if found else _error(404, "M_NOT_FOUND")
            case ("GET", "client", "v3", "rooms", room, "messages"):
                said = self._messages(room, request)
            case ("POST", "media", "v3", "upload"):
                said = web.json_response({"content_uri": self.file(body)})
            case ("GET", "client", "v1", "media", "download", _, name) | (
                "GET", "media", "v3", "download", _, name
            ):  # fmt: skip
                file = self.files.get(name)
                gone = _error(404, "M_NOT_FOUND")
                said = gone if file is None else web.Response(body=file)
        if said is None:
            self.violations.append(f"{request.method} {request.path}")
            return _error(404, "M_UNRECOGNIZED")
        return said

    def _send(self, room: str, kind: str, transaction: str, body: Any) -> web.Response:
        if self.rooms[room].members.get(BOT) != "join":
            return _error(403, "M_FORBIDDEN")
        if len(json.dumps(body).encode()) > _LARGEST_EVENT:
            return _error(413, "M_TOO_LARGE")
        if body.get("m.mentions") != {} or body.get("msgtype") not in _NOTICES:
            self.violations.append(f"a message that may ping somebody: {body}")
        if transaction not in self._transactions:
            self._transactions[transaction] = self.sends(room, BOT, body, kind)
        return web.json_response({"event_id": self._transactions[transaction]})

    async def _sync(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "s0").removeprefix("s"))
        whole = request.query.get("full_state") == "true" or not since
        self.syncs += 1
        deadline = asyncio.get_running_loop().time() + int(request.query.get("timeout", 0)) / 1000
        while self._stream <= since and not whole:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            try:
                async with asyncio.timeout(left):
                    await self._news.wait()
            except TimeoutError:
                break
        rooms: Json = {"join": {}, "invite": {}, "leave": {}}
        for room in self.rooms.values():
            self._show(room, since, whole, rooms)
        return web.json_response({"next_batch": f"s{self._stream}", "rooms": rooms})

    def _show(self, room: Room, since: int, whole: bool, rooms: Json) -> None:
        match room.members[BOT]:
            case "invite" if room.invited_at > since:
                member = _state("m.room.member", BOT, room.inviter, {"membership": "invite"})
                rooms["invite"][room.id] = {"invite_state": {"events": [member]}}
            case "leave" if room.left_at > since:
                rooms["leave"][room.id] = {"state": {"events": []}, "timeline": {"events": []}}
            case "join":
                new = [(at, event) for at, event in room.timeline if at > since]
                fresh = whole or room.joined_at > since
                if not new and not fresh:
                    return
                shown = new[-self.limit :]
                joined = sum(one == "join" for one in room.members.values())
                rooms["join"][room.id] = {
                    "state": {"events": room.state if fresh else []},
                    "timeline": {
                        "events": [self._aged(event) for _, event in shown],
                        "limited": len(shown) < len(new),
                        "prev_batch": f"s{shown[0][0] - 1}" if shown else f"s{since}",
                    },
                    "summary": {
                        "m.joined_member_count": joined,
                        "m.invited_member_count": len(room.members) - joined,
                    },
                    "ephemeral": {"events": []},
                    "account_data": {"events": []},
                    "unread_notifications": {},
                }

    def _aged(self, event: Json) -> Json:
        age = self.ages.get(event["event_id"])
        return event if age is None else event | {"unsigned": {"age": age}}

    def _messages(self, room: str, request: web.Request) -> web.Response:
        start = int(request.query["from"].removeprefix("s"))
        end = int(request.query.get("to", "s0").removeprefix("s"))
        found = [(at, one) for at, one in self.rooms[room].timeline if end < at <= start]
        chunk = found[-int(request.query["limit"]) :][::-1]
        more = len(chunk) < len(found)
        return web.json_response({
            "chunk": [event for _, event in chunk],
            "start": request.query["from"],
            **({"end": f"s{chunk[-1][0] - 1}"} if more else {}),
        })  # fmt: skip

    def _new_room(self, people: tuple[str, ...], levels: Mapping[str, int] | None) -> Room:
        room = Room(f"!room{next(self._numbers)}:{HOST}", dict.fromkeys(people, "join"))
        users = dict(levels or {people[0]: 100})
        room.state = [
            _state("m.room.power_levels", "", people[0], {"users": users, "users_default": 0}),
            *(_state("m.room.member", one, one, {"membership": "join"}) for one in people),
        ]
        self.rooms[room.id] = room
        return room

    def _join(self, room: Room) -> None:
        room.state.append(_state("m.room.member", BOT, BOT, {"membership": "join"}))
        room.joined_at = self._next()

    def _next(self) -> int:
        self._stream += 1
        self._news.set()
        self._news = asyncio.Event()
        return self._stream


def content(
    *, reply_to: str = "", thread: str = "", mentions: tuple[str, ...] | None = None, **more: Any
) -> Json:
    """Parts of a message's content."""
    found: Json = dict(more)
    relation: Json = {"m.in_reply_to": {"event_id": reply_to}} if reply_to else {}
    if thread:
        relation |= {"rel_type": "m.thread", "event_id": thread}
    if relation:
        found["m.relates_to"] = relation
    if mentions is not None:
        found["m.mentions"] = {"user_ids": list(mentions)} if mentions else {}
    return found


def _state(kind: str, key: str, sender: str, body: Json) -> Json:
    return {
        "type": kind,
        "state_key": key,
        "sender": sender,
        "event_id": f"$state-{kind}-{key}",
        "origin_server_ts": 1_700_000_000_000,
        "content": body,
    }


def _error(status: int, code: str, **more: Any) -> web.Response:
    return web.json_response({"errcode": code, "error": "no", **more}, status=status)


@asynccontextmanager
async def matrix_server() -> AsyncIterator[MatrixServer]:
    """A homeserver that listens."""
    server = MatrixServer()
    app = web.Application(client_max_size=60_000_000)
    app.router.add_route("*", "/{path:.*}", server._answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()
