"""Presses of buttons. All that one needs is in the button and in the message that it is under."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from telegram import Bot, CallbackQuery, Message, MessageEntity, Update
from telegram.error import TelegramError

from bot.adapters.telegram.chats import answer_key, is_admin, is_private, place_of
from bot.adapters.telegram.media import Picture, find_picture
from bot.adapters.telegram.messages import Messages, album_of
from bot.adapters.telegram.messenger import (
    ACTIONS,
    COMMAND,
    DELETE,
    NO,
    SPEECH_BUTTON,
    YES,
    TelegramMessenger,
    of_choices,
)
from bot.chat.commands import CAPTIONS, Asker
from bot.chat.dialogue import Asking
from bot.chat.messenger import Undeliverable
from bot.chat.models import Action
from bot.chat.rendering import ALBUM
from bot.chat.speech import in_language
from bot.locales import ENGLISH, say

log = logging.getLogger(__name__)

_CALLBACK_ANSWER_LENGTH = 200
_PREFIXES = (DELETE, YES, NO)
_SPEECH_ONCE_IN = 5.0  # seconds, however often somebody presses


class Buttons:
    """Handles presses; each call returns when the work is queued or done."""

    def __init__(self, bot: Bot, messages: Messages, messenger: TelegramMessenger) -> None:
        self._bot, self._messages, self._messenger = bot, messages, messenger
        self._conversation = messages.conversation

    async def press(self, update: Update, _context: object) -> None:
        """Do what a button says."""
        query = update.callback_query
        if query is None:
            return
        data, person = query.data or "", query.from_user
        action = ACTIONS.get(data)
        speech = SPEECH_BUTTON.fullmatch(data)
        choice = COMMAND.fullmatch(data)
        known = action or speech or choice or data == ALBUM
        if not (known or data.startswith(_PREFIXES)):
            await _answer(query)
            return
        lang = await self._messages.language(person)
        message = query.message if isinstance(query.message, Message) else None
        chat = query.message.chat.id if query.message else person.id
        if why := await self._conversation.turned_away(person.id, chat):
            await _answer(query, say(why, lang))
        elif choice:
            await self._choose(query, message, choice[1], choice[2])
        elif data.startswith(DELETE):
            await self._delete(query, data.removeprefix(DELETE), lang)
        elif data.startswith((YES, NO)):
            await self._settle(query, data, lang)
        elif message is None:
            await _answer(query, say("photo-expired", lang))
        elif data == ALBUM:
            await self._album(query, message, lang)
        elif speech:
            await self._speech(query, message, lang, speech["language"] or ENGLISH)
        elif action is not None:
            await self._look(query, message, action, lang)

    async def _look(
        self, query: CallbackQuery, message: Message, action: Action, lang: str | None
    ) -> None:
        above = message.reply_to_message
        picture = find_picture(above, moving=False) if above is not None else None
        if picture is None and above is not None and above.external_reply is not None:
            picture = find_picture(above.external_reply, moving=False)
        pictures = [picture] if picture is not None else []
        shown = above.message_id if above is not None else 0
        asking = Asking(shown=shown, message=message.message_id, press=query.id)
        await self._ask(query, message, action, pictures, asking, lang)

    async def _album(self, query: CallbackQuery, message: Message, lang: str | None) -> None:
        """Caption all photos of the album that the one above belongs to."""
        above = message.reply_to_message
        album = album_of(above) if above is not None else ""
        items = await self._messages.known(album) if album else []
        first = items[0].message if items else 0
        pictures = [item.picture for item in items]
        asking = Asking(shown=first, message=first, press=query.id)
        await self._ask(query, message, Action.CAPTION, pictures, asking, lang)

    async def _ask(
        self,
        query: CallbackQuery,
        message: Message,
        action: Action,
        pictures: Sequence[Picture | None],
        asking: Asking,
        lang: str | None,
    ) -> None:
        if not pictures:
            await _answer(query, say("photo-expired", lang))
            return
        await _answer(query)
        said = self._messages.pressed(message, query.from_user.id, lang)
        await self._messages.ask(said, action, pictures, asking)

    async def _speech(
        self, query: CallbackQuery, message: Message, lang: str | None, language: str
    ) -> None:
        """Read the answer aloud as it stands there: its photo may be gone."""
        if not is_private(message) and message.parse_entities([MessageEntity.SPOILER]):
            await _answer(query, say("spoiler-not-spoken", lang))
            return
        await _answer(query)
        key = f"speech:{message.chat.id}:{message.message_id}"
        preferences = self._conversation.preferences
        if not message.text or not await preferences.first(key, seconds=_SPEECH_ONCE_IN):
            return
        try:
            await self._messenger.read_aloud(
                replace(place_of(message), lang=lang),
                in_language(message.text, language),
                key=query.id,
                language=language,
            )
        except Undeliverable as error:
            log.info("telegram: a voice message was not taken: %s", error)

    async def _delete(self, query: CallbackQuery, asker: str, lang: str | None) -> None:
        answer, person = query.message, query.from_user.id
        if answer is None:
            await _answer(query, say("delete-too-late", lang))
            return
        if asker != str(person) and not await is_admin(self._bot, answer.chat.id, person):
            await _answer(query, say("delete-not-allowed-telegram", lang))
            return
        try:
            await self._messenger.delete(answer.chat.id, answer.message_id)
            await self._conversation.answered.forget(answer_key(answer))
        except Undeliverable as error:
            gone = "not found" in str(error).lower()  # by another press
            await _answer(query, None if gone else say("delete-too-late", lang))
        else:
            await _answer(query)

    async def _choose(
        self, query: CallbackQuery, message: Message | None, command: str, name: str
    ) -> None:
        alone = message is not None and is_private(message)
        user = query.from_user
        asker = Asker(person=user.id, locale=user.language_code)
        reply = await self._messages.commands.run(command, asker, name)
        if reply.choices and not (alone and name == CAPTIONS):  # no button of ours says that
            await _answer(query)
            return
        await _answer(query, None if reply.choices else reply.text)
        if message is not None and alone:
            buttons = of_choices(reply.choices)
            try:
                await self._messenger.edit(
                    message.chat.id, message.message_id, reply.whole, buttons
                )
            except Undeliverable as error:  # pressed before, and it says so already
                log.debug("telegram: the choices could not be taken away: %s", error)

    async def _settle(self, query: CallbackQuery, data: str, lang: str | None) -> None:
        """The answer to what an owner was asked."""
        word, _, question = data.partition(":")
        answer = await self._messages.commands.owners.press(
            question, query.from_user.id, lang, yes=word == "yes"
        )
        asked = query.message
        await _answer(query, None if answer.settled and asked else answer.text)
        if answer.settled and asked:
            try:
                await self._messenger.edit(asked.chat.id, asked.message_id, answer.text)
            except Undeliverable as error:  # pressed twice at once, and it says so already
                log.debug("telegram: an answered question could not be replaced: %s", error)


async def _answer(query: CallbackQuery, text: str | None = None) -> None:
    """Stop the button's spinner; with a text, show it to the person who pressed."""
    try:
        short = text[:_CALLBACK_ANSWER_LENGTH] if text else None
        await query.answer(short, show_alert=True if text else None)
    except TelegramError as error:  # too old to be answered; what it asks for still counts
        log.debug("telegram: a press could not be acknowledged: %s", error)
