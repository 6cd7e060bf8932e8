"""Questions about photos on Discord: a command, an entry in a message's menu, and replies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeGuard

import discord
from discord import app_commands

from bot.adapters.discord.attachments import Found, has_pictures, of_attachment, pictures_in
from bot.adapters.discord.buttons import photo_holder
from bot.adapters.discord.command_sync import named
from bot.adapters.discord.commands import Interaction, everywhere, for_people_too
from bot.adapters.discord.messenger import DiscordMessenger
from bot.adapters.discord.place import INTERACTION_LIFE, DiscordPlace
from bot.adapters.discord.questions import Questions
from bot.chat.conversation import Conversation
from bot.chat.models import Action
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.service import unavailable
from bot.locales import say
from captioner.queue.messages import MAX_QUESTION

_FORM = re.compile(r"captionbot:ask:([0-9]{1,20})")
_FIELD = "question"  # of the form
_MAX_LABEL = 45  # characters, of a form's title and of a field's name
_MENTION = re.compile(r"<@[!&]?[0-9]{1,20}>")


class Asking:
    """Takes what people want to know to the questions of the conversation."""

    def __init__(
        self,
        conversation: Conversation[DiscordPlace],
        questions: Questions,
        messenger: DiscordMessenger,
    ) -> None:
        self._conversation = conversation
        self._questions = questions
        self._messenger = messenger

    async def by_command(
        self, interaction: Interaction, found: Sequence[Found], written: str
    ) -> None:
        """A question in words about what was found."""
        try:
            question = await self._conversation.question(written)
        except Refusal as refused:
            await self._questions.refuse(interaction, refused)
            return
        await self._questions.by_command(interaction, found, Action.QUESTION, question=question)

    async def open_form(self, interaction: Interaction, found: Sequence[Found]) -> None:
        """Ask for the question; the pictures are noted until it comes.

        Discord shows the bot others' messages only where somebody chose them from a menu, so that
        they could not be looked up again.
        """
        try:
            await self._conversation.check_questions()
            self._questions.check(found)
            note = json.dumps([asdict(one) for one in found])
            seconds = INTERACTION_LIFE.total_seconds()
            name = _note(interaction.id)
            if not await self._conversation.notes.leave(name, note, seconds=seconds):
                raise unavailable()
        except Refusal as refused:
            await self._questions.refuse(interaction, refused)
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
            await self._questions.refuse(interaction, gone)
            return
        found = [Found(**one) for one in json.loads(notes[0])]
        written = next(_written(data.get("components")), "")
        await self.by_command(interaction, found, written)

    async def by_message(self, message: discord.Message) -> bool:
        """A reply to an answer of ours; False where it is none, or nobody answers questions."""
        answer = message.reference.resolved if message.reference else None
        holder = photo_holder(answer) if isinstance(answer, discord.Message) else None
        if holder is None:
            return False
        if not (await self._conversation.offers()).questions:
            return False
        place = DiscordPlace.of_message(message)
        try:
            question = await self._conversation.question(_MENTION.sub(" ", message.content))
        except Refusal as refused:
            lang = (await self._conversation.chosen(place)).lang
            await self._messenger.say(place, refused.text(lang), key=str(message.id))
            return True
        await self._questions.by_reply(message, holder, question)
        return True


def asks(message: discord.Message, us: discord.abc.User | None) -> bool:
    """Whether a message is a reply to an answer of ours about a photo."""
    answer = message.reference.resolved if message.reference else None
    about = photo_holder(answer) if isinstance(answer, discord.Message) else None
    return about is not None and is_reply(message, us)


def is_reply(message: discord.Message, us: discord.abc.User | None) -> bool:
    """Whether a message says something in reply to one of ours, as far as Discord shows it.

    Without the message content intent it does so where the reply mentions the bot, as replies do
    unless that is switched off, and in direct messages.
    """
    answer = message.reference.resolved if message.reference else None
    if us is None or not isinstance(answer, discord.Message) or answer.author.id != us.id:
        return False
    seen = message.guild is None or us in message.mentions
    words = _MENTION.sub(" ", message.content)
    return seen and not has_pictures(message) and any(map(str.isalnum, words))


def add_ask_commands(tree: app_commands.CommandTree[Any], asking: Asking) -> None:
    """Put the command and the menu's entry into a client's tree."""

    @tree.command(name=named("name-ask"), description=named("command-ask"))
    @app_commands.describe(question=named("command-ask-question"), image=named("command-ask-photo"))
    @everywhere
    @for_people_too
    async def ask(
        interaction: Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        image: discord.Attachment,
    ) -> None:
        await asking.by_command(interaction, [of_attachment(image)], question)

    @tree.context_menu(name=named("menu-ask"))
    @everywhere
    @for_people_too
    async def ask_about(interaction: Interaction, message: discord.Message) -> None:
        await asking.open_form(interaction, pictures_in(message))


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
