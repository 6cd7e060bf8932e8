"""Which language a request wants its captions in, and which there are."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.adapters.web.language import accepted, language_of
from bot.adapters.web.problems import Problem
from bot.adapters.web.serializers import PRIVATE
from bot.chat.capabilities import offered
from bot.chat.caption_language import names
from bot.chat.service import CaptionService
from bot.locales import ENGLISH, is_language, native_name, right_to_left

AUTOMATIC = "auto"  # as if the form had no such field


class CaptionLanguages:
    """The languages of captions, over HTTP."""

    def __init__(self, service: CaptionService) -> None:
        self._service = service

    async def wanted(self, request: web.Request, field: str) -> str:
        """The language that the form's field asks for, else `?lang=`, else Accept-Language.

        Raises Problem for a field that names no language. One that is not offered is no problem:
        captions are in English then, and the answer says so.
        """
        there = await self._offered()
        if field and field.lower() != AUTOMATIC:
            if not offered(field, there) and not is_language(field):
                lang = language_of(request)
                raise Problem("unknown_language", languages=names(there, lang))
            return field
        tags = (request.query.get("lang", ""), *accepted(request))
        return next((tag for tag in tags if offered(tag, there)), ENGLISH)

    async def listed(self, _request: web.Request) -> web.Response:
        """The languages that captions can be in, and which they are in where nobody asks."""
        there = await self._offered()
        said: dict[str, Any] = {
            "languages": [
                {
                    "code": code,
                    "name": native_name(code),
                    "direction": "rtl" if right_to_left(code) else "ltr",
                }
                for code in there
            ],
            "default": offered(ENGLISH, there) or there[0],
        }
        return web.json_response(said, headers=PRIVATE)

    async def _offered(self) -> tuple[str, ...]:
        languages = (await self._service.capabilities.current()).languages
        if fixed := self._service.caption_language:
            return (offered(fixed, languages) or offered(ENGLISH, languages) or languages[0],)
        return languages
