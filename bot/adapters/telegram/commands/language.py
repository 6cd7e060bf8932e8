"""/language: in which language somebody is spoken to."""

from __future__ import annotations

from telegram import Message

from bot.adapters.telegram import keyboard
from bot.adapters.telegram.context import House
from bot.locales import languages, say
from bot.store import StoreUnavailable


async def language(house: House, message: Message, argument: str) -> None:
    """Speak a language from now on, or offer those there are."""
    now = await house.language(message)
    chosen = known(argument)
    if chosen is None or message.from_user is None:
        text = say("language-unknown" if argument else "language-ask", now)
        await house.talking.answer(message, text, buttons=keyboard.of_languages(now))
        return
    text = await choose(house, message.from_user.id, chosen, message.from_user.language_code)
    await house.talking.answer(message, text)


async def choose(house: House, person: int, chosen: str, otherwise: str | None) -> str:
    """Remember a language, or that it is to be `otherwise`; what to say to that, in it."""
    automatic = chosen == keyboard.AUTOMATIC
    try:
        await house.choices.choose(person, language=None if automatic else chosen)
    except StoreUnavailable:
        return say("choices-unavailable", otherwise)
    return say("language-chosen", otherwise if automatic else chosen)


def known(name: str) -> str | None:
    """The language that somebody names by its code or its own name, or "auto"."""
    wanted = name.strip().casefold()
    if wanted == keyboard.AUTOMATIC:
        return wanted
    for code in languages():
        if wanted in (code.casefold(), say("language-name", code).casefold()):
            return code
    return None
