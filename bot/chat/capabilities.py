"""What the workers can do, as far as a bot knows, and which language somebody gets captions in.

Every door asks here, and nothing asks for the name of an engine. A door offers what at least one
live worker can do.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TYPE_CHECKING

from bot.chat.models import Action, Place
from bot.chat.refusals import Refusal, RefusalCode
from bot.locales import ENGLISH, known, language_name, listed, say
from bot.store import Preferences
from captioner.capabilities import UNDECLARED, Capabilities
from captioner.queue.base import JobQueue, QueueUnavailable
from captioner.queue.messages import CaptionReply, Length, Output

if TYPE_CHECKING:
    from bot.chat.preferences import Id, PreferenceService
    from bot.chat.service import CaptionService

_FOR = 5.0  # seconds
_PATIENCE, _PAUSE = 15.0, 0.1  # seconds to wait for the first worker, and between two looks
_EVERY = 30.0  # seconds after which changes are looked for
_MOST = 1.0  # seconds that a text about where photos go waits for the queue
NOWHERE, UNKNOWN = "none", "unknown"  # for the texts that say where photos go


class WorkerCapabilities:
    """Asks the queue's registry of workers at most every few seconds."""

    def __init__(self, queue: JobQueue, *, now: Callable[[], float] = time.monotonic) -> None:
        self._queue, self._now = queue, now
        self._last: Capabilities | None = None
        self._until = 0.0  # by `now`
        self._hosts: tuple[str, ...] | None = None

    async def current(self) -> Capabilities:
        """What at least one worker that is ready can do.

        While none is, what was known last; where none was ever heard of, what workers can do that
        do not declare it.
        """
        return await self.known() or UNDECLARED

    async def known(self) -> Capabilities | None:
        """As `current`; None where no worker was ever heard of."""
        if self._now() < self._until:
            return self._last
        try:
            workers = await self._queue.workers()
        except QueueUnavailable:
            return self._last
        declared = workers.capabilities
        if workers.sends_photos_to is not None:  # those that are gone sent their photos before
            self._hosts = workers.sends_photos_to
        if declared:  # a worker that has just become ready is not overlooked for a while
            self._last = Capabilities.of_all(declared)
            self._until = self._now() + _FOR
        return self._last

    async def changes(self) -> AsyncIterator[Capabilities | None]:
        """What workers can do: once that is known, and again whenever it has become something else.

        Where no worker is heard of for a while, first None.
        """
        begun, last = False, None
        until = self._now() + _PATIENCE
        while True:
            declared = await self.known()
            if declared is None and self._now() < until:
                await asyncio.sleep(_PAUSE)
                continue
            if not begun or declared != last:
                begun, last = True, declared
                yield declared
            await asyncio.sleep(_EVERY)

    async def photos_go_to(self) -> str:
        """The hosts outside of the operator's network that photos are sent to, or `NOWHERE`.

        `UNKNOWN` as long as no worker has said so. It is the `hosts` of texts that say where a
        photo goes.
        """
        with contextlib.suppress(TimeoutError):  # a page is not to wait for a queue that is away
            async with asyncio.timeout(_MOST):
                await self.known()
        return UNKNOWN if self._hosts is None else ", ".join(self._hosts) or NOWHERE

    async def lengths(self) -> tuple[Length, ...]:
        """How long captions can be; any, as long as nobody knows."""
        declared = await self.known()
        return lengths_of(declared) if declared else tuple(Length)

    async def check_offered(self, wish: Action) -> None:
        """Raises Refusal where no model does what is asked for, as far as that is known."""
        declared = await self.known()
        if declared is None:
            return
        offered = declared.attention or wish.output is Output.CAPTION
        if wish is Action.OTHERS:
            offered = declared.alternatives
        elif wish is Action.QUESTION:
            offered = declared.questions
        if not offered:
            raise Refusal(RefusalCode.NOT_OFFERED)

    async def language(self, wanted: str) -> str:
        """The language to ask for if somebody wants captions in one; English if it is not offered.

        As long as nobody knows what is offered, any language that the bot speaks is asked for: the
        reply says what became of it.
        """
        declared = await self.known()
        if declared is None:
            return known(wanted) or ENGLISH
        languages = declared.languages
        return offered(wanted, languages) or offered(ENGLISH, languages) or declared.language


def commands_lacking(declared: Capabilities) -> frozenset[str]:
    """The commands that nobody is offered, because no model does what they ask for."""
    lacking = {
        "ask": not declared.questions,
        "attention": not declared.attention,
        "detail": len(lengths_of(declared)) < 2,
    }
    return frozenset(name for name, lacks in lacking.items() if lacks)


def looks(declared: Capabilities) -> str:
    """Whether a model says where it looked, as texts ask for it in their `looks`."""
    return "yes" if declared.attention else "no"


def lengths_of(declared: Capabilities) -> tuple[Length, ...]:
    """How long captions can be, the shortest first."""
    return tuple(one for one in Length if one in declared.lengths)


def offered(wanted: str, languages: tuple[str, ...]) -> str | None:
    """Which of some languages is meant by a tag: "pt" by "pt-BR" and the reverse; None for none."""
    tags = {code.lower(): code for code in languages}
    tag = wanted.replace("_", "-").lower()
    while tag:
        if tag in tags:
            return tags[tag]
        tag = tag.rpartition("-")[0]
    primary = wanted.replace("_", "-").lower().partition("-")[0]
    return next((code for code in languages if code.lower().partition("-")[0] == primary), None)


class CaptionLanguages:
    """The languages of captions, of one platform."""

    def __init__(self, service: CaptionService, preferences: PreferenceService) -> None:
        self._service, self._preferences = service, preferences

    def wanted(self, chosen: Preferences, lang: str | None) -> str:
        """What somebody wants whom the bot speaks to in `lang`."""
        return self._service.caption_language or chosen.captions or lang or ENGLISH

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
        if place.wish is not Action.CAPTION or place.unasked or not place.person:
            return ""
        if all(answer.failure for answer in reply.answers):  # of an album some may have captions
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
