"""Runs the client and the deliveries, and comes back after outages."""

from __future__ import annotations

import asyncio
import logging
import re
import socket

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.adapters import AdapterError
from bot.adapters.discord import CDN, DiscordSettings
from bot.adapters.discord.client import CaptionClient
from bot.adapters.discord.place import DiscordPlace
from bot.asyncio_utils import pauses
from bot.chat.access_control import AccessControl
from bot.chat.conversation import Conversation
from bot.chat.service import CaptionService
from bot.http import ProxyError, proxy_for
from bot.media.downloads import Downloads
from bot.monitoring.logs import hide_in_logs, short
from bot.store import Store

log = logging.getLogger(__name__)

_TOKEN = re.compile(r"[A-Za-z0-9_.\-]+")
_INTERACTION = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s'\"?)]+")  # with a token behind
_BAD_TOKEN, _BAD_SHARD, _TOO_MANY_GUILDS = 4004, 4010, 4011
_LOGIN_SECONDS = 120.0  # a proxy that says nothing is tried again, too
_LONGEST_PAUSE = 60.0  # seconds between tries to connect
_OUTAGES = (OSError, aiohttp.ClientError, TimeoutError, discord.DiscordException)


class DiscordAdapter:
    """A bot on Discord.

    `consumer` names this process among those of the same bot. Without a `store` nobody can choose
    anything, and without an `access` control everybody may use the bot.
    """

    def __init__(
        self,
        settings: DiscordSettings,
        service: CaptionService,
        *,
        consumer: str | None = None,
        store: Store | None = None,
        access: AccessControl | None = None,
    ) -> None:
        token = settings.discord_bot_token
        assert token is not None
        self._token = token.get_secret_value().strip()
        self._api_url = settings.discord_api_url.rstrip("/")
        self._gateway_url = URL(settings.discord_gateway_url)
        self._cdn = (settings.discord_cdn_url,) if settings.discord_cdn_url else CDN
        self._consumer = consumer or f"discord.{socket.gethostname()}"
        self._conversation = Conversation[DiscordPlace](service, store=store, access=access)
        # Whether the operator switched that privileged intent on, which only channels where every
        # photo is answered need.
        self._message_content = settings.discord_message_content
        self._client: CaptionClient | None = None  # while there is one

    @property
    def connected(self) -> bool:
        """Whether Discord tells this bot what happens."""
        return self._client is not None and self._client.online

    async def run(self) -> None:
        """Answer people until cancelled; outages are logged and waited out.

        Raises AdapterError where waiting does not help, as for a token that Discord refuses.
        """
        if not _TOKEN.fullmatch(self._token):
            raise _bad_token()
        # discord.py has no other way to be told where Discord is.
        Route.BASE = self._api_url
        DiscordWebSocket.DEFAULT_GATEWAY = self._gateway_url
        hide_in_logs(self._token, _INTERACTION)
        logging.getLogger("discord.client").addFilter(short(*_OUTAGES))
        waits = pauses(_LONGEST_PAUSE)
        while True:
            connected = asyncio.Event()
            try:
                await self._session(connected)
            except Exception as error:  # noqa: BLE001 - what is a defect of ours is logged
                why = self._why(error)
            if connected.is_set():
                waits = pauses(_LONGEST_PAUSE)
            pause = next(waits)
            log.warning("discord: cannot be reached (%s); trying again in %.1f s", why, pause)
            await asyncio.sleep(pause)

    async def _session(self, connected: asyncio.Event) -> None:
        """Run one client until it fails."""
        cookies, aliases = aiohttp.DummyCookieJar(), set(CDN) - set(self._cdn)
        limit = self._conversation.service.max_bytes
        async with aiohttp.ClientSession(cookie_jar=cookies) as session:
            downloads = Downloads(session, max_bytes=limit, origins=self._cdn, aliases=aliases)
            async with CaptionClient(
                self._conversation,
                downloads,
                message_content=self._message_content,
                proxy=proxy_for(self._api_url),
            ) as client:
                self._client = client
                try:
                    async with asyncio.timeout(_LOGIN_SECONDS):
                        await client.login(self._token)
                    connected.set()
                    log.info("discord: logged in")
                    await client.serve(self._consumer)
                finally:
                    self._client = None
        raise ConnectionError("the connection ended")

    def _why(self, error: Exception) -> str:
        """What a client failed of, if that may pass. Raises AdapterError where it does not."""
        closed = error.code if isinstance(error, discord.ConnectionClosed) else None
        if isinstance(error, discord.LoginFailure) or closed == _BAD_TOKEN:
            raise _bad_token() from None
        if closed in {_BAD_SHARD, _TOO_MANY_GUILDS}:
            raise AdapterError(
                "Discord wants this bot split over several connections: it is in too many servers"
                " for one; make another application for some of them"
            ) from None
        if isinstance(error, AdapterError | ProxyError):
            raise error
        if isinstance(error, discord.PrivilegedIntentsRequired):
            self._without_message_content()
            return "the message content intent is not switched on"
        if not isinstance(error, _OUTAGES):
            # discord.py lets an event that it cannot understand end the whole client.
            log.error("discord: an event, or an answer, could not be dealt with", exc_info=error)
        return f"closed with code {closed}" if closed else type(error).__name__

    def _without_message_content(self) -> None:
        """Go on without what Discord does not grant: everything else works without it."""
        if not self._message_content:
            raise AdapterError(
                "Discord refused the bot's intents; this bot asked for none that must be switched"
                " on, so this is an error of ours: please report it"
            ) from None
        self._message_content = False
        log.error(
            "discord: CAPTIONBOT_DISCORD_MESSAGE_CONTENT is on, but Discord does not grant this"
            " bot the message content intent: switch it on at the application's Bot page at"
            " https://discord.com/developers/applications and start again. Until then /auto does"
            " not work"
        )


make_adapter = DiscordAdapter  # what the settings ask for


def _bad_token() -> AdapterError:
    return AdapterError(
        "Discord does not accept DISCORD_BOT_TOKEN; copy the token of your application's Bot page"
        " at https://discord.com/developers/applications"
    )
