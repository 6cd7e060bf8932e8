"""Chats and messages: who wrote what where, what they may do there, and where an answer goes."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, MaybeInaccessibleMessage, Message, MessageEntity
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.chat.models import Place

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


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
    picture: str = ""  # what the answer is about, for questions: see `bot.chat.answered`

    @property
    def key(self) -> str:
        """The message that is replied to, of all messages."""
        return f"{self.chat}:{self.message}"

    @property
    def shows_actions(self) -> bool:
        """Whether Telegram shows there that the bot is typing."""
        return not self.channel and self.topic is None

    @property
    def in_company(self) -> bool:
        """Whether others than the person see the answer: groups have negative ids."""
        return self.chat < 0


def answer_key(answer: MaybeInaccessibleMessage) -> str:
    """An answer, of all answers."""
    return f"{answer.chat.id}:{answer.message_id}"


def place_of(message: Message) -> TelegramPlace:
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
        person=author_of(message),
        lang=message.from_user.language_code if message.from_user else None,
    )


@dataclass(frozen=True, slots=True)
class Command:
    """A command at the beginning of a message; `name` is empty where there is none of ours."""

    name: str = ""
    argument: str = ""  # what stands behind it
    names_us: bool = False  # as in /help@this_bot


def command_in(message: Message, username: str) -> Command:
    """The command a message begins with; none where it names another bot."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    first = next((e for e in entities if e.type == MessageEntity.BOT_COMMAND), None)
    if first is None or first.offset != 0:
        return Command()
    name, _, addressee = text[1 : first.length].partition("@")
    if addressee and addressee.lower() != username.lower():
        return Command()
    return Command(name.lower(), text[first.length :].strip(), bool(addressee))


def mentions(message: Message, bot: Bot) -> bool:
    """Whether the bot's name stands in a message's text."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    try:
        found = message.parse_entities(kinds) | message.parse_caption_entities(kinds)
    except UnicodeError:  # one begins or ends within a character
        return False
    return any(
        entity.user.id == bot.id if entity.user else text.lower() == f"@{bot.username}".lower()
        for entity, text in found.items()
    )


def author_of(message: Message) -> int:
    """The id of who wrote a message: a person, or a chat that somebody writes as."""
    return (message.sender_chat or message.from_user or message.chat).id


def is_private(message: Message) -> bool:
    """Whether a message stands in somebody's own chat with the bot."""
    return message.chat.type == ChatType.PRIVATE


def is_channel(message: Message) -> bool:
    """Whether a message is a post in a channel."""
    return message.chat.type == ChatType.CHANNEL


def is_service(message: Message) -> bool:
    """Whether a message is Telegram's own (“… joined the group”), not somebody's."""
    return message.effective_attachment is None and not message.text


# --- what people, and the bot itself, may do in a group


async def is_admin(bot: Bot, chat: int, person: int) -> bool:
    """Whether somebody is an admin of a group; False where Telegram does not tell."""
    try:
        return (await bot.get_chat_member(chat, person)).status in _ADMINS
    except TelegramError:
        return False


async def written_by_admin(bot: Bot, message: Message) -> bool:
    """Whether who wrote a message may decide for its chat."""
    if is_private(message) or is_channel(message):  # in a channel only admins write
        return True
    if message.sender_chat is not None:  # an admin who stays anonymous writes as the group
        return message.sender_chat.id == message.chat.id
    return message.from_user is not None and await is_admin(
        bot, message.chat.id, message.from_user.id
    )


async def sees_everything(bot: Bot, chat: int) -> bool:
    """Whether the bot is shown all messages of a group, not only those that are meant for it."""
    return bot.can_read_all_group_messages or await is_admin(bot, chat, bot.id)
