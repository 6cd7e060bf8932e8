"""What everything that answers people on Telegram works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, Message

from bot.adapters.telegram.chats import TelegramPlace, answer_key, author_of, is_private, place_of
from bot.adapters.telegram.media import (
    DOWNLOAD_LIMIT,
    Picture,
    Shown,
    Subject,
    TelegramFile,
    find_picture,
)
from bot.adapters.telegram.messenger import TelegramMessenger
from bot.chat.commands import Commands
from bot.chat.conversation import Conversation
from bot.chat.media import Source
from bot.chat.models import Action
from bot.chat.preferences import PreferenceService
from bot.chat.refusals import Refusal, RefusalCode
from bot.locales import say


@dataclass(frozen=True, slots=True)
class TelegramContext:
    """The parts, and what is asked of them for a message."""

    bot: Bot
    messenger: TelegramMessenger
    conversation: Conversation[TelegramPlace]
    commands: Commands
    max_bytes: int

    @property
    def preferences(self) -> PreferenceService:
        """What people and groups have chosen."""
        return self.conversation.preferences

    async def language(self, message: Message) -> str | None:
        """What the author of a message reads."""
        user = message.from_user
        return await self.preferences.language(user.id, user.language_code) if user else None

    async def say(self, message: Message, text_id: str, **args: str) -> None:
        """Reply to a message with one of our sentences."""
        await self.messenger.answer(message, say(text_id, await self.language(message), **args))

    async def refuse(self, message: Message, refused: Refusal) -> None:
        """Reply to a message with why it is not answered."""
        await self.messenger.answer(message, refused.text(await self.language(message)))

    async def admits(self, message: Message) -> bool:
        """Whether a message may be answered; who may not ask is told so once a day, in private."""
        person, place = author_of(message), place_of(message)
        why = await self.conversation.turned_away(person, place.chat)
        if why and is_private(message):
            text = say(why, await self.language(message))
            await self.messenger.say(place, text, key=f"{why}:{person}")
        return not why

    def picture_in(self, message: Shown) -> Picture | None:
        """The picture in a message, if there is one that we look at."""
        return find_picture(message, moving=self.conversation.service.videos)

    async def answered(self, answer: Message) -> Subject | None:
        """What an answer of ours is about, as long as that is noted."""
        key = answer_key(answer.chat.id, answer.message_id)
        return Subject.from_note(await self.conversation.answered.find(key))

    async def ask(
        self,
        message: Message,
        pictures: Sequence[Picture | None],
        *,
        person: int,
        shown: int,
        asking: int,
        lang: str | None = None,
        press: str = "",
        **about: Any,  # noqa: ANN401 - of the place
    ) -> None:
        """Ask about pictures; None among them is what we do not look at.

        The answer stands in the chat of a message and replies to the one that is `shown`: its
        buttons look there. The message `asking` says what, once. A `press` of a button works again
        when its first answer failed or was deleted.
        """
        gone = RefusalCode.PHOTO_EXPIRED if press else RefusalCode.DOWNLOAD_FAILED
        media: list[Source] = [
            TelegramFile(
                self.bot, one, DOWNLOAD_LIMIT if one.moving else self.max_bytes, if_gone=gone
            )
            if one
            else Refusal(RefusalCode.UNSUPPORTED, kind="video")
            for one in pictures
        ]
        wish = about.get("wish", Action.CAPTION)
        asked = f"telegram:{message.chat.id}:{asking}:{wish}"
        questions = (await self.conversation.offers()).questions
        place = replace(
            place_of(message, lang),
            message=shown,
            person=person,
            asked=asked,
            picture=Subject.of(pictures) if questions else "",
            **about,
        )
        await self.conversation.ask(
            self.messenger,
            place,
            media,
            dedupe=f"{asked}:{press}" if press else asked,
            chat=None if is_private(message) else message.chat.id,
            moments=1,
        )
