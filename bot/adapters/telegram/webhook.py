"""Updates from Telegram by webhook: it calls us, so that any number of processes can answer."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections import OrderedDict
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update

from bot.adapters.telegram.settings import Webhook
from bot.adapters.telegram.updates import KINDS, Dispatcher, update_in

log = logging.getLogger(__name__)

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1_000_000  # bytes of an update; photos are not in it
_REMEMBERED = 2000  # updates
_AT_ONCE = 100  # calls that Telegram may make at a time: as many as it can


class Receiver:
    """Listens for updates; each call is answered when its update is handled.

    A process that dies has not answered, and Telegram calls again: nothing is lost. What comes
    twice to two processes is one job in the queue.
    """

    def __init__(self, webhook: Webhook, bot: Bot, dispatcher: Dispatcher) -> None:
        self._webhook = webhook
        self._bot = bot
        self._dispatcher = dispatcher
        self._known: OrderedDict[int, asyncio.Task[None]] = OrderedDict()
        self._runner: web.AppRunner | None = None
        self._stopping = False
        self.port = webhook.port  # the one that it listens on, once it does

    async def start(self) -> None:
        """Listen. Raises OSError where that cannot be."""
        if self._runner is not None:
            return
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_post(urlsplit(self._webhook.url).path or "/", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._webhook.host, self._webhook.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def register(self) -> None:
        """Tell Telegram where to call. Raises TelegramError."""
        await self._bot.set_webhook(
            self._webhook.url,
            secret_token=self._webhook.secret,
            allowed_updates=KINDS,
            max_connections=_AT_ONCE,
        )

    async def finish(self, grace: float) -> None:
        """Finish what is in hand within `grace` seconds; the rest Telegram brings again.

        The webhook stays: what comes while nobody listens waits at Telegram's.
        """
        self._stopping = True
        await self._dispatcher.finish(grace)
        await asyncio.gather(*self._known.values(), return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if self._stopping:
            return web.Response(status=503)
        if not hmac.compare_digest(given, self._webhook.secret.encode()):
            return web.Response(status=403)
        update = self._understood(await request.read())
        if update is None:
            return web.Response(status=400)
        task = self._handled(update)
        await asyncio.wait({task}, timeout=self._dispatcher.patience)
        if not task.done() or task.cancelled():
            return web.Response(status=503)  # to be brought again
        return web.Response()

    def _understood(self, body: bytes) -> Update | None:
        try:
            update = update_in(json.loads(body), self._bot)
        except (ValueError, RecursionError):
            update = None
        if update is None:
            log.warning("telegram: a call with the right secret brought no update")
            return None
        return update

    def _handled(self, update: Update) -> asyncio.Task[None]:
        """The handling of an update; one that is brought again is handled once."""
        task = self._known.get(update.update_id)
        if task is None or task.cancelled():
            task = self._dispatcher.start(update)
            self._known[update.update_id] = task
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return task
