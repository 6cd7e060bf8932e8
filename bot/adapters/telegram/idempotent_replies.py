"""Sentences to people, each said once however often Telegram tells us what it answers."""

from __future__ import annotations

import logging

from telegram import InlineKeyboardMarkup, Message

from bot.adapters.telegram.preferences import Choices
from bot.adapters.telegram.sender import Courier, Place, Undeliverable

log = logging.getLogger(__name__)


class Talking:
    """Replies that need no worker. None raises anything where a chat takes no messages."""

    def __init__(self, courier: Courier, choices: Choices) -> None:
        self._courier = courier
        self._choices = choices

    async def answer(
        self,
        message: Message,
        text: str,
        lang: str | None = None,
        buttons: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Reply to a message."""
        place = place_of(message, lang)
        await self.say(place, text, key=f"{place.chat}:{place.message}", buttons=buttons)

    async def say(
        self, place: Place, text: str, *, key: str, buttons: InlineKeyboardMarkup | None = None
    ) -> None:
        """Say something that is said once a day for a key."""
        # Marked after it is sent: of a process that dies in between, people hear twice, not never.
        if await self._choices.was(f"said:{key}"):
            return
        try:
            await self._courier.text(place, text, buttons)
        except Undeliverable as error:
            log.info("telegram: a message was not taken: %s", error)
        await self._choices.first(f"said:{key}")


def place_of(message: Message, lang: str | None = None) -> Place:
    """Where a reply to a message goes."""
    return Place(message.chat.id, message.message_id, thread_of(message), lang)


def thread_of(message: Message) -> int | None:
    """The topic that a message is in; chains of replies outside forums are none."""
    return message.message_thread_id if message.is_topic_message else None
