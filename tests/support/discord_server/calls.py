"""REST calls as they arrive and answers as they leave."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.support.specs.discord_check import Call

BOT_TOKEN = web.AppKey("bot_token", str)


class Refusal(Exception):
    """An error answer of Discord's: HTTP status, its own code, and headers."""

    def __init__(self, status: int, code: int, text: str, **extra: Any) -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.extra = status, code, text, extra


@dataclass(slots=True)
class Fault:
    """What some of the calls will meet instead of an answer."""

    method: str
    path: str  # a regular expression, searched
    status: int  # 0: the connection is cut
    code: int = 0
    times: int = 1
    retry_after: float = 0.0

    def hits(self, call: Call) -> bool:
        return (
            self.times > 0 and call.method == self.method and bool(re.search(self.path, call.path))
        )


@dataclass(slots=True)
class Received:
    """A call, its uploads, and the status of the answer."""

    call: Call
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # field: name and data
    known: bool = False  # the bot token is the right one
    status: int = 0
    args: Mapping[str, str] = field(default_factory=dict)  # from the path

    @property
    def body(self) -> Any:
        return self.call.body


async def read(request: web.Request) -> Received:
    """A request taken apart."""
    kind = request.headers.get("Content-Type", "")
    body: Any = None
    uploads: dict[str, tuple[str, bytes]] = {}
    if kind.startswith("multipart/"):
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            data = bytes(await part.read())
            if part.name == "payload_json":
                body = json.loads(data)
            else:
                uploads[part.name or ""] = (part.filename or "", data)
    elif raw := await request.read():
        body = json.loads(raw)
    token = request.headers.get("Authorization", "")
    call = Call(
        method=request.method,
        path="/" + request.match_info["tail"],
        query=dict(request.query),
        content_type=kind,
        body=body,
        files=tuple(uploads),
        authorised=token.startswith("Bot "),
    )
    return Received(call, uploads, known=token == f"Bot {request.app[BOT_TOKEN]}")


def check_token(received: Received) -> None:
    """Raises Refusal for a call without the bot's token."""
    if not received.known:
        raise Refusal(401, 0, "401: Unauthorized")


def as_refusal(fault: Fault) -> Refusal:
    if fault.status == 429:
        return Refusal(
            429,
            0,
            "You are being rate limited.",
            retry_after=fault.retry_after,
            **{"global": False},
        )
    return Refusal(fault.status, fault.code, "a fault that the test asked for")


def respond(status: int, body: Any) -> web.Response:
    # discord.py reads an answer as JSON only if the type is exactly this, without a charset.
    headers = {"Content-Type": "application/json", "Via": "1.1 loopback"}
    if status == 204:
        return web.Response(status=204)
    return web.Response(status=status, body=json.dumps(body).encode(), headers=headers)
