"""The Telegram bot: connects, polls, answers, and stops without losing anything."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from typing import Any

from telegram import BotCommand
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, MessageHandler
from telegram.ext.filters import UpdateType

from bot.adapters import AdapterError
from bot.adapters.telegram.answering import Answering
from bot.adapters.telegram.asking import Asking
from bot.adapters.telegram.courier import Courier
from bot.adapters.telegram.pictures import DOWNLOAD_LIMIT, seconds_to_wait
from bot.adapters.telegram.polling import PATIENCE, Poller, pauses
from bot.adapters.telegram.redaction import hide_in_logs
from bot.adapters.telegram.waiting import Waiting
from bot.desk import Desk
from bot.texts import say

log = logging.getLogger(__name__)

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_COMMANDS = ("caption", "help", "start")
_CONNECTIONS = 128
_REJECTED = (
    "Telegram does not accept the bot token: set TELEGRAM_BOT_TOKEN to the one that @BotFather "
    "gave (and TELEGRAM_API_URL only for a Bot API server of your own)"
)

_Application = Application[Any, Any, Any, Any, Any, Any]


class TelegramAdapter:
    """Telegram's side of a desk; `run` serves until it is cancelled or `stop` is called.

    `api_url` is the server of the Bot API, for calls and for files. `consumer` names this process
    among those that answer for the same bot, and stays the same over its restarts.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        token: str,
        api_url: str = "https://api.telegram.org",
        consumer: str | None = None,
        max_bytes: int = DOWNLOAD_LIMIT,
        grace: float = 5.0,
        patience: float = PATIENCE,
    ) -> None:
        """Raises AdapterError for a token that cannot be one.

        `grace` seconds are given at the end to what is in hand; for `patience` see Poller.
        """
        hide_in_logs(token)
        if not _TOKEN.fullmatch(token):
            raise AdapterError(_REJECTED)
        base = api_url.rstrip("/")
        self._consumer = consumer or socket.gethostname()
        self._grace = grace
        self._stopping = asyncio.Event()
        self._ready = asyncio.Event()
        self._application: _Application = (
            ApplicationBuilder()
            .token(token)
            .base_url(f"{base}/bot")
            .base_file_url(f"{base}/file/bot")
            .updater(None)
            .job_queue(None)
            .connection_pool_size(_CONNECTIONS)
            .pool_timeout(30.0)
            .connect_timeout(10.0)
            .read_timeout(20.0)
            .write_timeout(20.0)
            .media_write_timeout(60.0)
            .build()
        )
        self._bot = self._application.bot
        courier = Courier(self._bot)
        self._waiting = Waiting(self._bot, courier)
        self._answering = Answering(desk, courier, self._waiting)
        asking = Asking(
            self._bot, desk, courier, self._answering, self._waiting,
            max_bytes=min(max_bytes, DOWNLOAD_LIMIT),
        )  # fmt: skip
        self._application.add_handler(MessageHandler(UpdateType.MESSAGE, asking.message))
        self._application.add_handler(CallbackQueryHandler(asking.button))
        self._application.add_error_handler(_on_error)
        self._poller = Poller(self._bot, self._application.process_update, patience=patience)

    @property
    def ready(self) -> bool:
        """Whether the bot is connected and takes messages."""
        return self._ready.is_set() and not self._stopping.is_set()

    def stop(self) -> None:
        """Let `run` end."""
        self._stopping.set()

    async def run(self) -> None:
        """Serve until stopped or cancelled; then finish what is in hand, within the grace time.

        Raises AdapterError if Telegram does not accept the token. Without a network it keeps
        trying.
        """
        stopped = asyncio.create_task(self._stopping.wait())
        served = asyncio.create_task(self._serve())
        try:
            await asyncio.wait({stopped, served}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            served.cancel()
            await asyncio.gather(stopped, return_exceptions=True)
            ended = (await asyncio.gather(served, return_exceptions=True))[0]
        if isinstance(ended, InvalidToken):
            raise AdapterError(_REJECTED) from None
        if isinstance(ended, Exception):
            raise ended

    async def _serve(self) -> None:
        try:
            await self._connect()
            self._ready.set()
            log.info("telegram: listening as @%s", self._bot.username)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._announce_commands())
                tasks.create_task(self._answering.run(self._consumer))
                tasks.create_task(self._poller.run())
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            await self._close()

    async def _connect(self) -> None:
        """Check the token and take the bot over from a webhook; keeps trying without a network."""
        for pause in pauses():
            try:
                await self._application.initialize()
                await self._bot.delete_webhook()
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("telegram: cannot be reached (%s); trying on", error)
                await asyncio.sleep(max(pause, seconds_to_wait(error)))
            else:
                return

    async def _announce_commands(self) -> None:
        commands = [BotCommand(name, say(f"command-{name}")) for name in _COMMANDS]
        try:
            await self._bot.set_my_commands(commands)
        except TelegramError as error:
            log.warning("telegram: the list of commands could not be set: %s", error)

    async def _close(self) -> None:
        if self._ready.is_set():
            await self._poller.finish(self._grace)
            await self._answering.finish(self._grace)
        await self._waiting.close()
        await self._application.shutdown()
        await self._bot.shutdown()


async def _on_error(_update: object, context: Any) -> None:  # noqa: ANN401 - generic in the library
    log.error("telegram: an update could not be handled", exc_info=context.error)
