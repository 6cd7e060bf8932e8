"""Photos, questions and options out of requests, without trusting their size, shape or speed."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.client_exceptions import ClientPayloadError
from aiohttp.http_exceptions import HttpProcessingError

from bot.adapters.web.problems import Problem
from bot.chat.questions import clean_question
from bot.chat.refusals import Refusal, too_large
from captioner.queue.messages import MAX_QUESTION

_PHOTO = "photo"  # the names of fields
_QUESTION = "question"
_LANGUAGE = "language"
_LENGTH = "length"
_OPTIONS = {_LANGUAGE, _LENGTH}
_LONGEST_OPTION = 64  # bytes; the rest is cut off, and no option is so long
_CHUNK = 64 * 1024
_MAX_QUESTION_BODY = 64 * 1024  # bytes, far more than a question may have however it is written
FORM_OVERHEAD = 64 * 1024  # bytes for boundaries, part headers and other fields
_MAX_PARTS = 16
_BROKEN_FORM = (
    ValueError,
    AssertionError,  # aiohttp's multipart reader asserts what a hostile form can break
    EOFError,
    HttpProcessingError,
    ClientPayloadError,
    web.RequestPayloadError,
)


class Gate:
    """Bounds the photos that are in memory at their full size, in all and of one person."""

    def __init__(self, *, total: int, per_person: int) -> None:
        self._total, self._per_person = total, per_person
        self._inside: Counter[str] = Counter()

    @property
    def inside(self) -> int:
        """Photos inside now."""
        return self._inside.total()

    @contextmanager
    def enter(self, person: str) -> Iterator[None]:
        """Room for one photo while the context lasts. Raises Problem: person_busy, uploads_full."""
        if self._inside[person] >= self._per_person:
            raise Problem("person_busy")
        if self.inside >= self._total:
            raise Problem("uploads_full")
        self._inside[person] += 1
        try:
            yield
        finally:
            self._inside[person] -= 1
            self._inside += Counter()  # drops persons with none


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form holds."""

    photo: bytes = field(repr=False)
    language: str = ""  # that captions are wanted in; "": the form does not say
    length: str = ""  # of the caption; likewise


async def read_photo(request: web.Request, *, max_bytes: int, seconds: float) -> Upload:
    """The form's `photo` field, and its options.

    Raises Problem: too_large, upload_too_slow, not_multipart, missing_photo, empty. Not more
    than `max_bytes` are ever held, however much arrives.
    """
    if request.content_type != "multipart/form-data":
        raise Problem("not_multipart", field=_PHOTO)
    if (request.content_length or 0) > max_bytes + FORM_OVERHEAD:
        raise Problem.of(too_large(max_bytes))
    try:
        async with asyncio.timeout(seconds):
            photo, options = await _find(await request.multipart(), max_bytes)
    except TimeoutError:
        raise Problem("upload_too_slow", seconds=round(seconds)) from None
    except _BROKEN_FORM:
        raise Problem("not_multipart", field=_PHOTO) from None
    if photo is None:
        raise Problem("missing_photo", field=_PHOTO)
    if not photo:
        raise Problem("empty")
    return Upload(photo, **options)


async def _find(form: MultipartReader, max_bytes: int) -> tuple[bytes | None, dict[str, str]]:
    """The first photo part, and the options before and behind it; other fields are skipped.

    What is wrong with a form behind its photo does not matter.
    """
    spare = FORM_OVERHEAD
    photo: bytes | None = None
    options: dict[str, str] = {}
    try:
        for _ in range(_MAX_PARTS):
            part = await form.next()
            if part is None:
                return photo, options
            if not isinstance(part, BodyPartReader):
                raise ValueError("a form within the form")
            if part.name == _PHOTO and photo is None:
                photo = await _read(part, max_bytes)
                continue
            start, size = await _skip(part, spare)
            spare -= size
            if part.name in _OPTIONS:
                options[part.name] = start.decode("utf-8", "replace").strip()
        raise ValueError("too many fields")
    except _BROKEN_FORM:
        if photo is None:
            raise
        return photo, options


async def _read(part: BodyPartReader, max_bytes: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        data += chunk
        if len(data) > max_bytes:
            raise Problem.of(too_large(max_bytes))
    return bytes(data)


async def _skip(part: BodyPartReader, at_most: int) -> tuple[bytes, int]:
    """How a part begins, and its size."""
    start, skipped = b"", 0
    while chunk := await part.read_chunk(_CHUNK):
        start = (start + chunk)[:_LONGEST_OPTION]
        skipped += len(chunk)
        if skipped > at_most:
            raise ValueError("other fields are too long")
    return start, skipped


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """What somebody asks."""

    question: str = field(repr=False)
    language: str = ""  # that the answer is wanted in; "": it is not said


async def read_question(request: web.Request, *, seconds: float) -> QuestionForm:
    """The question and its options.

    Raises Problem: not_a_question, question_empty, question_too_long, upload_too_slow.
    """
    if (request.content_length or 0) > _MAX_QUESTION_BODY:
        raise _too_long()
    try:
        async with asyncio.timeout(seconds):
            values = await _values(request)
    except TimeoutError:
        raise Problem("upload_too_slow", seconds=round(seconds)) from None
    except (*_BROKEN_FORM, RecursionError):
        raise _unreadable() from None
    question, language = values.get(_QUESTION), values.get(_LANGUAGE)
    if not isinstance(question, str) or not isinstance(language, str | None):
        raise _unreadable()
    try:
        cleaned = clean_question(question)
    except Refusal as refusal:
        raise Problem.of(refusal) from None
    return QuestionForm(cleaned, (language or "")[:_LONGEST_OPTION].strip())


async def _values(request: web.Request) -> Mapping[str, object]:
    """The fields of the body. Raises one of _BROKEN_FORM, or RecursionError."""
    match request.content_type:
        case "application/json":
            values = json.loads((await _body(request)).decode())
            return values if isinstance(values, dict) else {}
        case "application/x-www-form-urlencoded":
            text = (await _body(request)).decode()
            fields = parse_qsl(
                text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARTS
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
        if len(body) > _MAX_QUESTION_BODY:
            raise _too_long()
    return bytes(body)


async def _parts(request: web.Request) -> Mapping[str, str]:
    form = await request.multipart()
    found: dict[str, str] = {}
    spare = _MAX_QUESTION_BODY
    for _ in range(_MAX_PARTS):
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
        if part.name in {_QUESTION, _LANGUAGE}:
            found.setdefault(part.name, data.decode())
    raise ValueError("too many fields")


def _too_long() -> Problem:
    return Problem("question_too_long", limit=MAX_QUESTION)


def _unreadable() -> Problem:
    return Problem("not_a_question", field=_QUESTION)
