"""A question out of JSON or a form, without trusting its size, shape or speed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.adapters.web.problems import Problem
from bot.adapters.web.upload import BROKEN_FORM, LANGUAGE, LONGEST_OPTION, MAX_PARTS
from bot.chat.questions import clean_question
from bot.chat.refusals import Refusal
from captioner.queue.messages import MAX_QUESTION

FIELD = "question"
MAX_BODY = 64 * 1024  # bytes, far more than a question may have however it is written
_CHUNK = 16 * 1024


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """What somebody asks."""

    question: str = field(repr=False)
    language: str = ""  # that the answer is wanted in; "": it is not said


async def read_question(request: web.Request, *, seconds: float) -> QuestionForm:
    """The question and its options.

    Raises Problem: not_a_question, question_empty, question_too_long, upload_too_slow.
    """
    if (request.content_length or 0) > MAX_BODY:
        raise _too_long()
    try:
        async with asyncio.timeout(seconds):
            values = await _values(request)
    except TimeoutError:
        raise Problem("upload_too_slow", seconds=round(seconds)) from None
    except (*BROKEN_FORM, RecursionError):
        raise _unreadable() from None
    question, language = values.get(FIELD), values.get(LANGUAGE)
    if not isinstance(question, str) or not isinstance(language, str | None):
        raise _unreadable()
    try:
        cleaned = clean_question(question)
    except Refusal as refusal:
        raise Problem.of(refusal) from None
    return QuestionForm(cleaned, (language or "")[:LONGEST_OPTION].strip())


async def _values(request: web.Request) -> Mapping[str, object]:
    """The fields of the body. Raises one of BROKEN_FORM, or RecursionError."""
    match request.content_type:
        case "application/json":
            values = json.loads((await _body(request)).decode())
            return values if isinstance(values, dict) else {}
        case "application/x-www-form-urlencoded":
            text = (await _body(request)).decode()
            fields = parse_qsl(
                text, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARTS
            )
            return dict(reversed(fields))  # the first of each
        case "multipart/form-data":
            return await _parts(request)
        case _:
            return {}


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > MAX_BODY:
            raise _too_long()
    return bytes(body)


async def _parts(request: web.Request) -> Mapping[str, str]:
    form = await request.multipart()
    found: dict[str, str] = {}
    spare = MAX_BODY
    for _ in range(MAX_PARTS):
        part = await form.next()
        if part is None:
            return found
        if not isinstance(part, BodyPartReader):
            raise ValueError("a form within the form")
        data = bytearray()
        while chunk := await part.read_chunk(_CHUNK):
            data += chunk
            if len(data) > spare:
                raise _too_long()
        spare -= len(data)
        if part.name in {FIELD, LANGUAGE}:
            found.setdefault(part.name, data.decode())
    raise ValueError("too many fields")


def _too_long() -> Problem:
    return Problem("question_too_long", limit=MAX_QUESTION)


def _unreadable() -> Problem:
    return Problem("not_a_question", field=FIELD)
