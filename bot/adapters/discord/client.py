"""The client: which of Discord's events are questions to the bot."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import discord

from bot.adapters.discord.commands import Tree, report
from bot.adapters.discord.interactions import Interactions
from bot.adapters.discord.messages import Messages, is_named
from bot.adapters.discord.place import DiscordPlace
from bot.asyncio_utils import first_of
from bot.chat.conversation import Conversation
from bot.media.downloads import Downloads

_GUILD_SECONDS = 2.0  # without another server, and Discord has told of all that there are
_LONGEST_RATE_LIMIT = 60.0  # seconds that a call waits; DiscordMessenger waits longer


class CaptionClient(discord.Client):
    """Listens to Discord; keeps nothing of what it hears."""

    def __init__(
        self,
        conversation: Conversation[DiscordPlace],
        downloads: Downloads,
        *,
        message_content: bool,
        proxy: str | None = None,
    ) -> None:
        # Nobody needs to be warned that this bot cannot speak in voice channels.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        # None that Discord has to approve, but for one where the operator says so: direct messages
        # and mentions bring their contents without it.
        intents = dict.fromkeys(("guilds", "guild_messages", "dm_messages"), True)
        super().__init__(
            intents=discord.Intents(**intents, message_content=message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT,
            guild_ready_timeout=_GUILD_SECONDS,
            proxy=proxy,
        )
        self.online = False  # whether the gateway tells us what happens
        self._conversation = conversation
        self._messages = Messages(self, conversation, downloads)
        self._interactions = Interactions(self._messages)
        self._tree = Tree(self, self._interactions)
        self._busy: set[asyncio.Task[Any]] = set()

    async def serve(self, consumer: str) -> None:
        """Listen, and send replies, until either fails; what is not sent then comes again."""
        replies = self._conversation.replies(self._messages.messenger)
        try:
            await first_of(self.connect(), replies.run(consumer))
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
        capabilities = self._conversation.service.capabilities
        await self._tree.register(await capabilities.known())

        async def follow() -> None:
            """Offer other commands when models come or go that can do other things."""
            async for declared in capabilities.changes():
                await self._tree.register(declared)

        self._busy.add(asyncio.create_task(follow()))

    # --- the gateway

    async def on_ready(self) -> None:
        """Discord tells us what happens from now on; what it did not tell is looked for."""
        self.online = True
        self.remember_task()
        await self._interactions.catch_up()
        await self._messages.backfill(self.on_message)

    async def on_resumed(self) -> None:
        """Discord has told us what happened meanwhile, and goes on."""
        self.online = True

    async def on_disconnect(self) -> None:
        """Discord tells us nothing until discord.py is connected again."""
        self.online = False

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
        if await self._messages.replied(said):
            return
        answer = partial(self._messages.answer, said)
        if said.told:
            await self._conversation.answer_once(said.key, answer, edited=edited)
        elif said.ordinary:
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
