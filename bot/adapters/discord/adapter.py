"""The Discord bot: connects, comes back after outages, and hears what is a question to it."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from functools import partial
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.adapters import AdapterError
from bot.adapters.discord import CDN, TOKEN, DiscordSettings
from bot.adapters.discord.commands import Tree, report
from bot.adapters.discord.interactions import Interactions
from bot.adapters.discord.messages import Messages, is_named
from bot.adapters.discord.messenger import OUTAGES
from bot.adapters.discord.replies import DiscordPlace
from bot.asyncio_utils import first_of, pauses
from bot.chat.access_control import AccessControl
from bot.chat.conversation import Conversation
from bot.chat.service import CaptionService
from bot.http import ProxyError, proxy_for
from bot.media.downloads import Downloads
from bot.monitoring.logs import hide_in_logs, short
from bot.store import Store

log = logging.getLogger(__name__)

_INTERACTION = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s'\"?)]+")  # with a token behind
_BAD_TOKEN, _BAD_SHARD, _TOO_MANY_GUILDS = 4004, 4010, 4011
_REJECTED = (
    "Discord does not accept DISCORD_BOT_TOKEN; copy the token of your application's Bot page"
    " at https://discord.com/developers/applications"
)
_LOGIN_SECONDS = 120.0  # a proxy that says nothing is tried again, too
_LONGEST_PAUSE = 60.0  # seconds between tries to connect
_GUILD_SECONDS = 2.0  # without another server, and Discord has told of all that there are
_LONGEST_RATE_LIMIT = 60.0  # seconds that a call waits; DiscordMessenger waits longer


class DiscordAdapter:
    """A bot on Discord; `run` serves until it is cancelled.

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
        assert settings.discord_bot_token is not None
        self._token = settings.discord_bot_token.get_secret_value().strip()
        self._api_url = settings.discord_api_url.rstrip("/")
        self._gateway_url = URL(settings.discord_gateway_url)
        self._cdn = (settings.discord_cdn_url,) if settings.discord_cdn_url else CDN
        self._consumer = consumer or f"discord.{socket.gethostname()}"
        self._conversation = Conversation[DiscordPlace](service, store=store, access=access)
        # Whether the operator switched that privileged intent on, which only channels where every
        # photo is answered need.
        self._message_content = settings.discord_message_content
        self._client: CaptionClient | None = None  # the last one
        self._waits = pauses(_LONGEST_PAUSE)

    @property
    def connected(self) -> bool:
        """Whether Discord tells this bot what happens."""
        client = self._client
        return client is not None and client.is_ready() and client.ws.open

    async def run(self) -> None:
        """Answer people until cancelled; outages are logged and waited out.

        Raises AdapterError where waiting does not help, as for a token that Discord refuses.
        """
        if not TOKEN.fullmatch(self._token):
            raise AdapterError(_REJECTED)
        # discord.py has no other way to be told where Discord is.
        Route.BASE = self._api_url
        DiscordWebSocket.DEFAULT_GATEWAY = self._gateway_url
        hide_in_logs(self._token, _INTERACTION)
        logging.getLogger("discord.client").addFilter(short(*OUTAGES))
        while True:
            try:
                await self._session()
            except Exception as error:  # noqa: BLE001 - what is a defect of ours is logged
                why = self._why(error)
            pause = next(self._waits)
            log.warning("discord: cannot be reached (%s); trying again in %.1f s", why, pause)
            await asyncio.sleep(pause)

    async def _session(self) -> None:
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
                async with asyncio.timeout(_LOGIN_SECONDS):
                    await client.login(self._token)
                self._waits = pauses(_LONGEST_PAUSE)
                log.info("discord: logged in")
                await client.serve(self._consumer)
        raise ConnectionError("the connection ended")

    def _why(self, error: Exception) -> str:
        """What a client failed of, if that may pass. Raises AdapterError where it does not."""
        closed = error.code if isinstance(error, discord.ConnectionClosed) else None
        if isinstance(error, discord.LoginFailure) or closed == _BAD_TOKEN:
            raise AdapterError(_REJECTED) from None
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
        if not isinstance(error, OUTAGES):
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


class CaptionClient(discord.Client):
    """Listens to Discord; keeps nothing of what it hears."""

    def __init__(
        self,
        conversation: Conversation[DiscordPlace],
        downloads: Downloads,
        *,
        message_content: bool,
        proxy: str | None,
    ) -> None:
        # Nobody needs to be warned that this bot cannot speak in voice channels.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        # None that Discord has to approve, but for one where the operator says so: direct messages
        # and mentions bring their contents without it.
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = message_content
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT,
            guild_ready_timeout=_GUILD_SECONDS,
            proxy=proxy,
        )
        self._conversation = conversation
        self._messages = Messages(self, conversation, downloads)
        self._interactions = Interactions(self._messages)
        self._tree = Tree(self, self._interactions)
        self._busy: set[asyncio.Task[Any]] = set()

    async def serve(self, consumer: str) -> None:
        """Listen, and send replies, until either fails; what is not sent then comes again."""
        replies = self._conversation.replies(self._messages.messenger)
        changes = self._conversation.service.capabilities.changes()
        try:
            await first_of(self.connect(), replies.run(consumer), self._tree.follow(changes))
        finally:
            await replies.finish(0.0)

    async def connect(self, *, reconnect: bool = True) -> None:
        try:
            await super().connect(reconnect=reconnect)
        except AttributeError:
            if self.ws is not None:
                raise
            # discord.py wants to resume what never began when its very first connection fails.
            raise ConnectionError("no gateway") from None

    async def setup_hook(self) -> None:
        await self._tree.register(await self._conversation.service.capabilities.known())

    async def on_ready(self) -> None:
        """Discord tells us what happens from now on; what it did not tell is looked for."""
        self.remember_task()
        await self._interactions.catch_up()
        await self._messages.backfill(self.on_message)

    # --- messages

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a message that mentions the bot only since it was edited, once."""
        message = payload.message
        edited = message.edited_at is not None  # otherwise a preview was added to it
        if edited and message.guild is not None and is_named(message, self.user):
            age = discord.utils.utcnow() - message.created_at
            await self.on_message(message, edited=age.total_seconds())

    async def on_message(self, message: discord.Message, *, edited: float | None = None) -> None:
        """Answer a message that is meant for the bot; be silent at every other.

        `edited`: it was changed, when it was so many seconds old.
        """
        said = self._messages.read(message)
        if said is None:
            return
        self.remember_task()
        answer = partial(self._messages.answer, said)
        if said.told:
            await self._conversation.answer_once(said.key, answer, edited=edited)
        else:
            await answer()

    # --- interactions

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer buttons and forms; commands discord.py hands on to the tree.

        What Discord refuses is logged here, for nobody else would.
        """
        kinds = discord.InteractionType
        if interaction.type in {kinds.component, kinds.modal_submit}:
            self.remember_task()
            try:
                await self._interactions.answer(interaction)
            except discord.HTTPException as error:
                report("a button", error)

    # --- tasks

    def remember_task(self) -> None:
        """Know the task that runs now, which discord.py forgets: closing the client ends it."""
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def close(self) -> None:
        """Give up what is being asked, then close the connection."""
        # discord.py would say that it is ready, which takes it two seconds, when it no longer is.
        tasks = [*self._busy, *filter(None, [self._connection._ready_task])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._conversation.notices.close()
        await self._messages.messenger.close()
        await super().close()


make_adapter = DiscordAdapter  # what the settings ask for
