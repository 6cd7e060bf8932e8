"""What a request wants (languages, lengths, questions), and what the workers' models can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.adapters.web.problems import PRIVATE, Problem
from bot.chat.capabilities import NOWHERE, lengths_of, names, offered
from bot.chat.models import Action
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.service import CaptionService
from bot.locales import ENGLISH, is_language, known, listed, native_name, right_to_left
from captioner.queue.messages import MAX_QUESTION, Length

AUTOMATIC = "auto"  # as if the form had no such field
_MOST = 20  # languages of a header that are read: more than any browser sends


def language_of(request: web.BaseRequest) -> str:
    """The language that `?lang=` asks for, else the best of Accept-Language, else English."""
    asked = known(request.query.get("lang", ""))
    return asked or best(accepted(request))


def best(tags: Sequence[str]) -> str:
    """The first of some languages that we have; English where there is none."""
    return next((lang for tag in tags if (lang := known(tag)) is not None), ENGLISH)


def accepted(request: web.BaseRequest) -> list[str]:
    """The languages that a request accepts, the most wanted one first."""
    return by_wish(",".join(request.headers.getall("Accept-Language", [])))


def by_wish(header: str) -> list[str]:
    """The languages that an Accept-Language header lists, the most wanted one first."""
    wanted: list[tuple[float, str]] = []
    for entry in header.split(",")[:_MOST]:
        tag, _, parameter = entry.partition(";")
        name, _, value = parameter.partition("=")
        try:
            quality = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            continue
        if 0 < quality <= 1 and tag.strip():
            wanted.append((quality, tag.strip()))
    return [tag for _, tag in sorted(wanted, key=lambda one: -one[0])]


class CaptionLanguages:
    """The languages of captions, over HTTP."""

    def __init__(self, service: CaptionService) -> None:
        self._service = service

    async def wanted(self, request: web.Request, field: str) -> str:
        """The language that the form's field asks for, else `?lang=`, else Accept-Language.

        Raises Problem for a field that names no language. One that is not offered is no problem:
        captions are in English then, and the answer says so.
        """
        if named := await self.named(request, field):
            return named
        there = await self._offered()
        tags = (request.query.get("lang", ""), *accepted(request))
        return next((tag for tag in tags if offered(tag, there)), ENGLISH)

    async def named(self, request: web.Request, field: str) -> str | None:
        """The language that a field names; None where it names none. Raises Problem as above."""
        if not field or field.lower() == AUTOMATIC:
            return None
        there = await self._offered()
        if not offered(field, there) and not is_language(field):
            raise Problem("unknown_language", languages=names(there, language_of(request)))
        return field

    async def offered(self) -> tuple[tuple[str, ...], str]:
        """The languages that there are, and the one where nobody asks for another."""
        there = await self._offered()
        return there, offered(ENGLISH, there) or there[0]

    async def listed(self, _request: web.Request) -> web.Response:
        """The languages that captions can be in, and which they are in where nobody asks."""
        there, default = await self.offered()
        said: dict[str, Any] = {
            "languages": [
                {
                    "code": code,
                    "name": native_name(code),
                    "direction": "rtl" if right_to_left(code) else "ltr",
                }
                for code in there
            ],
            "default": default,
        }
        return web.json_response(said, headers=PRIVATE)

    async def _offered(self) -> tuple[str, ...]:
        languages = (await self._service.capabilities.current()).languages
        if fixed := self._service.caption_language:
            return (offered(fixed, languages) or offered(ENGLISH, languages) or languages[0],)
        return languages


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page's texts depend on."""

    hosts: str = NOWHERE  # that photos are sent to: see `WorkerCapabilities.photos_go_to`
    attention: bool = True  # the model says where it looked
    confidence: bool = True  # and how sure it is


class ModelCapabilities:
    """What at least one worker can do, over HTTP."""

    def __init__(self, service: CaptionService, languages: CaptionLanguages) -> None:
        self._capabilities, self._languages = service.capabilities, languages
        self._several = service.n_best > 1

    async def described(self, _request: web.Request) -> web.Response:
        """What may be asked for at the moment."""
        there = await self._capabilities.current()
        languages, default = await self._languages.offered()
        said = {
            "languages": languages,
            "default_language": default,
            "lengths": lengths_of(there),
            "questions": there.questions,
            "max_question_length": MAX_QUESTION,
            "attention": there.attention,
            "confidence": there.confidence,
            "alternatives": there.alternatives and self._several,
        }
        return web.json_response(said, headers=PRIVATE)

    async def length(self, field: str) -> Length:
        """The length that a form asks for; the short one where it says nothing.

        Raises Problem: unknown_length, not_offered.
        """
        if not field:
            return Length.SHORT
        there = await self._capabilities.known()
        try:
            length = Length(field)
        except ValueError:
            known = tuple(Length) if there is None else lengths_of(there)
            raise Problem("unknown_length", lengths=listed(known, None)) from None
        if there is not None and length not in there.lengths:
            raise Problem.of(Refusal(RefusalCode.NOT_OFFERED))
        return length

    async def check_offered(self, wish: Action) -> None:
        """Raises Problem: not_offered. While no worker was heard of, its reply will say so."""
        try:
            await self._capabilities.check_offered(wish)
        except Refusal as refused:
            raise Problem.of(refused) from None

    async def facts(self) -> Facts:
        """What the page's texts depend on."""
        hosts = await self._capabilities.photos_go_to()
        there = await self._capabilities.current()
        return Facts(hosts, attention=there.attention, confidence=there.confidence)
