"""The commands that are not about a picture: what each does and says, on every platform.

An adapter finds out who used which command where, calls `Commands.run`, and sends what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.capabilities import commands_lacking, names, offered
from bot.chat.conversation import Conversation
from bot.chat.models import Choice, CommandReply
from bot.chat.owner_commands import OwnerCommand
from bot.chat.preferences import Id, length_of
from bot.chat.refusals import Refusal
from bot.chat.speech import available
from bot.locales import (
    ENGLISH,
    known,
    language_name,
    languages,
    native_name,
    of_platform,
    say,
)
from bot.monitoring.request_metrics import summary
from bot.store import Preferences

AUTOMATIC = "auto"  # the choice of no language: the one that the platform says
CAPTIONS = "captions"  # the language behind this word is that of captions
GENERAL = ("auto", "delete", "detail", "help", "language", "privacy", "start", "stats", "voice")
_SWITCH = {"on": True, "off": False}
# A command in our texts, which name it as most platforms write it.
_WRITTEN = re.compile(
    rf"(?<![\w/])/(?=(?:{'|'.join(('alt', 'ask', 'caption', *GENERAL, *OwnerCommand))})\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who used a command, and where; a platform's subclass knows what they may do there."""

    person: Id
    locale: str | None = None  # what the platform says that the person reads
    chat: Id | None = None  # None where the chat is the person's own
    delete: str = "/delete"  # that command, as this person writes it
    about: str = ""  # the id of whom the person points at, without writing it
    here: Id | None = None  # the chat as lists of who may use the bot have it, if otherwise
    unseen: bool = False  # whether nobody else sees the answer, although it is not their own chat

    @property
    def alone(self) -> bool:
        """Whether nobody else sees the answer."""
        return self.unseen or self.chat is None

    async def decides(self) -> bool:
        """Whether the person may decide for the chat."""
        return self.chat is None

    async def forgets_chat(self) -> bool:
        """Whether `delete` also removes what the chat has chosen."""
        return self.chat is not None and await self.decides()

    async def cannot_see(self) -> str:
        """The text on why `auto` can never work as the bot is set up; "" where it can."""
        return ""

    async def auto_is_on(self, lang: str | None) -> str | None:  # noqa: ARG002 - for platforms that need it
        """What to say instead of the usual once `auto` is on, if there is something to be done."""
        return None


def with_sign(text: str, sign: str) -> str:
    """One of our texts, its commands with the sign that they begin with on a platform."""
    return _WRITTEN.sub(sign, text)


