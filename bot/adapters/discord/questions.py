"""From somebody asking on Discord to a question for the conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

import aiohttp
import discord

from bot.adapters.discord.attachments import (
    DiscordFile,
    Found,
    attached,
    is_picture,
    pictures_in,
)
from bot.adapters.discord.message_payload import has_bars
from bot.adapters.discord.messenger import DiscordMessenger
from bot.adapters.discord.pending_interactions import PendingInteractions, Question
from bot.adapters.discord.place import DiscordPlace
from bot.adapters.discord.sender import Sender
from bot.chat.conversation import Conversation
from bot.chat.media import check_any
from bot.chat.models import Action
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.service import unavailable
from bot.locales import say
from bot.media.downloads import Downloads
from captioner.queue.messages import MAX_PHOTOS, Output

log = logging.getLogger(__name__)

Interaction = discord.Interaction[discord.Client]
_ACKNOWLEDGED = 40060  # Discord's code for an interaction that has an answer
_PREVIEW_SECONDS = 1.5
_ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
_SHORT_PAUSE = 0.2  # seconds; Discord waits three for the first sign of life


class Questions:
    """Takes questions to the conversation; whatever goes wrong is said to who asked."""

    def __init__(
        self,
        conversation: Conversation[DiscordPlace],
        sender: Sender,
        messenger: DiscordMessenger,
        pending: PendingInteractions,
        downloads: Downloads,
    ) -> None:
        self._conversation = conversation
        self._sender, self._messenger = sender, messenger
        self._pending = pending
        self._downloads = downloads

    async def by_message(
        self, message: discord.Message, *, unasked: bool = False, by_role: bool = False
    ) -> None:
        """A message that is meant for the bot, or in a channel where it answers every photo.

        `by_role`: it mentions the bot's role alone, which may hide from the bot what it holds.
        """
        place = replace(DiscordPlace.of_message(message), unasked=unasked)
        found = pictures_in(message) or await self._previewed(message)
        if not found:
            text_id = "help-discord" if message.guild is None else "no-picture-discord"
            if by_role and message.guild is not None and not message.content:
                text_id = "mention-me-discord"
            lang = (await self._conversation.chosen(place)).lang
            hosts = await self._conversation.service.capabilities.photos_go_to()
            text = say(text_id, lang, hosts=hosts)
            await self._messenger.say(place, text, key=str(message.id))
            return
        chat = str(message.channel.id) if message.guild else ""
        await self._ask(place, Question(id=message.id, found=found, chat=chat))

    @staticmethod
    async def _previewed(message: discord.Message) -> list[Found]:
        """The pictures that the message's links lead to: Discord looks them up only after it."""
        if "http" not in message.content:
            return []
        await asyncio.sleep(_PREVIEW_SECONDS)
        try:
            return pictures_in(await message.channel.fetch_message(message.id))
        except _ERRORS as error:
            log.info("discord: a message cannot be read again: %s", type(error).__name__)
            return []

    async def by_command(
        self,
        interaction: Interaction,
        found: Sequence[Found],
        wish: Action = Action.CAPTION,
        *,
        private: bool = False,
        question: str = "",
    ) -> None:
        """A command about what was found."""
        private = private or wish.private
        place = replace(
            DiscordPlace.of_interaction(interaction), wish=wish, private=private, question=question
        )
        try:
            self.check(found)
        except Refusal as refused:
            await self._conversation.preferences.count(f"refused.{refused.code}")
            await self.refuse(interaction, refused)
            return
        asked = Question(id=interaction.id, found=found, chat=_chat(interaction))
        async with self._pending.asked(place, asked) as noted:
            if not noted:
                await self._tell(interaction, unavailable(), place.lang)
                return
            # Discord waits three seconds for a sign of life: it comes before anything is fetched.
            deferred = await _acknowledge(interaction, private=private)
            place = replace(place, message=deferred.message_id or 0 if deferred else 0)
            await self._ask(place, asked)

    async def by_reply(self, message: discord.Message, holder: int, question: str) -> None:
        """A question in a message, about what another message holds."""
        place = replace(
            DiscordPlace.of_message(message),
            wish=Action.QUESTION,
            question=question,
            holder=holder,
        )
        answer = message.reference.resolved if message.reference else None
        if isinstance(answer, discord.Message) and answer.id == holder:
            found = attached(answer)
        else:
            found = await self._attached(message.channel, holder)
        chat = str(message.channel.id) if message.guild else ""
        pictures = [one for one in found if is_picture(one)]
        await self._pressed(place, Question(id=message.id, found=pictures, chat=chat))

    def check(self, found: Sequence[Found]) -> None:
        """Raises Refusal where nothing that was found can be looked at."""
        check_any([self._file(one) for one in found])

    async def refuse(self, interaction: Interaction, refused: Refusal) -> None:
        """Tell who used a command why it is not carried out."""
        place = await self._conversation.chosen(DiscordPlace.of_interaction(interaction))
        await self._tell(interaction, refused, place.lang)

    async def by_button(
        self, interaction: Interaction, wish: Action, holder: int, slot: str = "0"
    ) -> None:
        """A button about the photos in another message of the same channel, or in its own."""
        own = interaction.message
        private = wish.private or bool(own and own.flags.ephemeral)
        place = DiscordPlace.of_interaction(interaction, holder)
        place = replace(place, wish=wish, private=private)
        if own is not None and own.id == holder:
            question = _about(interaction, attached(own), wish, slot)
            async with self._pending.asked(place, question) as noted:
                if not noted:
                    await self._tell(interaction, unavailable(), place.lang)
                    return
                await _acknowledge(interaction, private=private)
                await self._pressed(place, question)
            return
        # Reading the other message may take longer than Discord waits for a sign of life.
        await _acknowledge(interaction, private=private)
        channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
        question = _about(interaction, await self._attached(channel, holder), wish, slot)
        async with self._pending.asked(place, question):
            await self._pressed(place, question)

    async def aloud(self, interaction: Interaction, language: str) -> None:
        """Read the answer above a button aloud as it stands there: its photo may be gone."""
        await _acknowledge(interaction, private=True)
        place = replace(DiscordPlace.of_interaction(interaction), private=True)
        place = await self._conversation.chosen(place)
        said = interaction.message.content if interaction.message else ""
        plain = discord.utils.remove_markdown(said) or say("photo-expired", place.lang)
        spoiler = has_bars(said)
        await self._messenger.read_aloud(
            place, plain, key=str(interaction.id), language=language, spoiler=spoiler
        )

    async def again(self, place: DiscordPlace, question: Question) -> None:
        """What a command or a button asked of a process that ended meanwhile."""
        known = place
        if not place.message:  # it ended before it knew, or before it had told Discord anything
            shown = await self._sender.shown(place)
            if shown is None:  # then Discord has said that the bot does not respond
                await self._pending.forget(place, question)
                return
            known = replace(place, message=shown)
        await self._ask(known, question)
        await self._pending.forget(place, question)

    async def _pressed(self, place: DiscordPlace, question: Question) -> None:
        if question.found:
            await self._ask(place, question)
        else:
            place, gone = await self._conversation.chosen(place), Refusal(RefusalCode.PHOTO_EXPIRED)
            await self._messenger.refuse(place, gone, key=str(question.id))

    async def _ask(self, place: DiscordPlace, question: Question) -> None:
        await self._conversation.ask(
            self._messenger,
            place,
            [self._file(one) for one in question.found[:MAX_PHOTOS]],
            dedupe=f"discord:{question.id}:{place.wish}",
            chat=question.chat or None,
            moment=question.moment,
        )

    def _file(self, found: Found) -> DiscordFile:
        return DiscordFile(found, self._downloads, self._conversation.service.videos)

    @staticmethod
    async def _attached(channel: discord.abc.Messageable, holder: int) -> list[Found]:
        """What another message of a channel shows; [] where it cannot be read now."""
        try:
            return attached(await channel.fetch_message(holder))
        except _ERRORS as error:
            log.info("discord: a message cannot be read again: %s", type(error).__name__)
            return []

    @staticmethod
    async def _tell(interaction: Interaction, refused: Refusal, lang: str) -> None:
        await interaction.response.send_message(refused.text(lang), ephemeral=True)


async def _acknowledge(
    interaction: Interaction, *, private: bool
) -> discord.InteractionCallbackResponse[discord.Client] | None:
    """Tell Discord that an answer will come; where the connection breaks, once more.

    None where the first attempt had arrived all the same.
    """
    try:
        return await interaction.response.defer(thinking=True, ephemeral=private)
    except (aiohttp.ClientError, OSError):
        await asyncio.sleep(_SHORT_PAUSE)
    try:
        return await interaction.response.defer(thinking=True, ephemeral=private)
    except discord.HTTPException as error:
        if error.code != _ACKNOWLEDGED:
            raise
        return None


def _about(interaction: Interaction, found: Sequence[Found], wish: Action, slot: str) -> Question:
    """What a button asks: of the photos found, those from `slot` on, or that one's moment."""
    at, _, moment = slot.partition(".")
    pictures = [one for one in found if is_picture(one)]
    return Question(
        id=interaction.id,
        found=pictures if wish.output is Output.CAPTION else pictures[int(at) : int(at) + 1],
        chat=_chat(interaction),
        moment=int(moment or 0),
    )


def _chat(interaction: Interaction) -> str:
    return str(interaction.channel_id) if interaction.guild_id else ""
