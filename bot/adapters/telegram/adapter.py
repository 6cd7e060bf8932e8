"""The Telegram bot: connects, listens, answers, and stops without losing anything."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from functools import cache

import httpx
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters import AdapterError
from bot.adapters.telegram import TOKEN, TelegramSettings, Webhook
from bot.adapters.telegram.buttons import Buttons
from bot.adapters.telegram.command_registration import register_commands
from bot.adapters.telegram.media import seconds_to_wait
from bot.adapters.telegram.messages import Messages
from bot.adapters.telegram.messenger import TelegramMessenger, TelegramPlace
from bot.adapters.telegram.updates import PATIENCE, Dispatcher, Poller, Receiver, UpdatesRequest
from bot.asyncio_utils import first_of, pauses
from bot.chat.access_control import AccessControl
from bot.chat.albums import SETTLE
from bot.chat.conversation import Conversation
from bot.chat.service import CaptionService
from bot.monitoring.logs import hide_in_logs
from bot.store import MemoryStore, Store

log = logging.getLogger(__name__)

_CONNECTIONS = 128
_REJECTED = (
    "Telegram does not accept the bot token: set TELEGRAM_BOT_TOKEN to the one that @BotFather "
    "gave (and TELEGRAM_API_URL only for a Bot API server of your own)"
)


class TelegramAdapter:
    """Telegram's side of a caption service; `run` serves until it is cancelled.

    `api_url` is the server of the Bot API, for calls and for files. `consumer` names this process
    among those that answer for the same bot, and stays the same over its restarts.

    Without a `store` choices last as long as the process, without `access` everybody may use the
    bot, without a `webhook` Telegram is polled.
    """

    def __init__(
        self,
        service: CaptionService,
        *,
        token: str,
        api_url: str = "https://api.telegram.org",
        consumer: str | None = None,
        store: Store | None = None,
        access: AccessControl | None = None,
        webhook: Webhook | None = None,
        grace: float = 5.0,
        patience: float = PATIENCE,
        settle: float = SETTLE,
    ) -> None:
        """Raises AdapterError for a token that cannot be one.

        `grace` seconds are given at the end to what is in hand; for `patience` see Dispatcher, for
        `settle` see Albums.
        """
        hide_in_logs(token)
        if webhook is not None:
            hide_in_logs(webhook.secret)
        if not TOKEN.fullmatch(token):
            raise AdapterError(_REJECTED)
        self._consumer = consumer or socket.gethostname()
        self._grace = grace
        self._ready = False
        self._bot = bot = _bot(token, api_url.rstrip("/"))
        self._conversation = conversation = Conversation[TelegramPlace](
            service, store=store or MemoryStore(), access=access
        )
        self._messenger = TelegramMessenger(bot, conversation.preferences, conversation.answered)
        self._replies = conversation.replies(self._messenger)
        self._messages = Messages(bot, conversation, self._messenger, settle=settle)
        buttons = Buttons(bot, self._messages, self._messenger)
        dispatcher = Dispatcher(self._messages, buttons, patience=patience)
        self._updates = (
            Poller(bot, dispatcher, conversation.notes)
            if webhook is None
            else Receiver(webhook, bot, dispatcher)
        )

    @property
    def connected(self) -> bool:
        """Whether it takes messages and, where it asks Telegram for news, is answered."""
        return self._ready and self._updates.connected

    async def run(self) -> None:
        """Serve until cancelled; then finish what is in hand, within the grace time.

        Raises AdapterError if Telegram does not accept the token. Without a network it keeps
        trying.
        """
        changes = self._conversation.service.capabilities.changes()
        try:
            await self._connect()
            self._ready = True
            log.info("telegram: listening as @%s", self._bot.username)
            await first_of(
                register_commands(self._bot, self._conversation.notes, changes),
                self._replies.run(self._consumer),
                self._updates.run(),
            )
        except InvalidToken:
            raise AdapterError(_REJECTED) from None
        finally:
            self._ready = False
            await self._updates.finish(self._grace)
            await self._replies.finish(self._grace)
            await self._messages.close()
            await self._conversation.notices.close()
            await self._messenger.close()
            await self._bot.shutdown()

    async def _connect(self) -> None:
        """Check the token and say how updates come; keeps trying without a network."""
        for pause in pauses():
            try:
                await self._bot.initialize()
                await self._updates.subscribe()
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("telegram: cannot be reached (%s); trying on", error)
                await asyncio.sleep(max(pause, seconds_to_wait(error)))
            else:
                return


def make_adapter(
    settings: TelegramSettings,
    service: CaptionService,
    *,
    store: Store,
    access: AccessControl,
) -> TelegramAdapter:
    """The adapter that the settings ask for."""
    assert settings.telegram_bot_token is not None
    webhook = None
    if settings.telegram_webhook_url and settings.telegram_webhook_secret:
        webhook = Webhook(
            settings.telegram_webhook_url,
            settings.telegram_webhook_secret.get_secret_value(),
            settings.webhook_host,
            settings.webhook_port,
        )
    return TelegramAdapter(
        service,
        token=settings.telegram_bot_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        store=store,
        access=access,
        webhook=webhook,
    )


def _bot(token: str, base: str) -> Bot:
    tls = {"verify": _tls()}
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        get_updates_request=UpdatesRequest(connection_pool_size=1, httpx_kwargs=tls),
        request=HTTPXRequest(
            connection_pool_size=_CONNECTIONS,
            pool_timeout=30.0,
            connect_timeout=10.0,
            read_timeout=20.0,
            write_timeout=20.0,
            media_write_timeout=60.0,
            httpx_kwargs=tls,
        ),
    )


@cache
def _tls() -> ssl.SSLContext:
    """The certificates to trust: reading them takes longer than all else that a start takes."""
    return httpx.create_ssl_context()
