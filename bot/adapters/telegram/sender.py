"""Messages to Telegram that arrive, or a reason why they never can."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.adapters.telegram.media import seconds_to_wait
from bot.adapters.telegram.place import (
    CAPTION_LENGTH,
    TEXT_LENGTH,
    TelegramPlace,
    formatted,
    plain,
)
from bot.asyncio_utils import pauses
from bot.chat.messenger import Undeliverable
from bot.chat.speech import Speech

log = logging.getLogger(__name__)

T = TypeVar("T")

GIVE_UP_AFTER = 86_400.0  # seconds: an answer a day late helps nobody


class TelegramUndeliverable(Undeliverable):
    """The chat will never take this message, for the reason in the text."""

    @property
    def for_lack_of_rights(self) -> bool:
        reason = str(self).lower()
        return "not enough rights" in reason or "_forbidden" in reason

    @property
    def for_its_shape(self) -> bool:
        """Whether a picture is one that Telegram does not show as a photo."""
        reason = str(self).lower()
        return "photo_" in reason or "image_" in reason


class Sender:
    """Sends replies, tries again for as long as it makes sense, and obeys Telegram's waits.

    Every method raises Undeliverable, unless it says what it returns then. Nothing is sent with
    markup, previews or mentions.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._not_before: dict[int, float] = {}  # chat → the loop's clock

    async def text(
        self, place: TelegramPlace, text: str, buttons: InlineKeyboardMarkup | None = None
    ) -> Message:
        """A message that replies to the one that asked; as it was sent."""
        said, entities = formatted(text, TEXT_LENGTH)
        return await self._deliver(
            place.chat,
            lambda chat: self._bot.send_message(
                chat,
                said,
                entities=entities,
                reply_markup=buttons,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                **_reply(place),
            ),
        )

    async def animation(
        self, place: TelegramPlace, gif: bytes, caption: str, *, spoiler: bool = False
    ) -> Message:
        """A GIF that plays in the chat, once it is uncovered if it is a spoiler."""
        return await self._deliver(
            place.chat,
            lambda chat: self._bot.send_animation(
                chat,
                InputFile(gif, filename="attention.gif"),
                has_spoiler=spoiler or None,
                **_reply(place, caption),
            ),
        )

    async def still(
        self, place: TelegramPlace, png: bytes, caption: str, *, spoiler: bool = False
    ) -> Message:
        """A picture; as a file where its shape is none that Telegram shows as a photo.

        Files cannot be covered, so a spoiler is not sent as one.
        """
        try:
            return await self._deliver(
                place.chat,
                lambda chat: self._bot.send_photo(
                    chat, _sheet(png), has_spoiler=spoiler or None, **_reply(place, caption)
                ),
            )
        except TelegramUndeliverable as error:
            if spoiler or not error.for_its_shape:
                raise
            return await self._deliver(
                place.chat,
                lambda chat: self._bot.send_document(chat, _sheet(png), **_reply(place, caption)),
            )

    async def voice(self, place: TelegramPlace, speech: Speech) -> None:
        """A voice message."""
        await self._deliver(
            place.chat,
            lambda chat: self._bot.send_voice(
                chat,
                InputFile(speech.ogg, filename="caption.ogg"),
                duration=max(1, round(speech.seconds)),
                **_reply(place),
            ),
        )

    async def delete(self, chat: int, message: int) -> None:
        """Take a message of ours away."""
        await self._deliver(chat, lambda chat: self._bot.delete_message(chat, message))

    async def clear_away(self, chat: int, message: int) -> None:
        """Take a message of ours away, if it is still there and can be."""
        try:
            await self.delete(chat, message)
        except TelegramUndeliverable as error:
            log.info("telegram: a message could not be taken away: %s", error)

    async def action(self, place: TelegramPlace, action: ChatAction) -> bool:
        """Show for five seconds that the bot does something; False where that can never be."""
        await self.clear(place.chat)
        try:
            await self._bot.send_chat_action(place.chat, action, message_thread_id=place.thread)
        except (Forbidden, BadRequest):
            return False
        except TelegramError as error:
            if wait := seconds_to_wait(error):
                self.hold(place.chat, wait)
        return True

    async def edit(
        self, chat: int, message: int, text: str, buttons: InlineKeyboardMarkup | None = None
    ) -> None:
        """Say something else, with other buttons or none, in a message of ours."""
        await self._deliver(
            chat,
            lambda chat: self._bot.edit_message_text(
                plain(text, TEXT_LENGTH), chat_id=chat, message_id=message, reply_markup=buttons
            ),
        )

    async def _deliver(self, chat: int, send: Callable[[int], Awaitable[T]]) -> T:
        clock = asyncio.get_running_loop().time
        give_up, waits = clock() + GIVE_UP_AFTER, pauses(60.0)
        while True:
            await self.clear(chat)
            try:
                return await send(chat)
            except ChatMigrated as error:
                chat = error.new_chat_id
            except (Forbidden, BadRequest) as error:
                raise TelegramUndeliverable(str(error)) from None
            except TelegramError as error:
                if clock() > give_up:
                    raise TelegramUndeliverable(f"no success within a day; last: {error}") from None
                if wait := seconds_to_wait(error):
                    self.hold(chat, wait)
                    continue
                log.warning("telegram: a message could not be sent (%s); trying on", error)
                await asyncio.sleep(next(waits))

    def hold(self, chat: int, seconds: float) -> None:
        """Send nothing to a chat for a while: Telegram asked for it."""
        until = asyncio.get_running_loop().time() + seconds
        self._not_before[chat] = max(until, self._not_before.get(chat, 0.0))
        log.info("telegram: asked to wait %.0f s with messages to a chat", seconds)

    async def clear(self, chat: int) -> None:
        """Return when messages to a chat are welcome."""
        clock = asyncio.get_running_loop().time
        while True:
            wait = self._not_before.get(chat, 0.0) - clock()
            if wait <= 0:
                break
            await asyncio.sleep(wait)  # another caller may make it longer meanwhile
        self._not_before.pop(chat, None)


def _reply(place: TelegramPlace, caption: str | None = None) -> dict[str, Any]:
    """How a message stands where it belongs, and what is written under a picture."""
    where: dict[str, Any] = {
        "message_thread_id": place.thread,
        "direct_messages_topic_id": place.topic,
    }
    if place.message:
        where["reply_parameters"] = ReplyParameters(place.message, allow_sending_without_reply=True)
    if caption is None:
        return where
    said, entities = formatted(caption, CAPTION_LENGTH)
    return where | {"caption": said, "caption_entities": entities}


def _sheet(png: bytes) -> InputFile:
    return InputFile(png, filename="attention.png")
