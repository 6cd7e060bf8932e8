"""Messages to Telegram that arrive, or a reason why they never can."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.adapters.telegram.media import seconds_to_wait
from bot.adapters.telegram.polling import pauses
from bot.chat.speech import Speech
from captioner.queue.messages import Context

log = logging.getLogger(__name__)

T = TypeVar("T")

TEXT_LENGTH = 4096  # characters of a message
CAPTION_LENGTH = 1024  # characters under a picture
GIVE_UP_AFTER = 86_400.0  # seconds: an answer a day late helps nobody
_WORD_JOINER = "\u2060"


class Undeliverable(Exception):
    """The chat will never take this message: the bot was blocked, or may not send it there."""

    @property
    def for_lack_of_rights(self) -> bool:
        """Whether the chat takes messages, only none of this kind."""
        reason = str(self).lower()
        return "not enough rights" in reason or "_forbidden" in reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes and in which language."""

    chat: int
    message: int  # that it replies to
    thread: int | None = None  # topic of a forum
    lang: str | None = None

    def context(self) -> Context:
        """The place as a job carries it; `from_context` reads it."""
        return asdict(self)

    @classmethod
    def from_context(cls, context: Context) -> Place:
        """The place in a job's context; raises ValueError where there is none."""
        chat, message = context.get("chat"), context.get("message")
        thread, lang = context.get("thread"), context.get("lang")
        if not isinstance(chat, int) or not isinstance(message, int):
            raise ValueError("the context of a reply names no chat")
        return cls(
            chat,
            message,
            thread if isinstance(thread, int) else None,
            lang if isinstance(lang, str) else None,
        )


class Courier:
    """Sends replies, tries again for as long as it makes sense, and obeys Telegram's waits.

    Every method raises Undeliverable. Nothing is sent with markup, previews or mentions.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._not_before: dict[int, float] = {}  # chat → the loop's clock

    async def text(
        self, place: Place, text: str, buttons: InlineKeyboardMarkup | None = None
    ) -> Message:
        """A message that replies to the one that asked; as it was sent."""
        return await self._deliver(
            place.chat,
            lambda chat: self._bot.send_message(
                chat,
                plain(text, TEXT_LENGTH),
                reply_parameters=_reply(place),
                reply_markup=buttons,
                message_thread_id=place.thread,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
        )

    async def animation(self, place: Place, gif: bytes, caption: str) -> None:
        """A GIF that plays in the chat."""
        await self._deliver(
            place.chat,
            lambda chat: self._bot.send_animation(
                chat,
                _file(gif, "attention.gif"),
                caption=plain(caption, CAPTION_LENGTH),
                reply_parameters=_reply(place),
                message_thread_id=place.thread,
            ),
        )

    async def voice(self, place: Place, speech: Speech) -> None:
        """A voice message."""
        await self._deliver(
            place.chat,
            lambda chat: self._bot.send_voice(
                chat,
                _file(speech.ogg, "caption.ogg"),
                duration=max(1, round(speech.seconds)),
                reply_parameters=_reply(place),
                message_thread_id=place.thread,
            ),
        )

    async def delete(self, chat: int, message: int) -> None:
        """Take a message of ours away."""
        await self._deliver(chat, lambda chat: self._bot.delete_message(chat, message))

    async def edit(self, chat: int, message: int, text: str) -> None:
        """Say something else, without buttons, in a message of ours."""
        await self._deliver(
            chat,
            lambda chat: self._bot.edit_message_text(
                plain(text, TEXT_LENGTH), chat_id=chat, message_id=message
            ),
        )

    async def still(self, place: Place, png: bytes, caption: str) -> None:
        """A picture; as a file where its shape is none that Telegram shows as a photo."""
        try:
            await self._deliver(
                place.chat,
                lambda chat: self._bot.send_photo(
                    chat,
                    _file(png, "attention.png"),
                    caption=plain(caption, CAPTION_LENGTH),
                    reply_parameters=_reply(place),
                    message_thread_id=place.thread,
                ),
            )
        except Undeliverable as error:
            if "photo_" not in str(error).lower() and "image_" not in str(error).lower():
                raise
            await self._document(place, png, caption)

    async def _document(self, place: Place, png: bytes, caption: str) -> None:
        await self._deliver(
            place.chat,
            lambda chat: self._bot.send_document(
                chat,
                _file(png, "attention.png"),
                caption=plain(caption, CAPTION_LENGTH),
                reply_parameters=_reply(place),
                message_thread_id=place.thread,
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
                raise Undeliverable(str(error)) from None
            except TelegramError as error:
                if clock() > give_up:
                    raise Undeliverable(f"no success within a day; last: {error}") from None
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


def plain(text: str, limit: int) -> str:
    """The text cut to a limit, and with no @ that Telegram would read as a mention."""
    text = text.strip().replace(f"@{_WORD_JOINER}", "@").replace("@", f"@{_WORD_JOINER}")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _reply(place: Place) -> ReplyParameters:
    return ReplyParameters(place.message, allow_sending_without_reply=True)


def _file(data: bytes, name: str) -> InputFile:
    return InputFile(data, filename=name)
