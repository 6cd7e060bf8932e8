"""What people, and the bot itself, may do in a group."""

from __future__ import annotations

from telegram import Bot, Message
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.adapters.telegram.chats import is_channel, is_private

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


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
