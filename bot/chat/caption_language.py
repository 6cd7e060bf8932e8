"""Which language somebody gets captions in, and what they are told where it is another."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from bot.chat.capabilities import offered
from bot.chat.models import Action, Place
from bot.chat.preferences import Id, PreferenceService
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService
from bot.locales import ENGLISH, known, language_name, listed, say
from bot.store import Preferences
from captioner.queue.messages import CaptionReply


class CaptionLanguages:
    """The languages of captions, of one platform."""

    def __init__(self, service: CaptionService, preferences: PreferenceService) -> None:
        self._service, self._preferences = service, preferences

    @property
    def fixed(self) -> str | None:
        """The language that the operator has decided for everybody."""
        return self._service.caption_language

    def wanted(self, chosen: Preferences, lang: str | None) -> str:
        """What somebody wants whom the bot speaks to in `lang`."""
        return self.fixed or chosen.captions or lang or ENGLISH

    async def offered(self) -> tuple[str, ...]:
        """What there is to choose from."""
        return (await self._service.capabilities.current()).languages

    async def used(self, chosen: Preferences, lang: str | None) -> str:
        """What somebody will get."""
        return await self._service.capabilities.language(self.wanted(chosen, lang))

    async def missing(self, person: Id, chosen: Preferences, lang: str | None) -> str:
        """What to say to somebody who wants captions in a language that no worker has; "" else."""
        declared = await self._service.capabilities.known()
        wanted = self.wanted(chosen, lang)
        if declared is None or offered(wanted, declared.languages):
            return ""
        await self._remember(person, wanted)
        return _missing(wanted, await self.used(chosen, lang), declared.languages, lang)

    async def remark(self, reply: CaptionReply, place: Place) -> str:
        """What to say below an answer whose captions are in another language; once to a person."""
        used = reply.language or ENGLISH
        if place.wish is not Action.CAPTION or reply.failure or place.unasked or not place.person:
            return ""
        if not place.captions or offered(place.captions, (used,)):
            return ""
        chosen = await self._preferences.of_person(place.person)
        told = f"captions-not-in:{place.person}:{place.captions}"
        if chosen.told == place.captions or not await self._preferences.first(told):
            return ""
        await self._remember(place.person, place.captions)
        return _missing(place.captions, used, await self.offered(), place.lang)

    async def _remember(self, person: Id, wanted: str) -> None:
        with contextlib.suppress(Refusal):  # nothing can be remembered now
            await self._preferences.choose(person, told=wanted)


def _missing(wanted: str, used: str, languages: Iterable[str], lang: str | None) -> str:
    return say(
        "captions-not-in",
        lang,
        wanted=language_name(known(wanted) or wanted, lang),
        used=language_name(used, lang),
        languages=names(languages, lang),
    )


def names(languages: Iterable[str], lang: str | None) -> str:
    """The names of languages in one of them."""
    return listed((language_name(code, lang) for code in languages), lang)
