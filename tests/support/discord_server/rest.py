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
    read,
    respond,
)
from tests.support.discord_server.world import Interaction, Json, Message, World
from tests.support.specs.discord_check import violations

_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE, _UNKNOWN_WEBHOOK = 10003, 10008, 10015
_UNKNOWN_INTERACTION, _ACKNOWLEDGED, _EMPTY_MESSAGE = 10062, 40060, 50006
_BAD_FORM, _INVALID_TOKEN = 50035, 50027
_MESSAGE, _DEFERRED = 4, 5
_EPHEMERAL = 64


Handler = Callable[[Received], Awaitable[Any]]


class Rest:
    """Discord's REST interface over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.received: list[Received] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.changed = asyncio.Condition()
        hook, tail = r"/webhooks/(?P<app>\d+)/(?P<token>[^/]+)", r"/messages/(?P<id>[^/]+)"
        channel = r"/channels/(?P<channel>\d+)/messages"
        self._handlers: list[tuple[str, re.Pattern[str], Handler]] = [
            (method, re.compile(pattern), handler)
            for method, pattern, handler in (
                ("GET", r"/users/@me", self._me),
                ("GET", r"/oauth2/applications/@me", self._application),
                ("GET", r"/applications/\d+/commands", self._commands),
                ("PUT", r"/applications/\d+/commands", self._set_commands),
                ("POST", r"/interactions/(?P<id>\d+)/(?P<token>[^/]+)/callback", self._callback),
                ("PATCH", hook + tail, self._edit_answer),
                ("POST", hook, self._follow_up),
                ("POST", channel, self._send),
                ("GET", channel + r"/(?P<id>\d+)", self._get_message),
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
        self._check_token(received)
        return {**self._world.bot.payload(), "mfa_enabled": False, "verified": True}

    async def _application(self, received: Received) -> Any:
        self._check_token(received)
        return {
            "id": str(self._world.application), "name": "CaptionBot", "icon": None,
            "description": "", "bot_public": True, "bot_require_code_grant": False,
            "verify_key": "00", "owner": self._world.bot.payload(), "flags": 0, "team": None,
        }  # fmt: skip

    async def _commands(self, received: Received) -> Any:
        self._check_token(received)
        return self._world.commands

    async def _set_commands(self, received: Received) -> Any:
        self._check_token(received)
        world = self._world
        world.commands = [
            {
                # as the real service fills in what was left out
                "description": "",
                "default_member_permissions": None, "nsfw": False, "contexts": None,
                "integration_types": [0], "dm_permission": True, "type": 1, **given,
                "id": str(world.snowflake()), "application_id": str(world.application),
                "version": str(world.snowflake()),
            }
            for given in received.body
        ]  # fmt: skip
        return world.commands

    # --- answers to interactions

    async def _callback(self, received: Received) -> Any:
        interaction = self._world.interactions.get(received.args["token"])
        if interaction is None or not interaction.usable():
            raise Refusal(404, _UNKNOWN_INTERACTION, "Unknown interaction")
        if interaction.acknowledged:
            raise Refusal(400, _ACKNOWLEDGED, "Interaction has already been acknowledged.")
        interaction.acknowledged = True
        kind, data = received.body["type"], received.body.get("data") or {}
        message = Message(
            self._world.snowflake(), interaction.channel, self._world.bot,
            flags=data.get("flags", 0), loading=kind == _DEFERRED,
        )  # fmt: skip
        if kind == _MESSAGE:
            self._fill(message, data, received)
        interaction.original = self._world.add(message)
        return {
            "interaction": {
                "id": str(interaction.id), "type": 2, "response_message_id": str(message.id),
                "response_message_loading": message.loading,
                "response_message_ephemeral": bool(message.flags & _EPHEMERAL),
            },
            "resource": {"type": kind, "message": self._world.payload(message)},
        }  # fmt: skip

    async def _edit_answer(self, received: Received) -> Any:
        interaction = self._interaction(received)
        wanted = received.args["id"].replace("%40", "@")
        message = (
            interaction.original
            if wanted == "@original"
            else self._world.find(interaction.channel.id, int(wanted))
        )
        if message is None or message.deleted or message.author.id != self._world.bot.id:
            raise Refusal(404, _UNKNOWN_MESSAGE, "Unknown Message")
        self._fill(message, received.body, received)
        message.loading = False
        message.edits += 1
        return self._world.payload(message)

    async def _follow_up(self, received: Received) -> Any:
        interaction = self._interaction(received)
        message = Message(self._world.snowflake(), interaction.channel, self._world.bot)
        self._fill(message, received.body, received)
        return self._world.payload(self._world.add(message))

    def _interaction(self, received: Received) -> Interaction:
        interaction = self._world.interactions.get(received.args["token"])
        if int(received.args["app"]) != self._world.application or interaction is None:
            raise Refusal(404, _UNKNOWN_WEBHOOK, "Unknown Webhook")
        if not interaction.usable():
            raise Refusal(401, _INVALID_TOKEN, "Invalid Webhook Token")
        if not interaction.acknowledged:
            raise Refusal(404, _UNKNOWN_WEBHOOK, "Unknown Webhook")
        return interaction

    # --- messages

    async def _send(self, received: Received) -> Any:
        self._check_token(received)
        channel, body = self._world.channels.get(int(received.args["channel"])), received.body
        if channel is None:
            raise Refusal(404, _UNKNOWN_CHANNEL, "Unknown Channel")
        nonce = None if body.get("nonce") is None else str(body["nonce"])
        if nonce and body.get("enforce_nonce"):
            for earlier in self._world.messages.values():
                if earlier.nonce == nonce and earlier.author.id == self._world.bot.id:
                    return self._world.payload(earlier)
        message = Message(self._world.snowflake(), channel, self._world.bot, nonce=nonce)
        reference = body.get("message_reference")
        if reference:
            message.reference = self._world.find(channel.id, int(reference["message_id"]))
            if message.reference is None and reference.get("fail_if_not_exists", True):
                raise Refusal(400, _BAD_FORM, "Invalid Form Body")
        self._fill(message, body, received)
        return self._world.payload(self._world.add(message))

    async def _get_message(self, received: Received) -> Any:
        self._check_token(received)
        message = self._world.find(int(received.args["channel"]), int(received.args["id"]))
        if message is None:
            raise Refusal(404, _UNKNOWN_MESSAGE, "Unknown Message")
        return self._world.payload(message)

    def _fill(self, message: Message, body: Json, received: Received) -> None:
        """Put a call's content into a message; what an edit does not name stays."""
        if "content" in body:
            message.content = body["content"] or ""
        if "components" in body:
            message.components = body["components"] or []
        if "attachments" in body:
            kept = {a["id"]: a for a in message.attachments}
            message.attachments = [
                kept[str(given["id"])]
                if str(given["id"]) in kept
                else self._upload(given, received)
                for given in body["attachments"] or []
            ]
        if not (message.content or message.attachments or body.get("embeds")):
            raise Refusal(400, _EMPTY_MESSAGE, "Cannot send an empty message")

    def _upload(self, given: Json, received: Received) -> Json:
        name, data = received.uploads[f"files[{given['id']}]"]
        return self._world.attachment(name, data, description=given.get("description"))

    def _check_token(self, received: Received) -> None:
        if not received.known:
            raise Refusal(401, 0, "401: Unauthorized")
