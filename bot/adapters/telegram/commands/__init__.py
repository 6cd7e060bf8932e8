"""The commands that are not about a picture, one a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from telegram import Message

from bot.adapters.telegram.commands.auto import auto
from bot.adapters.telegram.commands.delete import delete
from bot.adapters.telegram.commands.greeting import greet, help_
from bot.adapters.telegram.commands.language import language
from bot.adapters.telegram.commands.privacy import privacy
from bot.adapters.telegram.commands.stats import stats
from bot.adapters.telegram.commands.voice import voice
from bot.adapters.telegram.context import House

Handler = Callable[[House, Message, str], Awaitable[None]]  # the last is the command's argument

COMMANDS: Mapping[str, Handler] = {
    "auto": auto,
    "delete": delete,
    "help": help_,
    "language": language,
    "privacy": privacy,
    "start": greet,
    "stats": stats,
    "voice": voice,
}
# In a group others are ours only with our name, /help@this_bot: other bots have them, too.
IN_COMPANY = frozenset(("auto", "voice"))
# Also for those who may not use the bot: what is kept of them is theirs.
FOR_EVERYBODY = frozenset(("privacy", "delete"))