class Commands:
    """The commands of one platform."""

    def __init__(self, conversation: Conversation[Any], *, owners_type: str = "/") -> None:
        """`owners_type` is what owners type before the names of their commands."""
        self.owners = conversation.owner_commands(syntax=owners_type)
        self._conversation = conversation
        self._preferences = conversation.preferences
        self._caption_languages = conversation.caption_languages
        own: tuple[Callable[[Asker, str], Awaitable[CommandReply]], ...] = (
            self._auto, self._delete, self._detail, self._help, self._language, self._privacy,
            self._start, self._stats, self._voice,
        )  # fmt: skip
        self._known = dict(zip(GENERAL, own, strict=True))
        self.names = frozenset((*GENERAL, *OwnerCommand))

    async def run(self, name: str, asker: Asker, argument: str = "") -> CommandReply:
        """Do what a command asks for; what to say to that. Raises KeyError for an unknown one."""
        if name in set(OwnerCommand):
            return await self._owner(OwnerCommand(name), asker, argument.strip())
        try:
            return await self._known[name](asker, argument.strip())
        except Refusal as refused:
            lang = await self._lang(asker)
            return CommandReply(text=refused.text(lang), lang=lang)

    async def _start(self, asker: Asker, _argument: str) -> CommandReply:
        return await self._said(asker, "start", **await self._facts(asker))

    async def _help(self, asker: Asker, _argument: str) -> CommandReply:
        """How to ask; to an owner, more."""
        reply = await self._said(asker, "help", **await self._facts(asker))
        lacking = commands_lacking(await self._conversation.service.capabilities.current())
        for name in ("ask", "detail"):
            if name not in lacking:
                more = await self._said(asker, f"help-{name}")
                reply = replace(reply, text=f"{reply.text}\n\n{more.text}")
        if not (asker.alone and self._conversation.is_owner(asker.person)):
            return reply
        more = await self._said(asker, "help-owner", example=self.owners.example)
        return replace(reply, text=f"{reply.text}\n\n{more.text}")

    async def _privacy(self, asker: Asker, _argument: str) -> CommandReply:
        facts = await self._facts(asker)
        reply = await self._said(asker, "privacy", delete=asker.delete, **facts)
        if not (await self._conversation.service.capabilities.current()).questions:
            return reply
        more = await self._said(asker, "privacy-questions", delete=asker.delete)
        return replace(reply, text=f"{reply.text}\n\n{more.text}")

    async def _facts(self, asker: Asker) -> dict[str, str]:
        return await self._conversation.facts(await self._lang(asker))

    async def _auto(self, asker: Asker, argument: str) -> CommandReply:
        """Whether every photo in a chat is answered; who manages it decides."""
        wanted = _SWITCH.get(argument.lower())
        if asker.chat is None:
            return await self._said(asker, "auto-in-groups")
        if wanted is None:
            return await self._said(asker, "auto-how")
        if not await asker.decides():
            return await self._said(asker, "auto-not-allowed")
        if wanted and (why := await asker.cannot_see()):
            return await self._said(asker, why)
        await self._preferences.choose_for_chat(asker.chat, auto=wanted)
        lang = await self._lang(asker)
        said = await asker.auto_is_on(lang) if wanted else None
        if said is not None:
            return CommandReply(text=said, lang=lang)
        return await self._said(asker, "auto-on" if wanted else "auto-off")

    async def _voice(self, asker: Asker, argument: str) -> CommandReply:
        """Whether captions are read aloud to somebody; let them hear it."""
        wanted = _SWITCH.get(argument.lower())
        if wanted is None:
            return await self._said(asker, "voice-how")
        if wanted and not available():
            return await self._said(asker, "speech-unavailable")
        await self._preferences.choose(asker.person, voice=wanted)
        lang = await self._lang(asker)
        if not wanted:
            return CommandReply(text=say("voice-off", lang), lang=lang)
        used = await self._caption_languages.used(await self._chosen(asker), lang)
        return CommandReply(
            text=say("voice-on", lang), lang=lang, aloud=say("voice-on", used), aloud_language=used
        )

    async def _detail(self, asker: Asker, argument: str) -> CommandReply:
        """How long captions are that somebody gets; offer what there is."""
        lengths = await self._conversation.service.capabilities.lengths()
        if len(lengths) < 2:
            return await self._said(asker, "length-only-short")
        wanted = argument.casefold()
        if wanted in lengths:
            await self._preferences.choose(asker.person, length=wanted)
        chosen, lang = await self._chosen(asker), await self._lang(asker)
        used = length_of(chosen) if length_of(chosen) in lengths else lengths[0]
        text = say("length-now", lang, length=say(f"length-{used}", lang))
        if wanted in lengths:
            return CommandReply(text=text, lang=lang)
        choices = [Choice(say(f"length-{one}", lang), one, "detail", wide=True) for one in lengths]
        return CommandReply(
            text=text, lang=lang, ask=say("length-ask", lang), choices=tuple(choices)
        )

    async def _language(self, asker: Asker, argument: str) -> CommandReply:
        """Speak a language to somebody from now on, or offer those that there are.

        "de", "captions en", "de captions en", where "auto" is a language, too; "captions" alone
        offers those of captions.
        """
        own, of_captions, captions = (
            part.strip() for part in argument.casefold().partition(CAPTIONS)
        )
        if own or not of_captions:
            reply = await self._speak(asker, own)
            if not captions or reply.choices:
                return reply
        return await self._caption(asker, captions)

    async def _speak(self, asker: Asker, name: str) -> CommandReply:
        chosen = known_language(name)
        if chosen is None:
            now = await self._now(asker)
            ask = say("language-unknown" if name else "language-ask", now.lang)
            offers = [Choice(native_name(code), code) for code in languages()]
            if asker.locale is not None:  # Matrix does not say what somebody reads
                offers.append(Choice(say("language-auto", now.lang), AUTOMATIC, wide=True))
            if asker.alone:
                label = say("command-language-captions", now.lang)
                offers.append(Choice(label, CAPTIONS, wide=True))
            return replace(now, ask=ask, choices=tuple(offers))
        language = None if chosen == AUTOMATIC else chosen
        try:
            await self._preferences.choose(asker.person, language=language)
        except Refusal as refused:
            return CommandReply(text=refused.text(asker.locale), lang=asker.locale)
        lang = language or asker.locale
        return await self._now(asker, say("language-chosen", lang), language=language)

    async def _caption(self, asker: Asker, name: str) -> CommandReply:
        """Write captions in a language for somebody, or offer those that the workers know."""
        lang = await self._lang(asker)
        if fixed := self._conversation.service.caption_language:
            name = language_name(fixed, lang)
            return CommandReply(text=say("captions-fixed", lang, language=name), lang=lang)
        there = await self._caption_languages.offered()
        by_name = {native_name(code).casefold(): code for code in there}
        code = by_name.get(name) or offered(name, there)
        if code is None and name != AUTOMATIC:
            now = await self._now(asker)
            ask = say("captions-ask", lang)
            if name:
                ask = say("captions-unknown", lang, languages=names(there, lang))
            offers = [Choice(native_name(code), f"{CAPTIONS} {code}") for code in there]
            automatic = Choice(say("captions-auto", lang), f"{CAPTIONS} {AUTOMATIC}", wide=True)
            return replace(now, ask=ask, choices=(*offers, automatic))
        await self._preferences.choose(asker.person, captions=code)
        return await self._now(asker)

    async def _now(
        self, asker: Asker, said: str = "", *, language: str | None = None
    ) -> CommandReply:
        """The languages that somebody is spoken to, and gets captions, in."""
        chosen = await self._chosen(asker)
        lang = language or chosen.language or asker.locale
        used = await self._caption_languages.used(chosen, lang)
        now = say(
            "language-now",
            lang,
            bot=language_name(known(lang or "") or ENGLISH, lang),
            captions=language_name(used, lang),
        )
        missing = await self._caption_languages.missing(asker.person, chosen, lang)
        text = "\n".join(filter(None, (said, now, missing)))
        return CommandReply(text=text, lang=lang)

    async def _chosen(self, asker: Asker) -> Preferences:
        return await self._preferences.of_person(asker.person)

    async def _delete(self, asker: Asker, _argument: str) -> CommandReply:
        """Forget what is kept of somebody, and of a chat if whoever manages it says so."""
        lang = await self._lang(asker)  # for it is forgotten, too
        said = "deleted"
        try:
            await self._preferences.forget_person(asker.person)
            await self._conversation.answered.forget_person(asker.person)
            if asker.chat is not None and await asker.forgets_chat():
                await self._preferences.forget_chat(asker.chat)
                said = "deleted-group"
        except Refusal as refused:
            return CommandReply(text=refused.text(lang), lang=lang)
        return CommandReply(text=say(said, lang), lang=lang)

    async def _stats(self, asker: Asker, _argument: str) -> CommandReply:
        """What was counted in a week, for owners."""
        if not self._conversation.is_owner(asker.person):
            return await self._said(asker, "owners-only")
        lines = summary(await self._preferences.counts())
        lang = await self._lang(asker)
        return CommandReply(text=say("stats", lang), lang=lang, table=tuple(lines))

    async def _owner(self, command: OwnerCommand, asker: Asker, argument: str) -> CommandReply:
        """What an owner decides about somebody, or about the whole bot."""
        lang = await self._lang(asker)
        here = asker.chat if asker.here is None else asker.here
        name = self.owners.named(argument or asker.about, here=here)
        answer = await self.owners.run(command, asker.person, name, lang)
        return CommandReply(text=answer.text, lang=lang, question=answer.question)

    async def _said(self, asker: Asker, text_id: str, **args: str) -> CommandReply:
        lang = await self._lang(asker)
        own = of_platform(text_id, self._conversation.service.platform)
        return CommandReply(text=say(own, lang, **args), lang=lang)

    async def _lang(self, asker: Asker) -> str | None:
        return await self._preferences.language(asker.person, asker.locale)


def known_language(name: str) -> str | None:
    """The language that somebody names by its code or its own name, or "auto"."""
    wanted = name.strip().casefold()
    if wanted == AUTOMATIC:
        return wanted
    for code in languages():
        if wanted in (code.casefold(), say("language-name", code).casefold()):
            return code
    return None
