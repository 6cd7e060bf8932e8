"""Answers, refusals and other sentences, sent to chats on Telegram."""

from __future__ import annotations

import logging
from collections.abc import Hashable, Sequence
from functools import partial

from telegram import Message
from telegram.constants import ChatAction

from bot.adapters.telegram import keyboard
from bot.adapters.telegram.place import (
    TEXT_LENGTH,
    TelegramPlace,
    answer_key,
    place_of,
    plain,
)
from bot.adapters.telegram.sender import Sender, TelegramUndeliverable
from bot.chat.answered import AnsweredPhotos
from bot.chat.messenger import ChatMessenger, Remove
from bot.chat.models import Choice, Reply
from bot.chat.preferences import PreferenceService
from bot.chat.rendering import Style
from bot.chat.speech import Speech
from bot.locales import say
from captioner.queue.messages import Output

log = logging.getLogger(__name__)

_CAPTION_LENGTH = 2000  # characters: leaves room for words of ours beside it


class TelegramMessenger(ChatMessenger[TelegramPlace]):
    """Everything that is sent. What is sent twice is seen twice: no key tells Telegram."""

    place = TelegramPlace
    style = Style(lambda text: plain(text, _CAPTION_LENGTH), span=" – ")
    every = 4.5  # Telegram shows an action for five

    def __init__(
        self, sender: Sender, preferences: PreferenceService, answered: AnsweredPhotos
    ) -> None:
        super().__init__(preferences)
        self._sender = sender
        self._answered = answered

    async def post(self, place: TelegramPlace, reply: Reply, *, key: str) -> None:  # noqa: ARG002 - see above
        sent = await self._posted(place, reply)
        if place.picture:
            answer = answer_key(sent.chat.id, sent.message_id)
            await self._answered.keep(answer, place.picture, person=place.person)

    async def _posted(self, place: TelegramPlace, reply: Reply) -> Message:
        media = reply.media
        if media is None:
            text = plain("\n".join(reply.copies), TEXT_LENGTH) if reply.copies else reply.text
            return await self._sender.text(place, text, keyboard.under_answer(place, reply, text))
        try:
            if media.output is Output.ATTENTION_GIF:
                return await self._sender.animation(
                    place, media.data, reply.text, spoiler=media.spoiler
                )
            return await self._sender.still(place, media.data, reply.text, spoiler=media.spoiler)
        except TelegramUndeliverable as error:
            if media.spoiler and error.for_its_shape:
                return await self._sender.text(place, say("cannot-cover", place.lang))
            if not error.for_lack_of_rights:
                raise
            return await self._sender.text(place, say("cannot-send-files", place.lang))

    async def write(
        self,
        place: TelegramPlace,
        text: str,
        *,
        key: str,  # noqa: ARG002 - see above
        choices: Sequence[Choice] = (),
        question: str = "",
    ) -> None:
        buttons = keyboard.of_choices(choices)
        if question:
            buttons = keyboard.of_question(question, place.lang)
        await self._sender.text(place, text, buttons)

    async def play(self, place: TelegramPlace, speech: Speech, *, key: str) -> None:  # noqa: ARG002 - see above
        await self._sender.voice(place, speech)

    async def answer(self, message: Message, text: str) -> None:
        """Reply to a message, once however often Telegram tells us of it."""
        place = place_of(message)
        await self.say(place, text, key=place.key)

    # --- while somebody waits

    def key(self, place: TelegramPlace) -> str:
        return place.asked

    def spot(self, place: TelegramPlace) -> Hashable:
        return place.chat, place.thread, place.topic, _action(place)

    async def show(self, place: TelegramPlace) -> bool:
        return not place.shows_actions or await self._sender.action(place, _action(place))

    async def note(self, place: TelegramPlace, text: str) -> Remove | None:
        try:
            sent = await self._sender.text(place, text)
        except TelegramUndeliverable as error:
            log.info("telegram: a word on the waiting was not taken: %s", error)
            return None
        return partial(self._sender.clear_away, sent.chat.id, sent.message_id)


def _action(place: TelegramPlace) -> ChatAction:
    drawn = place.wish.output is not Output.CAPTION
    return ChatAction.UPLOAD_PHOTO if drawn else ChatAction.TYPING
