"""Answers, refusals and other sentences, sent to chats on Telegram."""

from __future__ import annotations

import asyncio
import logging

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ChatAction

from bot.adapters.telegram import keyboard
from bot.adapters.telegram.place import TEXT_LENGTH, TelegramPlace, place_of, plain
from bot.adapters.telegram.progress import Progress
from bot.adapters.telegram.sender import Sender, Undeliverable
from bot.chat.messenger import Messenger
from bot.chat.models import Action, Reply, Ticket
from bot.chat.preferences import PreferenceService
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.rendering import Style
from bot.chat.speech import SpeechUnavailable, speak
from bot.locales import say
from captioner.queue.messages import Output

log = logging.getLogger(__name__)

_CAPTION_LENGTH = 800  # characters: leaves room for words of ours beside it
_SPEAKING_AT_ONCE = 2  # each is a process, for a moment
_MINUTE = 60.0


class TelegramMessenger(Messenger[TelegramPlace]):
    """Everything that is sent. Nothing raises where a chat takes no messages, unless it says so."""

    place = TelegramPlace
    style = Style(lambda text: plain(text, _CAPTION_LENGTH), span=" – ")

    def __init__(self, sender: Sender, progress: Progress, preferences: PreferenceService) -> None:
        self._sender = sender
        self._progress = progress
        self._preferences = preferences
        self._speaking = asyncio.Semaphore(_SPEAKING_AT_ONCE)

    # --- a question and its answer

    def begin(self, place: TelegramPlace) -> bool:
        drawn = place.wish.output is not Output.CAPTION
        action = ChatAction.UPLOAD_PHOTO if drawn else ChatAction.TYPING
        return self._progress.begin(place.asked, place, action)

    async def accepted(self, place: TelegramPlace, ticket: Ticket) -> None:
        if not place.unasked and (notice := ticket.notice(place.lang)):
            self._progress.tell(place.asked, place, notice)

    def ended(self, place: TelegramPlace) -> None:
        self._progress.end(place.asked)

    async def refuse(self, place: TelegramPlace, refusal: Refusal, *, key: str) -> None:
        if refusal.code is RefusalCode.SLOW_DOWN and not await self._preferences.first(
            f"{refusal.code}:{place.chat}:{place.person}", seconds=refusal.retry_after or _MINUTE
        ):
            return
        await self.say(place, refusal.text(place.lang), key=key)

    async def send(self, place: TelegramPlace, reply: Reply, *, key: str) -> bool:  # noqa: ARG002 - sent twice it is seen twice
        try:
            await self._post(place, reply)
            if place.voice and place.wish is Action.CAPTION and reply.spoken:
                await self.read_aloud(place, "\n".join(reply.spoken))
        except Undeliverable as error:
            log.info("telegram: an answer was not taken: %s", error)
            return False
        return True

    async def _post(self, place: TelegramPlace, reply: Reply) -> None:
        media = reply.media
        if media is None:
            text = plain("\n".join(reply.copies), TEXT_LENGTH) if reply.copies else reply.text
            await self._sender.text(place, text, keyboard.under_answer(place, reply, text))
            return
        try:
            if media.output is Output.ATTENTION_GIF:
                await self._sender.animation(place, media.data, reply.text)
            else:
                await self._sender.still(place, media.data, reply.text)
        except Undeliverable as error:
            if not error.for_lack_of_rights:
                raise
            await self._sender.text(place, say("cannot-send-files", place.lang))

    # --- sentences that need no worker

    async def answer(
        self, message: Message, text: str, buttons: InlineKeyboardMarkup | None = None
    ) -> None:
        """Reply to a message, once however often Telegram tells us of it."""
        place = place_of(message)
        await self.say(place, text, key=f"{place.chat}:{place.message}", buttons=buttons)

    async def say(
        self,
        place: TelegramPlace,
        text: str,
        *,
        key: str,
        buttons: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Say something that is said once a day for a key."""
        # Marked after it is sent: of a process that dies in between, people hear twice, not never.
        if await self._preferences.was(f"said:{key}"):
            return
        try:
            await self._sender.text(place, text, buttons)
        except Undeliverable as error:
            log.info("telegram: a message was not taken: %s", error)
        await self._preferences.first(f"said:{key}")

    async def read_aloud(self, place: TelegramPlace, text: str) -> None:
        """Send a text as a voice message; where that cannot be, say so once a day.

        Raises Undeliverable where the chat takes no messages at all.
        """
        try:
            async with self._speaking:
                speech = await speak(text)
            await self._sender.voice(place, speech)
        except SpeechUnavailable as error:
            log.warning("telegram: nothing can be read aloud: %s", error)
            code = "speech-unavailable"
        except Undeliverable as error:
            if not error.for_lack_of_rights:
                raise
            code = "voice-not-welcome"
        else:
            return
        await self.say(place, say(code, place.lang), key=f"{place.chat}:{code}")
