"""From somebody asking on Discord to a job on the queue, or to a sentence that says why not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

import aiohttp
import discord

from bot.adapters.discord.actions import Wish
from bot.adapters.discord.formatting import shown
from bot.adapters.discord.media import Collector
from bot.adapters.discord.message_payload import Answer, text
from bot.adapters.discord.pending_interactions import Notes, Question
from bot.adapters.discord.photos import attached, is_picture, sorry
from bot.adapters.discord.preferences import Choices
from bot.adapters.discord.reply_target import Place
from bot.adapters.discord.sender import Outbox
from bot.chat.concurrency import Shares
from bot.chat.service import RETRY_AFTER_OUTAGE, Desk, Request, Sorry, Ticket
from bot.locales import say

log = logging.getLogger(__name__)

_ABOUT_ONE = {Wish.ATTENTION_GIF, Wish.ATTENTION_SHEET}
_ACKNOWLEDGED = 40060  # Discord's code for an interaction that has an answer
_SHORT_PAUSE = 0.2  # seconds; Discord waits three for the first sign of life
_SHOW_PATIENCE = 60.0  # seconds; a photo that is not there by then is not worth its answer waiting


class Asking:
    """Takes questions to the desk; whatever goes wrong is said to the person who asked."""

    def __init__(
        self, desk: Desk, collector: Collector, choices: Choices, outbox: Outbox, notes: Notes
    ) -> None:
        self._desk = desk
        self._notes = notes
        self._collector = collector
        self._choices = choices
        self._outbox = outbox
        self._shares = Shares()

    async def by_message(self, message: discord.Message, *, unasked: bool = False) -> None:
        """A message that is meant for the bot, or in a channel where it answers every photo."""
        chosen = await self._choices.of_person(message.author.id)
        place = Place.of_message(message)
        lang = chosen.language or place.lang
        place = replace(place, lang=lang, voice=chosen.voice and not unasked, unasked=unasked)
        found = attached(message)
        # A file beside a picture is none of our business.
        found = [one for one in found if is_picture(one)] or found[:1]
        if not found:
            direct = message.guild is None
            said = text("help-discord" if direct else "no-picture-discord", place.lang)
            await self._say(place, said, message.id)
            return
        chat = str(message.channel.id) if message.guild else ""
        asking = self._asked_for(place, Question(id=message.id, attachments=found, chat=chat))
        if unasked:
            await asking
        else:
            await asyncio.gather(asking, self._outbox.type(place))

    async def by_command(
        self,
        interaction: discord.Interaction[discord.Client],
        found: Sequence[discord.Attachment],
        wish: Wish = Wish.CAPTION,
        *,
        private: bool = False,
    ) -> None:
        """A command about attachments."""
        private = private or wish.private
        try:
            self._check(found)
        except Sorry as refused:
            await self._choices.count(f"refused.{refused.code}")
            lang = await self._choices.language(interaction.user.id, interaction.locale.value)
            said = text(refused.code, lang, **refused.args_for_text)
            await interaction.response.send_message(said.content, ephemeral=True)
            return
        place = replace(Place.of_interaction(interaction, None), wish=wish.value, private=private)
        question = Question(
            id=interaction.id,
            attachments=found,
            chat=_chat(interaction),
            about_one=wish in _ABOUT_ONE,
        )
        async with self._notes.asked(place, question) as noted:
            if not noted:
                await self._unavailable(interaction)
                return
            # Discord waits three seconds for a sign of life: it comes before anything is fetched.
            deferred = await _acknowledge(interaction, private=private)
            place = replace(place, message=deferred.message_id or 0 if deferred else 0)
            await self._asked_for(await self._chosen(place), question)

    async def _unavailable(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Without a note a question could be lost; and the queue is where the notes are."""
        refused = sorry("queue-unavailable", seconds=round(RETRY_AFTER_OUTAGE))
        said = text(refused.code, interaction.locale.value, **refused.args_for_text)
        await interaction.response.send_message(said.content, ephemeral=True)

    async def by_button(
        self,
        interaction: discord.Interaction[discord.Client],
        wish: Wish,
        holder: int,
        slot: str = "0",
    ) -> None:
        """A button about the photos in another message of the same channel, or in its own."""
        own = interaction.message
        private = wish.private or bool(own and own.flags.ephemeral)
        place = Place.of_interaction(interaction, holder)
        place = replace(place, wish=wish.value, private=private)
        if own is not None and own.id == holder:
            question = _about(interaction, attached(own), wish, slot)
            async with self._notes.asked(place, question) as noted:
                if not noted:
                    await self._unavailable(interaction)
                    return
                await _acknowledge(interaction, private=private)
                await self._pressed(place, question)
            return
        # Reading the other message may take longer than Discord waits for a sign of life.
        await _acknowledge(interaction, private=private)
        question = _about(interaction, await self._attached(interaction, holder), wish, slot)
        async with self._notes.asked(place, question):
            await self._pressed(place, question)

    async def _pressed(self, place: Place, question: Question) -> None:
        place = await self._chosen(place)
        if question.attachments:
            await self._asked_for(place, question)
        else:
            await self._say(place, text("photo-expired", place.lang), question.id)

    async def again(self, place: Place, question: Question) -> None:
        """What a command or a button asked of a process that ended meanwhile."""
        known = place
        if not place.message:  # it ended before it knew, or before it had told Discord anything
            shown = await self._outbox.shown(place)
            if shown is None:  # then Discord has said that the bot does not respond
                await self._notes.forget(place, question)
                return
            known = replace(place, message=shown)
        await self._asked_for(await self._chosen(known), question)
        await self._notes.forget(place, question)

    # --- before the desk

    def _check(self, found: Sequence[discord.Attachment]) -> None:
        """Raises Sorry where nothing of it could be captioned, which shows without fetching it."""
        if not found:
            raise sorry("no-picture-in-message")
        refusals = []
        for attachment in found:
            try:
                self._collector.check(attachment)
            except Sorry as refused:
                refusals.append(refused)
        if len(refusals) == len(found):
            raise refusals[0]

    async def _chosen(self, place: Place) -> Place:
        """A place as the person there has chosen it."""
        chosen = await self._choices.of_person(place.person)
        return replace(place, lang=chosen.language or place.lang, voice=chosen.voice)

    async def _attached(
        self, interaction: discord.Interaction[discord.Client], holder: int
    ) -> list[discord.Attachment]:
        """What another message shows that a button is about; [] where it cannot be read now."""
        channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
        try:
            return attached(await channel.fetch_message(holder))
        except (discord.HTTPException, discord.RateLimited) as error:
            log.info("discord: a message cannot be read again: %s", type(error).__name__)
            return []

    # --- to the desk

    async def _asked_for(self, place: Place, question: Question) -> None:
        # An answer that is quicker than what stands in its place until then waits for that.
        async with self._outbox.turn(place):
            try:
                async with self._shares.of(str(place.person)), self._collector.turns:
                    ticket = await self._accepted(place, question)
            except Sorry as refused:
                await self._refuse(place, question, refused)
                return
            except Exception:  # whoever asked shall not wait for ever
                log.exception("discord: a question failed")
                await self._refuse(place, question, sorry("internal"))
                return
            if not ticket.duplicate:
                await self._show(place, ticket)

    async def _refuse(self, place: Place, question: Question, refused: Sorry) -> None:
        await self._choices.count(f"refused.{refused.code}")
        if not place.unasked:
            said = text(refused.code, place.lang, **refused.args_for_text)
            await self._say(place, said, question.id)

    async def _accepted(self, place: Place, question: Question) -> Ticket:
        """The desk's ticket. Raises Sorry."""
        with self._desk.handling(f"discord:{question.id}:{place.wish}"):
            return await self._asked(place, question)

    async def _asked(self, place: Place, question: Question) -> Ticket:
        if question.about_one:
            collected = await self._collector.one(question.attachments[0], question.moment)
        else:
            collected = await self._collector.collect(question.attachments)
        return await self._desk.ask(
            Request(
                photo=collected.photos[0],
                more_photos=collected.photos[1:],
                person=str(place.person),
                chat=question.chat,
                dedupe=f"discord:{question.id}:{place.wish}",
                context=place.of_parts(collected.parts).to_context(),
                output=Wish(place.wish).output,
            )
        )

    async def _show(self, place: Place, ticket: Ticket) -> None:
        """What there is to see until the answer comes."""
        # What was given to a command is seen by nobody until the answer shows it.
        unseen = bool(place.token) and place.wish == Wish.CAPTION
        photos = ticket.photos if unseen else ()
        waiting = _waiting(ticket, place.lang) if place.token else None
        if waiting is not None:
            # Once only: another process may have the answer before a second try arrives.
            first = shown(photos, place.lang, waiting)
            if await self._outbox.deliver(place, first, nonce="", patience=0):
                return
        if photos:
            until_then = shown(photos, place.lang)
            await self._outbox.deliver(place, until_then, nonce="", patience=_SHOW_PATIENCE)

    async def _say(self, place: Place, said: Answer, asked: int) -> None:
        await self._outbox.deliver(place, said, nonce=f"sorry{asked}")


async def _acknowledge(
    interaction: discord.Interaction[discord.Client], *, private: bool
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


def _about(
    interaction: discord.Interaction[discord.Client],
    found: Sequence[discord.Attachment],
    wish: Wish,
    slot: str,
) -> Question:
    """What a button asks: of the photos found, those from `slot` on, or that one's moment."""
    at, _, moment = slot.partition(".")
    pictures = [attachment for attachment in found if is_picture(attachment)]
    return Question(
        id=interaction.id,
        attachments=pictures[int(at) : int(at) + 1] if wish in _ABOUT_ONE else pictures,
        chat=_chat(interaction),
        about_one=wish in _ABOUT_ONE,
        moment=int(moment) if moment else None,
    )


def _waiting(ticket: Ticket, lang: str) -> str | None:
    """What there is to say about when the answer will come."""
    if ticket.waking:
        return say("waking", lang)
    return say("waiting", lang, ahead=ticket.ahead) if ticket.ahead > 1 else None


def _chat(interaction: discord.Interaction[discord.Client]) -> str:
    return str(interaction.channel_id) if interaction.guild_id else ""
