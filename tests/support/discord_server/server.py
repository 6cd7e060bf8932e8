"""Discord on loopback: REST, gateway and CDN on one port, and people who use it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.support.discord_server.calls import BOT_TOKEN, Fault, Received
from tests.support.discord_server.gateway import Gateway
from tests.support.discord_server.rest import Rest
from tests.support.discord_server.world import Channel, Interaction, Json, Message, Person, World

TOKEN = "MTIzNDU2Nzg5.Gloop0.back-only_not-a-real-token"
_COMMAND, _COMPONENT = 2, 3
_CHAT_INPUT, _MESSAGE_COMMAND = 1, 3
_PATIENCE = 60.0  # seconds; how long a test waits for what it expects


class DiscordServer:
    """A Discord of our own. People act through its methods; `rest` and `gateway` tell what came."""

    def __init__(self, token: str = TOKEN) -> None:
        self.world = World(token)
        self.rest = Rest(self.world)
        self.gateway = Gateway(self.world)
        self.downloads: list[str] = []  # paths that were asked of the CDN
        self.cdn_open = asyncio.Event()  # cleared: downloads hang
        self.cdn_open.set()
        self.redirect_to = ""  # where the CDN sends everybody, if set
        self.url = ""
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    async def start(self, port: int = 0) -> None:
        """Listen on a loopback port: a free one, or the one given."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app[BOT_TOKEN] = self.world.token
        app.router.add_route("*", "/api/v10/{tail:.*}", self.rest.handle)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/attachments/{tail:.*}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.world.cdn = self.url
        self.gateway.url = f"{self.url.replace('http', 'ws', 1)}/gateway"

    async def stop(self) -> None:
        """Close every connection and the port."""
        self.cdn_open.set()
        await self.gateway.drop(code=1001)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self.downloads.append(request.path)
        async with self.rest.changed:
            self.rest.changed.notify_all()
        await self.cdn_open.wait()
        if self.redirect_to:
            raise web.HTTPFound(self.redirect_to)
        data = self.world.files.get(request.path)
        if data is None:
            return web.Response(status=404)
        return web.Response(body=data, content_type="application/octet-stream")

    # --- what people do

    async def post(
        self,
        person: Person,
        channel: Channel,
        content: str = "",
        *,
        attachments: list[Json] | None = None,
        reply_to: Message | None = None,
        times: int = 1,
    ) -> Message:
        """Somebody writes a message; the event is delivered `times` times."""
        world = self.world
        message = world.add(
            Message(
                world.snowflake(), channel, person, content, attachments or [], reference=reply_to
            )
        )
        event = world.payload(message)
        if channel.guild is not None:
            event["guild_id"] = str(channel.guild)
            event["member"] = _member()
        for _ in range(times):
            await self.gateway.dispatch("MESSAGE_CREATE", event)
        return message

    async def caption(
        self, person: Person, attachment: Json, *, channel: Channel | None = None, age: float = 0.0
    ) -> Interaction:
        """Somebody uses /caption with a picture, `age` seconds ago."""
        option = {"name": "image", "type": 11, "value": attachment["id"]}
        return await self._command(
            person, channel, "caption", _CHAT_INPUT, age=age, options=[option],
            resolved={"attachments": {attachment["id"]: attachment}},
        )  # fmt: skip

    async def command(self, person: Person, name: str) -> Interaction:
        """Somebody uses a command without options."""
        return await self._command(person, None, name, _CHAT_INPUT)

    async def choose(self, person: Person, message: Message, name: str) -> Interaction:
        """Somebody chooses an entry of a message's menu."""
        target = self.world.payload(message, interaction=True)
        return await self._command(
            person, message.channel, name, _MESSAGE_COMMAND, target_id=str(message.id),
            resolved={"messages": {str(message.id): target}},
        )  # fmt: skip

    async def press(self, person: Person, message: Message, custom_id: str) -> Interaction:
        """Somebody presses a button under a message."""
        assert custom_id in message.custom_ids, f"no button {custom_id!r}"
        return await self._interaction(
            person,
            message.channel,
            _COMPONENT,
            {"custom_id": custom_id, "component_type": 2},
            message=self.world.payload(message, interaction=True),
        )

    async def _command(
        self,
        person: Person,
        channel: Channel | None,
        name: str,
        kind: int,
        *,
        age: float = 0.0,
        **data: Any,
    ) -> Interaction:
        known = [c for c in self.world.commands if c["name"] == name and c["type"] == kind]
        assert known, f"the bot registered no command {name!r}"
        described = {"id": known[0]["id"], "name": name, "type": kind, **data}
        where = channel or self.world.text_channel
        return await self._interaction(person, where, _COMMAND, described, age=age)

    async def _interaction(
        self,
        person: Person,
        channel: Channel,
        kind: int,
        data: Json,
        *,
        age: float = 0.0,
        **more: Any,
    ) -> Interaction:
        world = self.world
        number = world.snowflake(age=age)
        interaction = Interaction(number, f"aW50ZXJhY3Rpb24{number}", channel, person)
        interaction.started -= age
        world.interactions[interaction.token] = interaction
        event = {
            "id": str(number), "application_id": str(world.application), "type": kind,
            "token": interaction.token, "version": 1, "data": data, "locale": "en-GB",
            "channel": channel.payload(), "channel_id": str(channel.id), "entitlements": [],
            "app_permissions": "562949953601536", "attachment_size_limit": 10_485_760,
            "authorizing_integration_owners": {"0": "0"}, **more,
        }  # fmt: skip
        if channel.guild is None:
            event |= {"user": person.payload(), "context": 1}
        else:
            member = {**_member(), "user": person.payload(), "permissions": "0"}
            event |= {"guild_id": str(channel.guild), "member": member, "context": 0}
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        return interaction

    # --- what tests ask

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        *,
        code: int = 0,
        times: int = 1,
        retry_after: float = 0.0,
    ) -> Fault:
        """The next calls of this kind meet an error."""
        fault = Fault(method, path, status, code, times, retry_after)
        self.rest.faults.append(fault)
        return fault

    def calls(self, method: str, path: str) -> list[Received]:
        """Calls of this kind so far; `path` is the path's end."""
        return [
            r for r in self.rest.received if r.call.method == method and r.call.path.endswith(path)
        ]

    def said(self, channel: Channel) -> list[Message]:
        """What the bot wrote into a channel and is there to be read, oldest first."""
        return [
            m for m in self.world.messages.values()
            if m.channel is channel and m.author is self.world.bot and not m.loading
        ]  # fmt: skip

    async def until(self, condition: Callable[[], bool], *, seconds: float = _PATIENCE) -> None:
        """Wait for something that follows from a call; raises TimeoutError."""
        async with asyncio.timeout(seconds), self.rest.changed:
            await self.rest.changed.wait_for(condition)

    async def until_online(self, times: int = 1, *, seconds: float = _PATIENCE) -> None:
        """Wait until clients have identified so many times."""
        async with asyncio.timeout(seconds), self.gateway.changed:
            await self.gateway.changed.wait_for(lambda: self.gateway.identified >= times)

    async def until_resumed(self, times: int = 1, *, seconds: float = _PATIENCE) -> None:
        """Wait until clients have resumed so many times."""
        async with asyncio.timeout(seconds), self.gateway.changed:
            await self.gateway.changed.wait_for(lambda: self.gateway.resumed >= times)


def _member() -> Json:
    return {
        "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
        "flags": 0, "nick": None, "avatar": None,
    }  # fmt: skip


@asynccontextmanager
async def discord_server() -> AsyncIterator[DiscordServer]:
    """A running server; when it ends, no call may have been one that Discord refuses."""
    server = DiscordServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
    assert not server.rest.violations, "\n".join(server.rest.violations)
    assert not server.gateway.privileged, "the bot asked for an intent that needs approval"
