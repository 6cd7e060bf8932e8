"""/stats: counts, for those who run the bot."""

from __future__ import annotations

from telegram import Message

from bot.adapters.telegram.context import House
from bot.adapters.telegram.entities import author_of, is_private
from bot.locales import say
from bot.store import StoreUnavailable


async def stats(house: House, message: Message, _argument: str) -> None:
    """Show what was counted in a week; in company only where an owner asks."""
    lang = await house.language(message)
    if not house.is_owner(author_of(message)):
        if is_private(message):
            await house.talking.answer(message, say("owners-only", lang))
        return
    try:
        counts = await house.choices.counts()
    except StoreUnavailable:
        await house.talking.answer(message, say("choices-unavailable", lang))
        return
    lines = [f"{name}: {number}" for name, number in sorted(counts.items())] or ["–"]
    await house.talking.answer(message, "\n".join([say("stats", lang), *lines]))
