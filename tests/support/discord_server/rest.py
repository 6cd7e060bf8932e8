"""The REST interface: every call is recorded, checked, and answered as Discord would."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.support.discord_server.calls import (
    Fault,
    Received,
    Refusal,
    as_refusal,
    check_token,
    read,
    respond,
)
from tests.support.discord_server.posting import Posting
from tests.support.discord_server.world import World
from tests.support.specs.discord_check import violations

_BAD_FORM = 50035

Handler = Callable[[Received], Awaitable[Any]]


class Rest:
    """Discord's REST interface over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.received: list[Received] = []
        self.posting = Posting(world)
        self.violations = self.posting.violations
        self.faults: list[Fault] = []
        self.changed = asyncio.Condition()
        posting = self.posting
        hook, tail = r"/webhooks/(?P<app>\d+)/(?P<token>[^/]+)", r"/messages/(?P<id>[^/]+)"
        channel = r"/channels/(?P<channel>\d+)/messages"
        self._handlers: list[tuple[str, re.Pattern[str], Handler]] = [
            (method, re.compile(pattern), handler)
            for method, pattern, handler in (
                ("GET", r"/users/@me", self._me),
                ("GET", r"/oauth2/applications/@me", self._application),
                ("GET", r"/applications/@me", self._application),
                ("GET", r"/users/@me/guilds", self._guilds),
                ("GET", r"/applications/\d+/commands", self._commands),
                ("PUT", r"/applications/\d+/commands", self._set_commands),
                (
                    "POST",
                    r"/interactions/(?P<id>\d+)/(?P<token>[^/]+)/callback",
                    self.posting.callback,
                ),
                ("GET", hook + tail, posting.get_answer),
                ("PATCH", hook + tail, posting.edit_answer),
                ("DELETE", hook + tail, posting.delete_answer),
                ("POST", hook, posting.follow_up),
                ("POST", r"/users/@me/channels", posting.open_direct),
                ("POST", r"/channels/(?P<channel>\d+)/typing", posting.type),
                ("POST", channel, posting.send),
                ("GET", channel, posting.get_messages),
                ("GET", channel + r"/(?P<id>\d+)", posting.get_message),
                ("DELETE", channel + r"/(?P<id>\d+)", posting.delete_message),
            )
        ]

    async def handle(self, request: web.Request) -> web.Response:
        """One call; anything that Discord would refuse is put down in `violations`."""
        received = await read(request)
        self.received.append(received)
        try:
            answer = await self._answer(received)
            received.status = 200 if answer is not None else 204
            response = respond(received.status, answer)
        except Refusal as refusal:
            received.status = refusal.status
            if refusal.status == 0 and request.transport is not None:
                request.transport.abort()
            body = {"message": refusal.text, "code": refusal.code, **refusal.extra}
            response = respond(refusal.status or 503, body)
        async with self.changed:
            self.changed.notify_all()
        return response

    async def _answer(self, received: Received) -> Any:
        call = received.call
        for fault in self.faults:
            if fault.hits(call):
                fault.times -= 1
                raise as_refusal(fault)
        problems = violations(call)
        self.violations += problems
        if problems:
            errors = [{"code": "LOOPBACK", "message": problem} for problem in problems]
            raise Refusal(400, _BAD_FORM, "Invalid Form Body", errors={"_errors": errors})
        for method, pattern, handler in self._handlers:
            match = pattern.fullmatch(call.path)
            if match and method == call.method:
                received.args = match.groupdict()
                return await handler(received)
        self.violations.append(f"{call.method} {call.path}: the loopback server has no such call")
        raise Refusal(404, 0, "404: Not Found")

    # --- who the bot is

    async def _me(self, received: Received) -> Any:
        check_token(received)
        return {**self._world.bot.payload(), "mfa_enabled": False, "verified": True}

    async def _application(self, received: Received) -> Any:
        check_token(received)
        return {
            "id": str(self._world.application), "name": "CaptionBot", "icon": None,
            "description": "", "bot_public": True, "bot_require_code_grant": False,
            "verify_key": "00", "owner": self._world.bot.payload(), "flags": 0, "team": None,
            **self._world.application_says,
        }  # fmt: skip

    async def _guilds(self, received: Received) -> Any:
        check_token(received)
        return [{
            "id": str(self._world.guild), "name": "a guild", "icon": None, "banner": None,
            "owner": False, "permissions": str(self._world.allowed), "features": [],
        }]  # fmt: skip

    async def _commands(self, received: Received) -> Any:
        check_token(received)
        if received.call.query.get("with_localizations") in {"true", "1"}:
            return self._world.commands
        hidden = {"name_localizations", "description_localizations"}
        return [{k: v for k, v in c.items() if k not in hidden} for c in self._world.commands]

    async def _set_commands(self, received: Received) -> Any:
        check_token(received)
        world = self._world
        world.commands = [
            {
                # as the real service fills in what was left out
                "description": "",
                "nsfw": False, "contexts": None,
                "integration_types": [0], "dm_permission": True, "type": 1,
                "name_localizations": None, "description_localizations": None, **given,
                "id": str(world.snowflake()), "application_id": str(world.application),
                "version": str(world.snowflake()),
                "default_member_permissions": _text(given.get("default_member_permissions")),
            }
            for given in received.body
        ]  # fmt: skip
        return world.commands


def _text(number: int | str | None) -> str | None:
    return None if number is None else str(number)
