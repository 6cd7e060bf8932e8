"""A photo out of a multipart form, without trusting its size, its shape or its speed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.client_exceptions import ClientPayloadError
from aiohttp.http_exceptions import HttpProcessingError

from bot.adapters.web.problems import Problem

FIELD = "photo"
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


async def read_photo(request: web.Request, *, max_bytes: int, seconds: float) -> bytes:
    """The bytes of the form's `photo` field.

    Raises Problem: too_large, upload_too_slow, not_multipart, missing_photo, empty. Not more
    than `max_bytes` are ever held, however much arrives.
    """
    if request.content_type != "multipart/form-data":
        raise Problem("not_multipart", field=FIELD)
    if (request.content_length or 0) > max_bytes + FORM_OVERHEAD:
        raise too_large(max_bytes)
    try:
        async with asyncio.timeout(seconds):
            photo = await _find(await request.multipart(), max_bytes)
    except TimeoutError:
        raise Problem("upload_too_slow", seconds=round(seconds)) from None
    except BROKEN_FORM:
        raise Problem("not_multipart", field=FIELD) from None
    if photo is None:
        raise Problem("missing_photo", field=FIELD)
    if not photo:
        raise Problem("empty")
    return photo


def too_large(max_bytes: int) -> Problem:
    """More bytes than are taken."""
    return Problem("too_large", limit=max(1, max_bytes // 1_000_000))


async def _find(form: MultipartReader, max_bytes: int) -> bytes | None:
    """The first photo part; what stands before it is skipped, what comes after is not read."""
    spare = FORM_OVERHEAD
    for _ in range(MAX_PARTS):
        part = await form.next()
        if part is None:
            return None
        if not isinstance(part, BodyPartReader):
            raise ValueError("a form within the form")
        if part.name == FIELD:
            return await _read(part, max_bytes)
        spare -= await _skip(part, spare)
    raise ValueError("too many fields")


async def _read(part: BodyPartReader, max_bytes: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        data += chunk
        if len(data) > max_bytes:
            raise too_large(max_bytes)
    return bytes(data)


async def _skip(part: BodyPartReader, at_most: int) -> int:
    skipped = 0
    while chunk := await part.read_chunk(CHUNK):
        skipped += len(chunk)
        if skipped > at_most:
            raise ValueError("other fields are too long")
    return skipped
