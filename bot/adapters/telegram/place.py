"""Where answers go on Telegram, and what Telegram takes there."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, MessageEntity
from telegram.constants import ChatType

from bot.chat.models import Place
from bot.chat.spoilers import pieces

TEXT_LENGTH = 4096  # characters of a message
CAPTION_LENGTH = 1024  # characters under a picture
_WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramPlace(Place):
    """A chat, and the message there that an answer replies to."""

    lang: str | None = None
    chat: int
    message: int  # 0 where it replies to none
    thread: int | None = None  # topic of a forum
    topic: int | None = None  # of a channel's direct messages: with whom
    channel: bool = False
    album: bool = False  # the photo is one of several, which can be asked about too
    asked: str = ""  # nothing is wanted twice at a time
    picture: str = ""  # what the answer is about, for questions: see `media.Subject`

    @property
    def key(self) -> str:
        """The message that is replied to, of all messages."""
        return answer_key(self.chat, self.message)

    @property
    def shows_actions(self) -> bool:
        """Whether Telegram shows there that the bot is typing."""
        return not self.channel and self.topic is None

    @property
    def in_company(self) -> bool:
        """Whether others than the person see the answer: groups have negative ids."""
        return self.chat < 0


def answer_key(chat: int, message: int) -> str:
    """An answer, of all answers."""
    return f"{chat}:{message}"


def place_of(message: Message, lang: str | None = None) -> TelegramPlace:
    """Where a reply to a message goes."""
    # Chains of replies outside forums have a thread, too, which is no topic.
    thread = message.message_thread_id if message.is_topic_message else None
    above = message.reply_to_message
    direct = message.direct_messages_topic or (above.direct_messages_topic if above else None)
    return TelegramPlace(
        chat=message.chat.id,
        message=message.message_id,
        thread=thread,
        topic=direct.topic_id if direct else None,
        channel=message.chat.type == ChatType.CHANNEL,
        lang=lang,
    )


def formatted(text: str, limit: int) -> tuple[str, list[MessageEntity]]:
    """The text as `plain` has it, and which of it is to be covered."""
    said, entities, at = "", [], 0
    for piece, hidden in pieces(plain(text, limit)):
        length = len(piece.encode("utf-16-le")) // 2  # as Telegram counts
        if hidden:
            entities.append(MessageEntity(MessageEntity.SPOILER, at, length))
        said, at = said + piece, at + length
    return said, entities


def plain(text: str, limit: int) -> str:
    """The text cut to a limit, and with no @ that Telegram would read as a mention."""
    text = text.strip().replace(f"@{_WORD_JOINER}", "@").replace("@", f"@{_WORD_JOINER}")
    return text if len(text) <= limit else text[: limit - 1] + "…"
