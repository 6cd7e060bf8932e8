"""/delete: what is kept of somebody, and of a group if an admin says so."""

from __future__ import annotations

from telegram import Message

from bot.adapters.telegram.context import House
from bot.adapters.telegram.entities import author_of, is_private
from bot.adapters.telegram.permissions import written_by_admin
from bot.locales import say
from bot.store import StoreUnavailable


async def delete(house: House, message: Message, _argument: str) -> None:
    """Forget, and say what was forgotten."""
    lang = await house.language(message)  # for it is forgotten, too
    try:
        await house.choices.forget_person(author_of(message))
        text_id = "deleted"
        if not is_private(message) and await written_by_admin(house.bot, message):
            await house.choices.forget_chat(message.chat.id)
            text_id = "deleted-group"
    except StoreUnavailable:
        text_id = "choices-unavailable"
    await house.talking.answer(message, say(text_id, lang))
