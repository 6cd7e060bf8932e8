"""What a message is: who wrote it, which command it begins with, whether it mentions the bot."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, Message, MessageEntity
from telegram.constants import ChatType


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
