"""Where answers go on Telegram, and what Telegram takes there."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message

from bot.chat.models import Place

TEXT_LENGTH = 4096  # characters of a message
CAPTION_LENGTH = 1024  # characters under a picture
_WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramPlace(Place):
    """A chat, and the message there that an answer replies to."""

    lang: str | None = None
    chat: int
    message: int
    thread: int | None = None  # topic of a forum
    asked: str = ""  # nothing is wanted twice at a time

    @property
    def key(self) -> str:
        """The message that is replied to, of all messages."""
        return f"{self.chat}:{self.message}"


def place_of(message: Message, lang: str | None = None) -> TelegramPlace:
    """Where a reply to a message goes."""
    # Chains of replies outside forums have a thread, too, which is no topic.
    thread = message.message_thread_id if message.is_topic_message else None
    return TelegramPlace(chat=message.chat.id, message=message.message_id, thread=thread, lang=lang)


def plain(text: str, limit: int) -> str:
    """The text cut to a limit, and with no @ that Telegram would read as a mention."""
    text = text.strip().replace(f"@{_WORD_JOINER}", "@").replace("@", f"@{_WORD_JOINER}")
    return text if len(text) <= limit else text[: limit - 1] + "…"
