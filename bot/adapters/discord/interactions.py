"""Commands, buttons and forms on Discord: what each asks for, and what is said to that."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import aiohttp
import discord

from bot.adapters.discord import replies
from bot.adapters.discord.messages import Messages
from bot.adapters.discord.messenger import lacking, which_lack
from bot.adapters.discord.replies import DiscordPlace
from bot.chat.commands import Asker
from bot.chat.dialogue import ASK
from bot.chat.media import Link
from bot.chat.models import Action, cut
from bot.chat.pending import PendingQuestions, Question
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.rendering import DELETE
from bot.chat.service import unavailable
from bot.locales import ENGLISH, say
from captioner.queue.messages import MAX_QUESTION, Output

Interaction = discord.Interaction[discord.Client]
_ACKNOWLEDGED = 40060  # Discord's code for an interaction that has an answer
_SHORT_PAUSE = 0.2  # seconds; Discord waits three for the first sign of life
_LIFE = replies.INTERACTION_LIFE.total_seconds()
_ABOUT_PHOTOS = {Action.ATTENTION_GIF, Action.ATTENTION_SHEET, Action.OTHERS, Action.SPEECH}
_MAX_LABEL = 45  # characters, of a form's title and of a field's name


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordAsker(Asker):
    """Who used a command."""

    interaction: Interaction

    async def decides(self) -> bool:
        # Discord shows the command only to them, but a server's owner can change that.
        return bool(self.here and self.interaction.permissions.manage_channels)

    async def forgets_chat(self) -> bool:
        return False  # /auto off does that

    async def cannot_see(self) -> str:
        return "" if self.interaction.client.intents.message_content else "auto-needs-intent"

    async def auto_is_on(self, lang: str | None) -> str | None:
        channel, granted = self.interaction.channel, self.interaction.app_permissions
        lacks = lacking(channel, granted, "attach_files", "read_message_history")
        if not lacks or self.chat is None:
            return None
        return f"{say('auto-on-discord', lang)}\n{which_lack(self.chat, lacks, lang)}"


class Interactions:
    """Takes interactions to the conversation; whatever goes wrong is said to who asked."""

    def __init__(self, messages: Messages) -> None:
        self._messages, self._messenger = messages, messages.messenger
        self._conversation = messages.conversation
        self._pending = PendingQuestions(self._conversation.notes, DiscordPlace, seconds=_LIFE)

    async def admits(self, interaction: Interaction) -> bool:
        """Whether somebody may use the bot; who may not is told."""
        why = await self._conversation.turned_away(interaction.user.id, interaction.guild_id)
        if why:
            await _tell(interaction, say(why, interaction.locale.value))
        return not why

    # --- questions about pictures

    async def caption(
        self,
        interaction: Interaction,
        found: Sequence[Link],
        wish: Action = Action.CAPTION,
        *,
        private: bool = False,
        written: str = "",
    ) -> None:
        """A command about what was found; a question is `written` by whoever asks it."""
        place, asks = DiscordPlace.of_interaction(interaction), wish is Action.QUESTION
        async with self._unless_refused(interaction):
            question = await self._conversation.question(written) if asks else ""
            await self._messages.check(found)
            place = replace(place, wish=wish, private=private or wish.private, question=question)
            await self._taken(interaction, place, found)

    async def open_form(self, interaction: Interaction, found: Sequence[Link]) -> None:
        """Ask for the question; the pictures are noted until it comes.

        Discord shows the bot others' messages only where somebody chose them from a menu, so that
        they could not be looked up again.
        """
        name, note = f"form:{interaction.id}", json.dumps([asdict(one) for one in found])
        async with self._unless_refused(interaction):
            await self._conversation.service.capabilities.check_offered(Action.QUESTION)
            await self._messages.check(found)
            if not await self._conversation.notes.leave(name, note, seconds=_LIFE):
                raise unavailable()
            form = _form(interaction.id, await self._lang(interaction))
            await interaction.response.send_modal(form)

    async def answer(self, interaction: Interaction) -> None:
        """Do what a button or a form asks for; one of another version does nothing."""
        data: Mapping[str, Any] = interaction.data or {}
        used = replies.BUTTON.fullmatch(str(data.get("custom_id")))
        if used is None:
            return
        action, about = used["action"], used["about"]
        if action in {replies.YES, replies.NO}:
            await self._settle(interaction, about, yes=action == replies.YES)
        elif action == DELETE:
            await self._delete(interaction, about)
        elif action == ASK:
            if await self.admits(interaction):
                field = data["components"][0]["component"]
                await self._submit(interaction, about, str(field.get("value") or ""))
        elif (
            action in _ABOUT_PHOTOS
            and (asked := replies.ABOUT_PHOTOS.fullmatch(about))
            and await self.admits(interaction)
        ):
            if action == Action.SPEECH:
                await self._aloud(interaction, asked["language"] or ENGLISH)
            else:
                await self._look(interaction, Action(action), asked)

    async def _submit(self, interaction: Interaction, form: str, written: str) -> None:
        """The question that somebody wrote into a form."""
        async with self._unless_refused(interaction):
            notes = await self._conversation.notes.collect(f"form:{form}")
            if not notes:
                raise unavailable() if notes is None else Refusal(RefusalCode.PHOTO_EXPIRED)
            found = [Link(**one) for one in json.loads(notes[0])]
            await self.caption(interaction, found, Action.QUESTION, written=written)

    async def _look(self, interaction: Interaction, wish: Action, asked: re.Match[str]) -> None:
        """A button about the photos in another message of the same channel, or in its own."""
        own, holder = interaction.message, int(asked["message"])
        private = wish.private or bool(own and own.flags.ephemeral)
        place = DiscordPlace.of_interaction(interaction, holder)
        place = replace(place, wish=wish, private=private)
        elsewhere = own is None or own.id != holder
        if elsewhere:  # reading that may take longer than Discord waits for a sign of life
            await _acknowledge(interaction, private=private)
        channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
        pictures = await self._messages.held(channel, holder, own)
        if wish.output is not Output.CAPTION:
            at = int(asked["at"] or 0)
            pictures = pictures[at : at + 1]
        moment = int(asked["moment"] or 0)
        await self._taken(interaction, place, pictures, moment, acknowledged=elsewhere)

    async def _aloud(self, interaction: Interaction, language: str) -> None:
        """Read the answer above a button aloud as it stands there: its photo may be gone."""
        await _acknowledge(interaction, private=True)
        place = replace(DiscordPlace.of_interaction(interaction), private=True)
        place = await self._conversation.chosen(place)
        said, key = interaction.message.content if interaction.message else "", str(interaction.id)
        await self._messenger.read_aloud(place, said, key=key, language=language)

    async def catch_up(self) -> None:
        """Ask what commands and buttons asked of processes that ended meanwhile."""

        async def again(place: DiscordPlace, question: Question) -> None:
            if not place.by_interaction():
                return
            # It may have ended before it knew the message, or before it had told Discord anything.
            shown = place.message or await self._messenger.shown(place)
            if shown is not None:  # otherwise Discord has said that the bot does not respond
                await self._messages.ask_about(replace(place, message=shown), question)

        await self._pending.catch_up(again)

    async def _taken(
        self,
        interaction: Interaction,
        place: DiscordPlace,
        found: Sequence[Link],
        moment: int = 0,
        *,
        acknowledged: bool = False,
    ) -> None:
        """Write a question down, tell Discord that an answer comes, and ask it.

        In this order: whoever asked sees the bot think from then on, however the process ends.
        """
        chat = str(interaction.channel_id) if interaction.guild_id else ""
        asked = Question(id=interaction.id, found=found, chat=chat, moment=moment)
        async with self._pending.during(place, asked) as noted:
            if not acknowledged:
                if not noted:
                    await _tell(interaction, unavailable().text(place.lang))
                    return
                # Before anything is fetched: Discord waits three seconds for a sign of life.
                message = await _acknowledge(interaction, private=place.private)
                place = replace(place, message=place.message or message)
            await self._messages.ask_about(place, asked)

    @asynccontextmanager
    async def _unless_refused(self, interaction: Interaction) -> AsyncIterator[None]:
        """Tell who used a command why it is not carried out, where that is refused inside."""
        try:
            yield
        except Refusal as refused:
            await _tell(interaction, refused.text(await self._lang(interaction)))

    async def _lang(self, interaction: Interaction) -> str | None:
        """What somebody reads."""
        locale = interaction.locale.value
        return await self._conversation.preferences.language(interaction.user.id, locale)

    # --- everything else

    async def run(self, interaction: Interaction, name: str, argument: str = "") -> None:
        """Do what a command asks for that is about no picture, and tell only who used it."""
        locale = interaction.locale.value
        asker = DiscordAsker(
            interaction=interaction,
            person=interaction.user.id,
            locale=locale,
            chat=interaction.channel_id if interaction.guild_id else None,
            here=interaction.guild_id,
            unseen=True,
            # as the program of this person lists it, whatever language was chosen for answers
            delete="/" + say("name-delete", locale),
        )
        reply = await self._messages.commands.run(name, asker, argument)
        table = "\n".join(["\n```", *reply.table, "```"]) if reply.table else ""
        # What there is to choose stands in the command's own options.
        text = f"{reply.text}{table}" if table or reply.choices else reply.whole
        if reply.question:
            view = replies.confirmation(reply.question, reply.lang)
            await interaction.response.send_message(text, view=view, ephemeral=True)
        else:
            await _tell(interaction, text)

    async def _settle(self, interaction: Interaction, question: str, *, yes: bool) -> None:
        """Settle what an owner was asked."""
        owners, lang = self._messages.commands.owners, await self._lang(interaction)
        answer = await owners.press(question, interaction.user.id, lang, yes=yes)
        if answer.settled:
            await interaction.response.edit_message(content=answer.text, view=None)
        else:
            await _tell(interaction, answer.text)

    async def _delete(self, interaction: Interaction, person: str) -> None:
        """Remove one of the bot's messages, where whoever wants that may."""
        # In a direct message or a private channel nobody else keeps order.
        orderly = interaction.guild_id is not None and interaction.permissions.manage_messages
        if str(interaction.user.id) == person or orderly:
            await interaction.response.defer()
            await interaction.delete_original_response()
        else:
            await _tell(interaction, say("delete-not-allowed", await self._lang(interaction)))


