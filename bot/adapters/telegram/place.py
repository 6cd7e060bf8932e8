"""Where an answer on Telegram goes."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import MaybeInaccessibleMessage, Message
from telegram.constants import ChatType

from bot.chat.models import Place


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
    picture: str = ""  # what the answer is about, for questions: see `bot.chat.questions`

    @classmethod
    def of_message(cls, message: Message) -> TelegramPlace:
        """Where a reply to a message goes."""
        # Chains of replies outside forums have a thread, too, which is no topic.
        thread = message.message_thread_id if message.is_topic_message else None
        above = message.reply_to_message
        direct = message.direct_messages_topic or (above.direct_messages_topic if above else None)
        return cls(
            chat=message.chat.id,
            message=message.message_id,
            thread=thread,
            topic=direct.topic_id if direct else None,
            channel=message.chat.type == ChatType.CHANNEL,
            person=author_of(message),
            lang=message.from_user.language_code if message.from_user else None,
        )

    @property
    def in_company(self) -> bool:
        """Whether others than the person see the answer: groups have negative ids."""
        return self.chat < 0


def author_of(message: Message) -> int:
    """The id of who wrote a message: a person, or a chat that somebody writes as."""
    return (message.sender_chat or message.from_user or message.chat).id


def answer_key(answer: MaybeInaccessibleMessage) -> str:
    """An answer, of all answers."""
    return f"{answer.chat.id}:{answer.message_id}"
