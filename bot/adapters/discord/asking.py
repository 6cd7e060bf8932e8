"""From somebody asking on Discord to a job on the queue, or to a sentence that says why not."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import discord

from bot.adapters.discord.answers import Answer, answer, shown, text
from bot.adapters.discord.outbox import Outbox
from bot.adapters.discord.photos import Downloads, attached, check, is_picture, sorry
from bot.adapters.discord.place import Place
from bot.desk import Desk, Request, Sorry
from captioner.jobs import Output

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know about one attachment."""

    id: int  # of the message or interaction that asked
    person: int
    attachment: discord.Attachment
    output: Output = Output.CAPTION


class Asking:
    """Takes questions to the desk; whatever goes wrong is said to the person who asked."""

    def __init__(self, desk: Desk, downloads: Downloads, outbox: Outbox) -> None:
        self._desk = desk
        self._downloads = downloads
        self._outbox = outbox

    async def by_message(self, message: discord.Message) -> None:
        """A message that is meant for the bot: the first picture that it shows."""
        place = Place.of_message(message)
        found = attached(message)
        if not found:
            direct = message.guild is None
            said = text("help-discord" if direct else "no-picture-discord", place.lang)
            await self._say(place, said, message.id)
            return
        await self._ask(place, Question(
            id=message.id, person=message.author.id, attachment=found[0]
        ))  # fmt: skip
        if len([a for a in found if is_picture(a)]) > 1:
            await self._say(place, text("one-at-a-time", place.lang), message.id, "first")

    async def by_command(
        self,
        interaction: discord.Interaction[discord.Client],
        found: list[discord.Attachment],
        output: Output = Output.CAPTION,
    ) -> None:
        """A command about attachments: the first of them."""
        try:
            if not found:
                raise sorry("no-picture-in-message")
            check(found[0], self._downloads.max_bytes)
        except Sorry as refused:
            said = text(refused.code, interaction.locale.value, **refused.args_for_text)
            await interaction.response.send_message(said.content, ephemeral=True)
            return
        # Discord waits three seconds for a sign of life: it comes before anything is fetched.
        deferred = await interaction.response.defer(thinking=True)
        place = Place.of_interaction(interaction, deferred.message_id if deferred else None)
        await self._ask(place, Question(
            id=interaction.id, person=interaction.user.id, attachment=found[0], output=output
        ))  # fmt: skip

    async def by_button(
        self, interaction: discord.Interaction[discord.Client], output: Output, holder: int
    ) -> None:
        """A button about the photo in another message of the same channel, or in its own."""
        await interaction.response.defer(thinking=True)
        place = Place.of_interaction(interaction, holder)
        own = interaction.message
        try:
            if own is None or own.id != holder:
                channel = interaction.client.get_partial_messageable(place.channel)
                own = await channel.fetch_message(holder)
        except (discord.NotFound, discord.Forbidden):
            own = None
        found = attached(own) if own else []
        if not found:
            await self._say(place, text("photo-expired", place.lang), interaction.id)
            return
        await self._ask(place, Question(
            id=interaction.id, person=interaction.user.id, attachment=found[0], output=output
        ))  # fmt: skip

    async def _ask(self, place: Place, question: Question) -> None:
        try:
            async with self._downloads.turns:
                check(question.attachment, self._downloads.max_bytes)
                ticket = await self._desk.ask(
                    Request(
                        photo=await self._downloads.fetch(question.attachment),
                        person=str(question.person),
                        dedupe=f"discord:{question.id}:{question.output}",
                        context=place.to_context(),
                        output=question.output,
                    )
                )
        except Sorry as refused:
            said = text(refused.code, place.lang, **refused.args_for_text)
            await self._say(place, said, question.id)
            return
        if ticket.duplicate:
            return
        # What was given to a command is seen by nobody until the answer shows it.
        unseen = bool(place.token) and question.output is Output.CAPTION
        photo = ticket.photo.jpeg if ticket.photo and unseen else b""
        if ticket.reply is not None:
            said = answer(ticket.reply, place, photo=photo)
            await self._outbox.deliver(place, said, nonce=ticket.job_id)
        elif photo:
            # The caption is edited in beside it when it comes, which may be before this is there.
            await self._outbox.deliver(place, shown(photo, place.lang), nonce="")

    async def _say(self, place: Place, said: Answer, asked: int, what: str = "sorry") -> None:
        await self._outbox.deliver(place, said, nonce=f"{what[:5]}{asked}")
