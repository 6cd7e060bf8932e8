"""Presses of buttons. All that one needs is in the button and in the message that it is under."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from telegram import Bot, CallbackQuery, Message, MessageEntity
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.adapters.telegram.media import Picture, find_picture
from bot.adapters.telegram.messages import Messages, album_of, is_admin
from bot.adapters.telegram.messenger import (
    ACTIONS,
    COMMANDS,
    KNOWN,
    NO,
    SPEECH,
    YES,
    TelegramMessenger,
    TelegramPlace,
    answer_key,
    of_choices,
)
from bot.chat.commands import CAPTIONS, Asker
from bot.chat.dialogue import Asking
from bot.chat.messenger import Undeliverable
from bot.chat.models import Action
from bot.chat.rendering import ALBUM, DELETE
from bot.chat.speech import in_language
from bot.locales import ENGLISH, say

log = logging.getLogger(__name__)

_CALLBACK_ANSWER_LENGTH = 200
_SPEECH_ONCE_IN = 5.0  # seconds, however often somebody presses


@dataclass(frozen=True, slots=True)
class _Press:
    """A press of a button, and who pressed it reads what."""

    query: CallbackQuery
    lang: str | None
    message: Message | None  # that the button is below, as long as Telegram shows it

    @property
    def person(self) -> int:
        """Who pressed."""
        return self.query.from_user.id

    async def answer(self, text: str | None = None) -> None:
        """Stop the button's spinner; with a text, show it to the person who pressed."""
        try:
            short = text[:_CALLBACK_ANSWER_LENGTH] if text else None
            await self.query.answer(short, show_alert=True if text else None)
        except TelegramError as error:  # too old to be answered; what it asks for still counts
            log.debug("telegram: a press could not be acknowledged: %s", error)

    async def say(self, text_id: str) -> None:
        """Show one of our sentences to the person who pressed."""
        await self.answer(say(text_id, self.lang))


class Buttons:
    """Handles presses; each call returns when the work is queued or done."""

    def __init__(self, bot: Bot, messages: Messages, messenger: TelegramMessenger) -> None:
        self._bot, self._messages, self._messenger = bot, messages, messenger
        self._conversation = messages.conversation

    async def press(self, query: CallbackQuery) -> None:
        """Do what a button says."""
        message = query.message if isinstance(query.message, Message) else None
        person, data = query.from_user, query.data or ""
        press = _Press(query, await self._messages.language(person), message)
        chat = query.message.chat.id if query.message else person.id
        word, _, about = data.partition(":")
        if not KNOWN.fullmatch(data):
            await press.answer()
        elif why := await self._conversation.turned_away(person.id, chat):
            await press.say(why)
        elif word in COMMANDS:
            await self._choose(press, word, about)
        elif word == DELETE:
            await self._delete(press, about)
        elif word in (YES, NO):
            await self._settle(press, about, yes=word == YES)
        elif message is None:
            await press.say("photo-expired")
        elif word == SPEECH:
            await self._speech(press, message, about or ENGLISH)
        else:
            await self._ask(press, message, ACTIONS.get(data, Action.CAPTION), album=word == ALBUM)

    async def _ask(self, press: _Press, message: Message, action: Action, *, album: bool) -> None:
        """Ask about the photo that the message replies to, or about all photos of its album."""
        above, ident = message.reply_to_message, message.message_id
        asking = Asking(shown=above.message_id if above else 0, message=ident, press=press.query.id)
        pictures: list[Picture | None] = []
        if above is not None and album:
            name = album_of(above)
            items = await self._messages.known(name) if name else []
            first = items[0].message if items else 0
            asking = replace(asking, shown=first, message=first)
            pictures = [item.picture for item in items]
        elif above is not None:
            picture = find_picture(above, moving=False)
            if picture is None and above.external_reply is not None:
                picture = find_picture(above.external_reply, moving=False)
            pictures = [picture] if picture else []
        if not pictures:
            await press.say("photo-expired")
            return
        await press.answer()
        said = self._messages.pressed(message, press.person, press.lang)
        await self._messages.ask(said, action, pictures, asking)

    async def _speech(self, press: _Press, message: Message, language: str) -> None:
        """Read the answer aloud as it stands there: its photo may be gone."""
        place = replace(TelegramPlace.of_message(message), lang=press.lang)
        if place.in_company and message.parse_entities([MessageEntity.SPOILER]):
            await press.say("spoiler-not-spoken")
            return
        await press.answer()
        once, first = f"speech:{answer_key(message)}", self._conversation.preferences.first
        if not message.text or not await first(once, seconds=_SPEECH_ONCE_IN):
            return
        text = in_language(message.text, language)
        try:
            await self._messenger.read_aloud(place, text, key=press.query.id, language=language)
        except Undeliverable as error:
            log.info("telegram: a voice message was not taken: %s", error)

    async def _delete(self, press: _Press, asker: str) -> None:
        answer, person = press.query.message, press.person
        if answer is None:
            await press.say("delete-too-late")
        elif asker != str(person) and not await is_admin(self._bot, answer.chat.id, person):
            await press.say("delete-not-allowed-telegram")
        else:
            try:
                await self._messenger.delete(answer.chat.id, answer.message_id)
                await self._conversation.answered.forget(answer_key(answer))
            except Undeliverable as error:
                if "not found" not in str(error).lower():  # by another press
                    await press.say("delete-too-late")
                    return
            await press.answer()

    async def _choose(self, press: _Press, command: str, choice: str) -> None:
        message = press.message
        if message and message.chat.type != ChatType.PRIVATE:
            message = None
        asker = Asker(person=press.person, locale=press.query.from_user.language_code)
        reply = await self._messages.commands.run(command, asker, choice)
        if reply.choices and not (message and choice == CAPTIONS):  # no button of ours says that
            await press.answer()
            return
        await press.answer(None if reply.choices else reply.text)
        if message is not None:
            await self._messenger.edit(message, reply.whole, of_choices(reply.choices))

    async def _settle(self, press: _Press, question: str, *, yes: bool) -> None:
        """The answer to what an owner was asked."""
        owners = self._messages.commands.owners
        answer = await owners.press(question, press.person, press.lang, yes=yes)
        asked = press.query.message
        await press.answer(None if answer.settled and asked else answer.text)
        if answer.settled and asked:
            await self._messenger.edit(asked, answer.text)
