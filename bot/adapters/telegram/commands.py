"""The commands that are not about a picture."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from telegram import Message, User

from bot.adapters.telegram import keyboard
from bot.adapters.telegram.context import TelegramContext
from bot.adapters.telegram.entities import author_of, is_private
from bot.adapters.telegram.permissions import sees_everything, written_by_admin
from bot.adapters.telegram.place import place_of
from bot.adapters.telegram.sender import Undeliverable
from bot.chat.refusals import Refusal
from bot.chat.speech import available
from bot.chat.statistics import summary
from bot.locales import languages, say

_SWITCH = {"on": True, "off": False}


async def start(context: TelegramContext, message: Message, _argument: str) -> None:
    """/start: say hello."""
    await context.say(message, "start")


async def help_(context: TelegramContext, message: Message, _argument: str) -> None:
    """/help: say how to ask, and what happens to a photo."""
    await context.say(message, "help")


async def privacy(context: TelegramContext, message: Message, _argument: str) -> None:
    """/privacy: say what is kept, and for how long."""
    text = say("privacy", await context.language(message), delete="/delete")
    await context.messenger.answer(message, text)


async def auto(context: TelegramContext, message: Message, argument: str) -> None:
    """/auto on, /auto off: whether every photo in a group is answered; admins decide."""
    wanted = _SWITCH.get(argument.lower())
    if is_private(message):
        said = "auto-in-groups"
    elif wanted is None:
        said = "auto-how"
    elif not await written_by_admin(context.bot, message):
        said = "auto-not-allowed"
    else:
        said = await _choose_auto(context, message.chat.id, auto=wanted)
    await context.say(message, said)


async def _choose_auto(context: TelegramContext, chat: int, *, auto: bool) -> str:
    try:
        await context.preferences.choose_for_chat(chat, auto=auto)
    except Refusal as refused:
        return refused.code
    if not auto:
        return "auto-off"
    return "auto-on" if await sees_everything(context.bot, chat) else "auto-needs-sight"


async def voice(context: TelegramContext, message: Message, argument: str) -> None:
    """/voice on, /voice off: whether captions are read aloud to somebody; let them hear it."""
    wanted = _SWITCH.get(argument.lower())
    if wanted is None:
        said = "voice-how"
    elif wanted and not available():
        said = "speech-unavailable"
    else:
        said = "voice-on" if wanted else "voice-off"
        try:
            await context.preferences.choose(author_of(message), voice=wanted)
        except Refusal as refused:
            said = refused.code.value
    await context.say(message, said)
    if said == "voice-on":
        place = place_of(message, await context.language(message))
        try:
            await context.messenger.read_aloud(place, say(said))
        except Undeliverable:
            return


async def language(context: TelegramContext, message: Message, argument: str) -> None:
    """/language: speak a language from now on, or offer those there are."""
    now = await context.language(message)
    chosen = known_language(argument)
    if chosen is None or message.from_user is None:
        text = say("language-unknown" if argument else "language-ask", now)
        await context.messenger.answer(message, text, keyboard.of_languages(now))
        return
    await context.messenger.answer(
        message, await choose_language(context, message.from_user, chosen)
    )


async def choose_language(context: TelegramContext, person: User, chosen: str) -> str:
    """Remember a language, or that it is to be Telegram's; what to say to that, in it."""
    automatic = chosen == keyboard.AUTOMATIC
    try:
        await context.preferences.choose(person.id, language=None if automatic else chosen)
    except Refusal as refused:
        return refused.text(person.language_code)
    return say("language-chosen", person.language_code if automatic else chosen)


def known_language(name: str) -> str | None:
    """The language that somebody names by its code or its own name, or "auto"."""
    wanted = name.strip().casefold()
    if wanted == keyboard.AUTOMATIC:
        return wanted
    for code in languages():
        if wanted in (code.casefold(), say("language-name", code).casefold()):
            return code
    return None


async def delete(context: TelegramContext, message: Message, _argument: str) -> None:
    """/delete: forget what is kept of somebody, and of a group if an admin says so."""
    lang = await context.language(message)  # for it is forgotten, too
    said = "deleted"
    try:
        await context.preferences.forget_person(author_of(message))
        if not is_private(message) and await written_by_admin(context.bot, message):
            await context.preferences.forget_chat(message.chat.id)
            said = "deleted-group"
    except Refusal as refused:
        said = refused.code.value
    await context.messenger.answer(message, say(said, lang))


async def stats(context: TelegramContext, message: Message, _argument: str) -> None:
    """/stats: what was counted in a week; in company only where an owner asks."""
    if not context.conversation.is_owner(author_of(message)):
        if is_private(message):
            await context.say(message, "owners-only")
        return
    lang = await context.language(message)
    try:
        counts = await context.preferences.counts()
    except Refusal as refused:
        await context.messenger.answer(message, refused.text(lang))
        return
    lines = summary(counts) or ["–"]
    await context.messenger.answer(message, "\n".join([say("stats", lang), *lines]))


Handler = Callable[[TelegramContext, Message, str], Awaitable[None]]  # with the argument

COMMANDS: Mapping[str, Handler] = {
    "auto": auto,
    "delete": delete,
    "help": help_,
    "language": language,
    "privacy": privacy,
    "start": start,
    "stats": stats,
    "voice": voice,
}
# In a group others are ours only with our name, /help@this_bot: other bots have them, too.
IN_COMPANY = frozenset(("auto", "voice"))
# Also for those who may not use the bot: what is kept of them is theirs.
FOR_EVERYBODY = frozenset(("privacy", "delete"))
