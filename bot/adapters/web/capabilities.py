"""What the workers' models can do, and what a request may ask of them."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.web.caption_language import CaptionLanguages
from bot.adapters.web.problems import Problem
from bot.adapters.web.serializers import PRIVATE
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.service import CaptionService
from bot.locales import listed
from captioner.queue.messages import MAX_QUESTION, Length


class ModelCapabilities:
    """What at least one worker can do, over HTTP."""

    def __init__(self, service: CaptionService, languages: CaptionLanguages) -> None:
        self._capabilities, self._languages = service.capabilities, languages

    async def described(self, _request: web.Request) -> web.Response:
        """What may be asked for at the moment."""
        there = await self._capabilities.current()
        languages, default = await self._languages.offered()
        said = {
            "languages": languages,
            "default_language": default,
            "lengths": [length for length in Length if length in there.lengths],
            "questions": there.questions,
            "max_question_length": MAX_QUESTION,
            "attention": there.attention,
            "confidence": there.confidence,
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
            names = [one for one in Length if there is None or one in there.lengths]
            raise Problem("unknown_length", lengths=listed(names, None)) from None
        if there is not None and length not in there.lengths:
            raise Problem.of(Refusal(RefusalCode.NOT_OFFERED))
        return length

    async def check_questions(self) -> None:
        """Raises Problem: not_offered. While no worker was heard of, its reply will say so."""
        there = await self._capabilities.known()
        if there is not None and not there.questions:
            raise Problem.of(Refusal(RefusalCode.NOT_OFFERED))
