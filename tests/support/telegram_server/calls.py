"""Calls that a bot made, and those that go wrong on purpose."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.specs.telegram_check import Upload
from tests.support.telegram_server.world import Json


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the bot made, parameters parsed."""

    method: str
    params: Json
    files: dict[str, Upload]
    result: Any = None  # None: it was refused, or a fault was injected
    at: float = 0.0  # the loop's clock


@dataclass(slots=True)
class Fault:
    """Calls of a method that go wrong on purpose."""

    method: str  # of the Bot API, or "download"
    times: int
    status: int = 500
    retry_after: int | None = None
    description: str = "Internal Server Error"
    migrate_to: int | None = None  # with status 400: the group's new id
    reset: bool = False  # cut the connection instead of answering
    # Hold the answer until it is set, then answer well, or with `reset` not at all.
    gate: asyncio.Event | None = None
    chat_id: int | None = None  # calls for this chat only
    happened: int = field(default=0, init=False)


def break_off(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Answer a call as a fault says, or cut the connection."""
    if fault.reset and request.transport is not None:
        request.transport.abort()
    if fault.retry_after is not None:
        wait = fault.retry_after
        description = f"Too Many Requests: retry after {wait}"
        return error(429, description, parameters={"retry_after": wait})
    if fault.migrate_to is not None:
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        new = {"migrate_to_chat_id": fault.migrate_to}
        return error(fault.status, description, parameters=new)
    return error(fault.status, fault.description)


def error(status: int, description: str, **more: object) -> web.Response:
    """An answer that says what is wrong, as the Bot API does."""
    body = {"ok": False, "error_code": status, "description": description, **more}
    return web.json_response(body, status=status)
