"""The command /privacy."""

from __future__ import annotations

from telegram import Message

from bot.adapters.telegram.context import House
from bot.locales import say


async def privacy(house: House, message: Message, _argument: str) -> None:
    """Say what is kept, and for how long."""
    await house.talking.answer(
        message, say("privacy", await house.language(message), delete="/delete")
    )
