"""Presses of buttons. All that one needs is in the button and in the message that it is under."""

from __future__ import annotations

import logging

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError

from bot.adapters.telegram import keyboard
from bot.adapters.telegram.actions import Wish
from bot.adapters.telegram.commands.language import choose, known
from bot.adapters.telegram.context import House
from bot.adapters.telegram.entities import is_private
from bot.adapters.telegram.idempotent_replies import thread_of
from bot.adapters.telegram.media import find_picture
from bot.adapters.telegram.models import Question
from bot.adapters.telegram.permissions import is_admin
from bot.adapters.telegram.sender import Place, Undeliverable
from bot.adapters.telegram.submit import Asking
from bot.adapters.telegram.voice import in_english
from bot.locales import say

log = logging.getLogger(__name__)

_CALLBACK_ANSWER_LENGTH = 200
_SPEECH_ONCE_IN = 5.0  # seconds, however often somebody presses


class Buttons:
    """Handles presses; each call returns when the work is queued or done."""

    def __init__(self, house: House, asking: Asking) -> None:
        self._house = house
        self._asking = asking

    async def press(self, update: Update, _context: object) -> None:
        """Do what a button says."""
        query = update.callback_query
        if query is None:
            return
        data = query.data or ""
        known_to_us = data in keyboard.WISHES or data == keyboard.SPEECH
        if not known_to_us and not data.startswith((keyboard.DELETE, keyboard.LANGUAGE)):
            await _answer(query)
            return
        lang = await self._house.choices.language(query.from_user)
        message = query.message if isinstance(query.message, Message) else None
        chat = query.message.chat.id if query.message else query.from_user.id
        if not self._house.may_use(query.from_user.id, chat):
            await _answer(query, say("not-admitted", lang))
        elif data.startswith(keyboard.LANGUAGE):
            await self._language(query, message, data.removeprefix(keyboard.LANGUAGE))
        elif data.startswith(keyboard.DELETE):
            await self._delete(query, data.removeprefix(keyboard.DELETE), lang)
        elif message is None:
            await _answer(query, say("photo-expired", lang))
        elif data == keyboard.SPEECH:
            await self._speech(query, message, lang)
        else:
            await self._look(query, message, keyboard.WISHES[data], lang)

    async def _look(
        self, query: CallbackQuery, message: Message, wish: Wish, lang: str | None
    ) -> None:
        above = message.reply_to_message
        picture = find_picture(above, moving=False) if above is not None else None
        if above is None or picture is None:
            await _answer(query, say("photo-expired", lang))
            return
        await _answer(query)
        key = f"telegram:{message.chat.id}:{message.message_id}:{wish}"
        await self._asking.ask(
            Question(
                pictures=(picture,),
                place=Place(message.chat.id, above.message_id, thread_of(message), lang),
                person=query.from_user.id,
                group=None if is_private(message) else message.chat.id,
                asked=key,
                # By press: a button works again when its first answer failed or was deleted.
                dedupe=f"{key}:{query.id}",
                wish=wish,
                if_gone="photo-expired",
            )
        )

    async def _speech(self, query: CallbackQuery, message: Message, lang: str | None) -> None:
        await _answer(query)
        key = f"speech:{message.chat.id}:{message.message_id}"
        if not message.text or not await self._house.choices.first(key, seconds=_SPEECH_ONCE_IN):
            return
        place = Place(message.chat.id, message.message_id, thread_of(message), lang)
        try:
            await self._house.speaking.read(place, in_english(message.text))
        except Undeliverable as error:
            log.info("telegram: a voice message was not taken: %s", error)

    async def _delete(self, query: CallbackQuery, asker: str, lang: str | None) -> None:
        answer, person = query.message, query.from_user.id
        if answer is None:
            await _answer(query, say("delete-too-late", lang))
            return
        if asker != str(person) and not await is_admin(self._house.bot, answer.chat.id, person):
            await _answer(query, say("delete-not-allowed-telegram", lang))
            return
        try:
            await self._house.courier.delete(answer.chat.id, answer.message_id)
        except Undeliverable as error:
            gone = "not found" in str(error).lower()  # by another press
            await _answer(query, None if gone else say("delete-too-late", lang))
        else:
            await _answer(query)

    async def _language(self, query: CallbackQuery, message: Message | None, name: str) -> None:
        chosen, person = known(name), query.from_user
        if chosen is None:
            await _answer(query)
            return
        text = await choose(self._house, person.id, chosen, person.language_code)
        await _answer(query, text)
        if message is not None and is_private(message):
            try:
                await self._house.courier.edit(message.chat.id, message.message_id, text)
            except Undeliverable as error:  # pressed before, and it says so already
                log.debug("telegram: the languages could not be taken away: %s", error)


async def _answer(query: CallbackQuery, text: str | None = None) -> None:
    """Stop the button's spinner; with a text, show it to the person who pressed."""
    try:
        short = text[:_CALLBACK_ANSWER_LENGTH] if text else None
        await query.answer(short, show_alert=True if text else None)
    except TelegramError as error:  # too old to be answered; what it asks for still counts
        log.debug("telegram: a press could not be acknowledged: %s", error)
