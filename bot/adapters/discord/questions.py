"""Commands, buttons and forms on Discord → questions for the conversation."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeGuard

import aiohttp
import discord

from bot.adapters.discord.attachments import Found
from bot.adapters.discord.backfill import PendingInteractions, Question
from bot.adapters.discord.message_payload import has_bars
from bot.adapters.discord.messages import Messages
from bot.adapters.discord.messenger import DiscordMessenger
from bot.adapters.discord.place import INTERACTION_LIFE, DiscordPlace
from bot.chat.conversation import Conversation
from bot.chat.media import check_any
from bot.chat.models import Action
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.service import unavailable
from bot.locales import say
from captioner.queue.messages import MAX_PHOTOS, MAX_QUESTION, Output

Interaction = discord.Interaction[discord.Client]
_ACKNOWLEDGED = 40060  # Discord's code for an interaction that has an answer
_SHORT_PAUSE = 0.2  # seconds; Discord waits three for the first sign of life
_FORM = re.compile(r"captionbot:ask:([0-9]{1,20})")
_FIELD = "question"  # of the form
_MAX_LABEL = 45  # characters, of a form's title and of a field's name


class Questions:
    """Takes questions to the conversation; whatever goes wrong is said to who asked."""

    def __init__(
        self,
        conversation: Conversation[DiscordPlace],
        messenger: DiscordMessenger,
        pending: PendingInteractions,
        messages: Messages,
    ) -> None:
        self._conversation = conversation
        self._messenger = messenger
        self._pending, self._messages = pending, messages

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
        await self._taken(interaction, place, _about(interaction, found))

    async def _taken(self, interaction: Interaction, place: DiscordPlace, asked: Question) -> None:
        """Write a question down, tell Discord that an answer comes, and ask it."""
        async with self._pending.asked(place, asked) as noted:
            if not noted:
                await _tell(interaction, unavailable(), place.lang)
                return
            # Discord waits three seconds for a sign of life: it comes before anything is fetched.
            deferred = await _acknowledge(interaction, private=place.private)
            if not place.message:
                place = replace(place, message=deferred.message_id or 0 if deferred else 0)
            await self._pressed(place, asked)

    def check(self, found: Sequence[Found]) -> None:
        """Raises Refusal where nothing that was found can be looked at."""
        check_any([self._messages.file(one) for one in found])

    async def refuse(self, interaction: Interaction, refused: Refusal) -> None:
        """Tell who used a command why it is not carried out."""
        place = await self._conversation.chosen(DiscordPlace.of_interaction(interaction))
        await _tell(interaction, refused, place.lang)

    async def ask(self, interaction: Interaction, found: Sequence[Found], written: str) -> None:
        """A question in words about what was found."""
        try:
            question = await self._conversation.question(written)
        except Refusal as refused:
            await self.refuse(interaction, refused)
            return
        await self.by_command(interaction, found, Action.QUESTION, question=question)

    async def open_form(self, interaction: Interaction, found: Sequence[Found]) -> None:
        """Ask for the question; the pictures are noted until it comes.

        Discord shows the bot others' messages only where somebody chose them from a menu, so that
        they could not be looked up again.
        """
        try:
            await self._conversation.check_offered(Action.QUESTION)
            self.check(found)
            note = json.dumps([asdict(one) for one in found])
            seconds = INTERACTION_LIFE.total_seconds()
            name = _note(interaction.id)
            if not await self._conversation.notes.leave(name, note, seconds=seconds):
                raise unavailable()
        except Refusal as refused:
            await self.refuse(interaction, refused)
            return
        place = await self._conversation.chosen(DiscordPlace.of_interaction(interaction))
        await interaction.response.send_modal(_form(interaction.id, place.lang))

    async def by_form(self, interaction: Interaction) -> None:
        """The question that somebody wrote into the form."""
        data: Mapping[str, Any] = interaction.data or {}
        form = _FORM.fullmatch(str(data.get("custom_id")))
        if form is None:
            return
        notes = await self._conversation.notes.collect(_note(int(form[1])))
        if not notes:
            gone = unavailable() if notes is None else Refusal(RefusalCode.PHOTO_EXPIRED)
            await self.refuse(interaction, gone)
            return
        found = [Found(**one) for one in json.loads(notes[0])]
        written = next(_written(data.get("components")), "")
        await self.ask(interaction, found, written)

    async def by_button(
        self, interaction: Interaction, wish: Action, holder: int, slot: str = "0"
    ) -> None:
        """A button about the photos in another message of the same channel, or in its own."""
        own = interaction.message
        private = wish.private or bool(own and own.flags.ephemeral)
        place = DiscordPlace.of_interaction(interaction, holder)
        place = replace(place, wish=wish, private=private)
        if own is not None and own.id == holder:
            pictures = await self._messages.held(own.channel, holder, own)
            await self._taken(interaction, place, _about(interaction, pictures, wish, slot))
            return
        # Reading the other message may take longer than Discord waits for a sign of life.
        await _acknowledge(interaction, private=private)
        channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
        pictures = await self._messages.held(channel, holder, None)
        question = _about(interaction, pictures, wish, slot)
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
        shown: int | None = place.message
        if not shown:  # it ended before it knew, or before it had told Discord anything
            shown = await self._messenger.shown(place)
        if shown is not None:  # otherwise Discord has said that the bot does not respond
            await self._ask(replace(place, message=shown), question)
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
            [self._messages.file(one) for one in question.found[:MAX_PHOTOS]],
            dedupe=f"discord:{question.id}:{place.wish}",
            chat=question.chat or None,
            moment=question.moment,
        )


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


def _about(
    interaction: Interaction,
    pictures: Sequence[Found],
    wish: Action = Action.CAPTION,
    slot: str = "0",
) -> Question:
    """What is asked about pictures, or about the one that a button names, or a moment of it."""
    at, _, moment = slot.partition(".")
    return Question(
        id=interaction.id,
        found=pictures if wish.output is Output.CAPTION else pictures[int(at) : int(at) + 1],
        chat=str(interaction.channel_id) if interaction.guild_id else "",
        moment=int(moment or 0),
    )


def is_form(interaction: discord.Interaction[Any]) -> bool:
    """Whether somebody has sent a form."""
    return interaction.type is discord.InteractionType.modal_submit


def _form(ident: int, lang: str) -> discord.ui.Modal:
    form = discord.ui.Modal(
        title=say("menu-ask", lang)[:_MAX_LABEL], custom_id=f"captionbot:ask:{ident}"
    )
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=_FIELD, style=discord.TextStyle.paragraph, max_length=MAX_QUESTION
    )
    form.add_item(
        discord.ui.Label(text=say("command-ask-question", lang)[:_MAX_LABEL], component=field)
    )
    form.stop()  # discord.py keeps nothing of it: whichever process is told of the answer has it
    return form


def _written(components: object) -> Iterator[str]:
    """What stands in the form's field, wherever in its components that is."""
    if isinstance(components, list):
        for one in components:
            yield from _written(one)
    elif _is_object(components):
        if components.get("custom_id") == _FIELD:
            yield str(components.get("value") or "")
        yield from _written([components.get("component"), components.get("components")])


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _note(form: int) -> str:
    return f"form:{form}"
