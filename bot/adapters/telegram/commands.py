"""The commands that are not about a picture, as people use them on Telegram."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, Message, User

from bot.adapters.telegram.chats import (
    author_of,
    is_private,
    is_service,
    place_of,
    sees_everything,
    written_by_admin,
)
from bot.adapters.telegram.context import TelegramContext
from bot.chat.commands import Asker
from bot.chat.models import CommandReply
from bot.chat.owner_commands import OwnerCommand
from bot.locales import say

# In a channel only admins write, and nobody would read help there.
IN_CHANNELS = frozenset(("auto",))
# Also for those who may not use the bot: what is kept of them is theirs.
FOR_EVERYBODY = frozenset(("privacy", "delete"))
FOR_OWNERS = frozenset(("stats", *OwnerCommand))


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramAsker(Asker):
    """The author of a message."""

    bot: Bot
    message: Message

    async def decides(self) -> bool:
        return await written_by_admin(self.bot, self.message)

    async def auto_is_on(self, lang: str | None) -> str | None:
        seen = await sees_everything(self.bot, self.message.chat.id)
        return None if seen else say("auto-needs-sight", lang)


async def answer_command(
    context: TelegramContext, message: Message, name: str, argument: str
) -> None:
    """Answer a message that begins with a command."""
    person, user = author_of(message), message.from_user
    if name in FOR_OWNERS and not is_private(message) and not context.conversation.is_owner(person):
        return  # in company nobody is told that they are no owner
    asker = TelegramAsker(
        bot=context.bot,
        message=message,
        person=person,
        locale=user.language_code if user else None,
        chat=None if is_private(message) else message.chat.id,
        about=_replied_to(message, context.bot.id),
    )
    reply = await context.commands.run(name, asker, argument)
    place = place_of(message, reply.lang)
    await context.messenger.answer_command(place, reply, key=place.key)


def _replied_to(message: Message, bot: int) -> str:
    """The id of who wrote the message that another replies to.

    Empty where that is nobody to decide about: an anonymous admin, who writes as the group, this
    bot, and Telegram itself, to whose message everything in a forum's topic replies.
    """
    above = message.reply_to_message
    if above is None or is_service(above):
        return ""
    author = author_of(above)
    return "" if author in (message.chat.id, bot) else str(author)


async def choose(context: TelegramContext, user: User, name: str, choice: str) -> CommandReply:
    """What to say to somebody who pressed one of the buttons of a command."""
    asker = Asker(person=user.id, locale=user.language_code)
    return await context.commands.run(name, asker, choice)