async def _tell(interaction: Interaction, said: str) -> None:
    """Say something to the person who used a command or a button, and to nobody else."""
    text = cut(said, replies.MAX_CONTENT)
    await interaction.response.send_message(text, ephemeral=True)


async def _acknowledge(interaction: Interaction, *, private: bool) -> int:
    """Tell Discord that an answer will come; where the connection breaks, once more.

    The message that will be the answer; 0 where the first attempt had arrived all the same.
    """
    defer = partial(interaction.response.defer, thinking=True, ephemeral=private)
    try:
        said = await defer()
    except (aiohttp.ClientError, OSError):
        await asyncio.sleep(_SHORT_PAUSE)
        try:
            said = await defer()
        except discord.HTTPException as error:
            if error.code != _ACKNOWLEDGED:
                raise
            return 0
    return (said.message_id if said else None) or 0


def _form(ident: int, lang: str | None) -> discord.ui.Modal:
    title, text = (say(one, lang)[:_MAX_LABEL] for one in ("menu-ask", "command-ask-question"))
    form = discord.ui.Modal(title=title, custom_id=f"captionbot:{ASK}:{ident}")
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        style=discord.TextStyle.paragraph, max_length=MAX_QUESTION
    )
    form.add_item(discord.ui.Label(text=text, component=field))
    form.stop()  # discord.py keeps nothing of it: whichever process is told of the answer has it
    return form
