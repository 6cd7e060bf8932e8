"""/voice on, /voice off: whether captions are read aloud to somebody."""

from __future__ import annotations

from telegram import Message

from bot.adapters.telegram.context import House
from bot.adapters.telegram.entities import author_of
from bot.adapters.telegram.idempotent_replies import place_of
from bot.adapters.telegram.sender import Undeliverable
from bot.chat.speech import available
from bot.locales import say
from bot.store import StoreUnavailable

_ANSWERS = {"on": True, "off": False}


async def voice(house: House, message: Message, argument: str) -> None:
    """Do as somebody says, and let them hear it."""
    lang = await house.language(message)
    wanted = _ANSWERS.get(argument.lower())
    text_id = await _text_id(house, message, wanted)
    await house.talking.answer(message, say(text_id, lang))
    if text_id == "voice-on":
        try:
            await house.speaking.read(place_of(message, lang), say(text_id))
        except Undeliverable:
            return


async def _text_id(house: House, message: Message, wanted: bool | None) -> str:
    if wanted is None:
        return "voice-how"
    if wanted and not available():
        return "speech-unavailable"
    try:
        await house.choices.choose(author_of(message), voice=wanted)
    except StoreUnavailable:
        return "choices-unavailable"
    return "voice-on" if wanted else "voice-off"
