"""What everything that answers people works with."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, Message

from bot.adapters.telegram.entities import author_of, is_private
from bot.adapters.telegram.idempotent_replies import Talking, place_of
from bot.adapters.telegram.preferences import Choices
from bot.adapters.telegram.sender import Courier
from bot.adapters.telegram.voice import Speaking
from bot.chat.access_control import Admission
from bot.locales import say


@dataclass(frozen=True, slots=True)
class House:
    """The parts, and who may use them; nobody is turned away without an `admission`."""

    bot: Bot
    courier: Courier
    choices: Choices
    talking: Talking
    speaking: Speaking
    admission: Admission | None
    videos: bool  # whether there is somebody who watches them

    def may_use(self, person: int, chat: int) -> bool:
        """Whether the operator lets somebody use the bot in a chat."""
        if self.admission is None:
            return True
        return self.admission.may_use("telegram", person=person, chat=chat)

    def is_owner(self, person: int) -> bool:
        """Whether somebody is one of those who run this bot."""
        return self.admission is not None and self.admission.is_owner("telegram", person)

    async def language(self, message: Message) -> str | None:
        """What the author of a message reads."""
        return await self.choices.language(message.from_user)

    async def admits(self, message: Message) -> bool:
        """Whether a message may be answered; who may not ask is told so once a day, in private."""
        person, place = author_of(message), place_of(message)
        if self.may_use(person, place.chat):
            return True
        if is_private(message):
            text = say("not-admitted", await self.language(message))
            await self.talking.say(place, text, key=f"not-admitted:{person}")
        return False
