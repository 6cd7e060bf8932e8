"""A Bot API on loopback: the real library talks to it, every call is checked and recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import BodyPartReader, web
from aiohttp.typedefs import Middleware

from tests.support.specs.telegram_check import TelegramSpec, Upload, parse_parameter
from tests.support.telegram_server.calls import Call, Fault, break_off, error
from tests.support.telegram_server.methods import Methods
from tests.support.telegram_server.people import Person
from tests.support.telegram_server.webhook import Caller
from tests.support.telegram_server.world import Json, Refusal, World

TOKEN = "7700112233:AAH-loopback_Secret-Token_0123456789ab"
BOT: Json = {
    "id": 7700112233,
    "is_bot": True,
    "first_name": "CaptionBot",
    "username": "loopback_caption_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


class TelegramServer:
    """`async with TelegramServer() as server:`; the Bot API is at `server.url`.

    `violations` are the calls that the real service would refuse for their form; a test that
    leaves any behind has found a defect.
    """

    def __init__(self, *, token: str = TOKEN) -> None:
        self.token = token
        self.url = ""
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.downloads: list[str] = []  # file ids
        self.redirect_to = ""  # where downloads are sent on to, if set
        self.middlewares: list[Middleware] = []  # of aiohttp; before it starts
        self._changed = asyncio.Condition()
        self._notes: set[asyncio.Task[None]] = set()
        self._spec = TelegramSpec.load()
        self.world = World(self._spec, dict(BOT), self._note)
        self.webhook = Caller(self.world, self._announce_soon)
        self._methods = Methods(self.world)
        self._faults: list[Fault] = []
        self._poll = 0  # number of the newest getUpdates: an older one is in conflict
        self._runner: web.AppRunner | None = None
        self._port = 0

    # --- life

    async def start(self) -> None:
        """Listen; on the port of last time, if there was one."""
        app = web.Application(client_max_size=60_000_000, middlewares=self.middlewares)
        app.router.add_route("*", "/bot{token}/{method}", self._api)
        app.router.add_get("/file/bot{token}/{file_id}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        await self.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    # --- what a test says

    def person(self) -> Person:
        """Somebody in a private chat with the bot."""
        return Person(self.world, self.world.chat("private"))

    def group(self, *, forum: bool = False) -> Json:
        return self.world.chat("supergroup", forum=forum)

    def channel(self) -> Person:
        """Somebody who posts in a channel."""
        return Person(self.world, self.world.chat("channel"))

    def direct_messages(self) -> Person:
        """Somebody who writes to a channel in its direct messages."""
        return Person(self.world, self.world.chat("supergroup", direct=True))

    def member(self, group: Json, *, thread: int | None = None) -> Person:
        """Somebody in a group, or in a topic of a forum."""
        if thread is not None:
            self.world.topics.setdefault(group["id"], set()).add(thread)
        return Person(self.world, group, thread=thread)

    def make_admin(self, group: Json, ident: int) -> None:
        """Make somebody, or the bot, an admin of a group."""
        self.world.admins.setdefault(group["id"], set()).add(ident)

    @property
    def commands(self) -> dict[tuple[str, str], list[Json]]:
        """The lists of commands that were set, by type of scope and language code."""
        return self._methods.commands

    @property
    def texts(self) -> dict[tuple[str, str], str]:
        """The "description" and the "short_description" that were set, by language code."""
        return self._methods.texts

    def fail(self, method: str, *, times: int = 1, **how: Any) -> Fault:
        """Let the next calls of a method (or "download") go wrong; see Fault."""
        fault = Fault(method, times, **how)
        self._faults.append(fault)
        return fault

    def forgive(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()

    def made(self, *methods: str, chat_id: int | None = None) -> list[Call]:
        """Calls of these methods (all "send…" but chat actions, if none is named) that worked."""
        return [
            call
            for call in self.calls
            if call.result is not None
            and (
                call.method in methods
                or (not methods and call.method.startswith("send") and "Action" not in call.method)
            )
            and (chat_id is None or call.params.get("chat_id") == chat_id)
        ]

    @property
    def polls(self) -> int:
        """How many times the bot asked for updates."""
        return self._poll

    async def until(self, condition: Callable[[], object], *, seconds: float = 30.0) -> None:
        """Return when the condition holds; it is looked at after whatever happens here."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: bool(condition()))

    # --- HTTP

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return error(401, "Unauthorized")
        try:
            params, files = await self._read(request, method)
        except ConnectionResetError:  # whoever called is gone
            return error(400, "Bad Request")
        result: object = None
        try:
            fault = await self._fault(method, params)
            if fault is not None:
                return break_off(request, fault)
            wrong = self._spec.refusals(method, params, files)
            if wrong:
                self.violations.append(f"{method}: {'; '.join(wrong)}")
                return error(400, f"Bad Request: {wrong[0]}")
            result = await self._result(method, self._meant(method, params), files)
            return web.json_response({"ok": True, "result": result})
        except Refusal as refusal:
            return error(refusal.status, refusal.description)
        finally:
            now = asyncio.get_running_loop().time()
            self.calls.append(Call(method, self._meant(method, params), files, result, now))
            await self._announce()

    async def _result(self, method: str, meant: dict[str, Any], files: dict[str, Upload]) -> object:
        """What a call is answered. Raises Refusal."""
        if method == "getUpdates":
            return await self._get_updates(meant)
        if method == "setWebhook":
            return self.webhook.set(meant)
        if method == "deleteWebhook":
            return self.webhook.delete(meant)
        if method in self._methods.table:
            return self._methods.table[method](meant, files)
        self.violations.append(f"{method}: the loopback server cannot do it yet")
        raise Refusal(404, "Not Found")

    async def _read(
        self, request: web.Request, method: str
    ) -> tuple[dict[str, Any], dict[str, Upload]]:
        if request.content_type == "application/json":
            return dict(await request.json()), {}
        if request.content_type != "multipart/form-data":
            params: dict[str, Any] = dict(request.query)
            for name, value in (await request.post()).items():
                if name in params:
                    self.violations.append(f"{method}: {name} twice")
                params[name] = value
            return params, {}
        params, files = {}, {}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.filename is None:
                params[str(part.name)] = await part.text()
            else:
                kind = part.headers.get("Content-Type", "")
                data = bytes(await part.read())
                files[str(part.name)] = Upload(part.filename, data, kind)
        return params, files

    def _meant(self, method: str, params: Json) -> Json:
        fields = self._spec.methods.get(method, {}).get("fields", {})
        meant = {}
        for name, value in params.items():
            try:
                meant[name] = parse_parameter(value, fields[name]["types"])
            except (KeyError, ValueError):
                meant[name] = value
        return meant

    async def _get_updates(self, params: Json) -> list[Json]:
        if self.webhook.info is not None:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        mine = self._poll
        await self._announce()
        self.world.confirm(params.get("offset", 0))

        def ready() -> list[Json]:
            allowed = params.get("allowed_updates") or ["message", "callback_query"]
            if mine != self._poll:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
            return [u for u in self.world.updates if set(u) & set(allowed)]

        async with self._changed:
            try:
                async with asyncio.timeout(params.get("timeout", 0)):
                    await self._changed.wait_for(ready)
            except TimeoutError:
                pass
            return ready()[: params.get("limit", 100)]

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file_id = request.match_info["file_id"]
        if request.match_info["token"] != self.token:
            return error(401, "Unauthorized")
        fault = await self._fault("download", {})
        stored = self.world.files.get(file_id)
        try:
            if fault is not None:
                return break_off(request, fault)
            if self.redirect_to:
                raise web.HTTPFound(self.redirect_to)
            if stored is None or not stored.available:
                return error(404, "Not Found")
            self.downloads.append(file_id)
            return web.Response(body=stored.data, content_type="application/octet-stream")
        finally:
            await self._announce()

    # --- faults and news

    async def _fault(self, method: str, params: Json) -> Fault | None:
        for fault in self._faults:
            if fault.method != method or fault.happened >= fault.times:
                continue
            if fault.chat_id is not None and str(fault.chat_id) != str(params.get("chat_id")):
                continue
            fault.happened += 1
            await self._announce()
            if fault.gate is None:
                return fault
            await fault.gate.wait()
            return fault if fault.reset else None
        return None

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _note(self) -> None:
        self.webhook.look()
        self._announce_soon()

    def _announce_soon(self) -> None:
        task = asyncio.get_running_loop().create_task(self._announce())
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)
