"""/start and /help."""

from __future__ import annotations

from telegram import Message

from bot.adapters.telegram.context import House
from bot.locales import say


async def greet(house: House, message: Message, _argument: str) -> None:
    """Say hello."""
    await house.talking.answer(message, say("start", await house.language(message)))


async def help_(house: House, message: Message, _argument: str) -> None:
    """Say how to ask, and what happens to a photo."""
    await house.talking.answer(message, say("help", await house.language(message)))
