"""/auto on, /auto off: whether every photo in a group is answered."""

from __future__ import annotations

from telegram import Message

from bot.adapters.telegram.context import House
from bot.adapters.telegram.entities import is_private
from bot.adapters.telegram.permissions import sees_everything, written_by_admin
from bot.locales import say
from bot.store import StoreUnavailable

_ANSWERS = {"on": True, "off": False}


async def auto(house: House, message: Message, argument: str) -> None:
    """Do as an admin says; explain where it cannot work."""
    text = await _text_id(house, message, _ANSWERS.get(argument.lower()))
    await house.talking.answer(message, say(text, await house.language(message)))


async def _text_id(house: House, message: Message, wanted: bool | None) -> str:
    if is_private(message):
        return "auto-in-groups"
    if wanted is None:
        return "auto-how"
    if not await written_by_admin(house.bot, message):
        return "auto-not-allowed"
    try:
        await house.choices.choose_for_chat(message.chat.id, auto=wanted)
    except StoreUnavailable:
        return "choices-unavailable"
    if not wanted:
        return "auto-off"
    return "auto-on" if await sees_everything(house.bot, message.chat.id) else "auto-needs-sight"
