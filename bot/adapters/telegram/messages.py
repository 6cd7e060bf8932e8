"""Messages → commands and questions: in private all is meant for us, in company what names us."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from telegram import Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.adapters.telegram import questions
from bot.adapters.telegram.chats import (
    Command,
    TelegramPlace,
    author_of,
    command_in,
    is_admin,
    is_channel,
    is_private,
    is_service,
    mentions,
)
from bot.adapters.telegram.commands import FOR_EVERYBODY, IN_CHANNELS, answer_command
from bot.adapters.telegram.context import TelegramContext
from bot.adapters.telegram.media import (
    Item,
    Picture,
    Shown,
    album_of,
    items_in,
    known_items,
    looks_like_image,
    why_not,
)
from bot.chat.albums import SETTLE, Albums
from bot.chat.models import Action
from bot.chat.refusals import Refusal
from bot.locales import say

log = logging.getLogger(__name__)

_ACTIONS = {"caption": Action.CAPTION, "alt": Action.ALT, questions.ASK: Action.QUESTION}
_MENTION = "mention"  # asks for a caption, if there is a picture
_GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


class Messages:
    """Handles what is written in chats; each call returns when the work is queued."""

    def __init__(self, context: TelegramContext, *, settle: float = SETTLE) -> None:
        self._context = context
        self._albums = Albums(context.conversation.notes, self._collected, settle=settle)

    async def close(self) -> None:
        """Give up albums that are not complete."""
        await self._albums.close()

    async def message(self, update: Update, _context: object) -> None:
        """Answer a message, or a post in a channel."""
        message = update.message or update.channel_post
        if message is None:
            return
        if message.migrate_to_chat_id is not None:
            await self._moved(message.chat.id, message.migrate_to_chat_id)
            return
        await self._once(message)

    async def edited(self, update: Update, _context: object) -> None:
        """Answer a message that asks something since it was edited, once.

        Telegram tells of edits for many reasons, and never what was there before.
        """
        message = update.edited_message or update.edited_channel_post
        if message is not None:
            await self._once(message, edited=time.time() - message.date.timestamp())

    async def _once(self, message: Message, *, edited: float | None = None) -> None:
        """Answer a message; what asks something in so many words, once."""
        context, new = self._context, edited is None
        command = command_in(message, context.bot.username)
        wish = self._wish(message, command)
        answer = partial(self._answer, message, command, wish, edited=not new)
        if wish or command.name in context.commands or (new and is_private(message)):
            what = _ACTIONS.get(wish, Action.CAPTION) if wish or not command.name else command.name
            key = f"{message.chat.id}:{message.message_id}:{what}"
            await context.conversation.answer_once(key, answer, edited=edited)
        elif new:
            await answer()

    async def membership(self, update: Update, _context: object) -> None:
        """Greet a group that the bot comes to; forget what one had chosen that sends it away."""
        change = update.my_chat_member
        if change is None:
            return
        was_there = change.old_chat_member.status not in _GONE
        if change.new_chat_member.status in _GONE:
            try:
                await self._context.preferences.forget_chat(change.chat.id)
            except Refusal:
                log.info("telegram: what a group chose is kept until it expires")
        elif not was_there and change.chat.type in _GROUPS:
            person = change.from_user
            if await self._context.conversation.may_use(person.id, change.chat.id):
                lang = await self._context.preferences.language(person.id, person.language_code)
                place = TelegramPlace(chat=change.chat.id, message=0, lang=lang)
                text = say("added-to-group", lang)
                await self._context.messenger.say(place, text, key=f"added:{place.chat}")

    async def _answer(
        self, message: Message, command: Command, wish: str, *, edited: bool = False
    ) -> None:
        if is_channel(message) and not await self._works_here(message, command, wish):
            return
        if command.name in self._context.commands:
            if command.name in FOR_EVERYBODY or await self._context.admits(message):
                await answer_command(self._context, message, command.name, command.argument)
            return
        question = ""
        if wish == questions.ASK:
            question = await questions.question_in(self._context, message, command)
            if not question and message.media_group_id is None:
                return
            wish = wish if question else ""  # what remains is an album without a question
        picture = self._context.picture_in(message)
        plain = picture is None and wish in ("", _MENTION)
        if plain and await questions.reply(self._context, message):
            return
        item = Item(message=message.message_id, picture=picture, wish=wish, question=question)
        if message.media_group_id is None:
            await self._album(message, [item])
        elif not edited:
            await self._albums.add(album_of(message), message, item.note())
        else:
            known = await known_items(self._context.conversation.notes, message)
            others = [one for one in known if one.message != item.message]
            items = sorted([*others, item], key=lambda one: one.message)
            await self._album(message, items)
        if command.names_us and not wish and not item.picture and not is_private(message):
            await self._say_why_not(message, message)

    async def _works_here(self, message: Message, command: Command, wish: str) -> bool:
        """Whether a post in a channel is answered, where only admins write."""
        asked = wish or command.name in IN_CHANNELS or await self._answers_all(message)
        if command.name in self._context.commands and command.name not in IN_CHANNELS:
            return False
        bot = self._context.bot
        return bool(asked) and await is_admin(bot, message.chat.id, bot.id)

    async def _collected(self, message: Message, notes: Sequence[str]) -> None:
        items = items_in(notes)
        wish = next((item.wish for item in items if item.wish), "")
        wish = await self._albums.wish(album_of(message), wish)
        if wish == questions.ASK and not any(item.question for item in items):
            return  # photos that came late to an album: the question is about the first one
        await self._album(message, [replace(items[0], wish=wish), *items[1:]])

    async def _album(self, message: Message, items: Sequence[Item]) -> None:
        """Deal with what came in one message, or in several that belong together."""
        wish = next((item.wish for item in items if item.wish), "")
        asks = next((item for item in items if item.question), None)
        if not any(item.picture for item in items):
            await self._no_picture(message, wish, asks.question if asks else "")
            return
        unasked = not wish and not is_private(message)
        if unasked and not await self._answers_all(message):
            return
        first = items[0].message
        pictures = [item.picture for item in items]
        if asks:
            await questions.ask(
                self._context, message, asks.question, pictures, asking=asks.message
            )
            return
        await self._ask(message, wish, pictures, shown=first, asking=first, unasked=unasked)

    async def _no_picture(self, message: Message, wish: str, question: str) -> None:
        """Caption what a message replies to, or say that there is nothing to caption."""
        elsewhere = message.external_reply  # of another chat, or of another topic
        above = message.reply_to_message
        meant: Shown | None = elsewhere or above
        asks = wish or (elsewhere is not None and is_private(message))
        picture = self._context.picture_in(meant) if asks and meant is not None else None
        if question and await questions.about_answer(self._context, message, question):
            return
        if question and picture is not None:
            await questions.ask(self._context, message, question, [picture])
        elif picture is not None:
            # What stands in another chat cannot be replied to from here.
            shown = message if elsewhere or above is None else above
            album = (
                shown.media_group_id is not None
                and len(await known_items(self._context.conversation.notes, shown)) > 1
            )
            await self._ask(
                message,
                wish,
                [picture],
                shown=shown.message_id,
                asking=message.message_id,
                album=album,
            )
        elif wish in _ACTIONS:
            if meant is not None and _holds_something(meant):
                await self._say_why_not(message, meant)
            elif await self._context.admits(message):
                await self._context.say(message, "nothing-to-caption", command=f"/{wish}")
        elif is_private(message) and not is_service(message):
            await self._say_why_not(message, elsewhere or message)

    async def _say_why_not(self, message: Message, meant: Shown) -> None:
        if await self._context.admits(message):
            why = why_not(meant, await self._context.language(message))
            await self._context.messenger.answer(message, why)

    async def _ask(
        self,
        message: Message,
        wish: str,
        pictures: Sequence[Picture | None],
        *,
        shown: int,
        asking: int,
        unasked: bool = False,
        album: bool = False,
    ) -> None:
        """Ask about pictures. The answer replies to the message `shown`: its buttons look there."""
        if not await self._context.admits(message):
            return
        user = message.from_user
        await self._context.ask(
            message,
            pictures,
            person=author_of(message),
            shown=shown,
            asking=asking,
            lang=user.language_code if user else None,
            wish=_ACTIONS.get(wish, Action.CAPTION),
            unasked=unasked,
            album=album,
        )

    async def _answers_all(self, message: Message) -> bool:
        """Whether a group has us caption every photo, and this is one: no sticker, no video."""
        if not message.photo and not (message.document and looks_like_image(message.document)):
            return False
        return await self._context.preferences.answers_all(message.chat.id)

    async def _moved(self, old: int, new: int) -> None:
        try:
            await self._context.conversation.move_chat(old, new)
        except Refusal:
            log.info("telegram: what was chosen for a group could not follow it to its new id")

    def _wish(self, message: Message, command: Command) -> str:
        if command.name in _ACTIONS:
            return command.name
        return _MENTION if mentions(message, self._context.bot) else ""


def _holds_something(meant: Shown) -> bool:
    """Whether there is something that could have been a picture: more than words."""
    if isinstance(meant, Message):
        return not is_service(meant) and not meant.text
    kinds = (
        *(meant.audio, meant.voice, meant.document, meant.sticker, meant.story, meant.paid_media),
        *(meant.animation, meant.video, meant.video_note, meant.photo),
    )
    return any(kinds)
