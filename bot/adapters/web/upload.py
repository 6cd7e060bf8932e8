"""A photo and options out of a multipart form, without trusting its size, shape or speed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.client_exceptions import ClientPayloadError
from aiohttp.http_exceptions import HttpProcessingError

from bot.adapters.web.problems import Problem

FIELD = "photo"
LANGUAGE = "language"
LENGTH = "length"
_OPTIONS = {LANGUAGE, LENGTH}
LONGEST_OPTION = 64  # bytes; the rest is cut off, and no option is so long
CHUNK = 64 * 1024
FORM_OVERHEAD = 64 * 1024  # bytes for boundaries, part headers and other fields
MAX_PARTS = 16
BROKEN_FORM = (
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
        raise Problem("not_multipart", field=FIELD)
    if (request.content_length or 0) > max_bytes + FORM_OVERHEAD:
        raise too_large(max_bytes)
    try:
        async with asyncio.timeout(seconds):
            photo, options = await _find(await request.multipart(), max_bytes)
    except TimeoutError:
        raise Problem("upload_too_slow", seconds=round(seconds)) from None
    except BROKEN_FORM:
        raise Problem("not_multipart", field=FIELD) from None
    if photo is None:
        raise Problem("missing_photo", field=FIELD)
    if not photo:
        raise Problem("empty")
    return Upload(photo, **options)


def too_large(max_bytes: int) -> Problem:
    """More bytes than are taken."""
    return Problem("too_large", limit=max(1, max_bytes // 1_000_000))


async def _find(form: MultipartReader, max_bytes: int) -> tuple[bytes | None, dict[str, str]]:
    """The first photo part, and the options before and behind it; other fields are skipped.

    What is wrong with a form behind its photo does not matter.
    """
    spare = FORM_OVERHEAD
    photo: bytes | None = None
    options: dict[str, str] = {}
    try:
        for _ in range(MAX_PARTS):
            part = await form.next()
            if part is None:
                return photo, options
            if not isinstance(part, BodyPartReader):
                raise ValueError("a form within the form")
            if part.name == FIELD and photo is None:
                photo = await _read(part, max_bytes)
                continue
            start, size = await _skip(part, spare)
            spare -= size
            if part.name in _OPTIONS:
                options[part.name] = start.decode("utf-8", "replace").strip()
        raise ValueError("too many fields")
    except BROKEN_FORM:
        if photo is None:
            raise
        return photo, options


async def _read(part: BodyPartReader, max_bytes: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        data += chunk
        if len(data) > max_bytes:
            raise too_large(max_bytes)
    return bytes(data)


async def _skip(part: BodyPartReader, at_most: int) -> tuple[bytes, int]:
    """How a part begins, and its size."""
    start, skipped = b"", 0
    while chunk := await part.read_chunk(CHUNK):
        start = (start + chunk)[:LONGEST_OPTION]
        skipped += len(chunk)
        if skipped > at_most:
            raise ValueError("other fields are too long")
    return start, skipped
