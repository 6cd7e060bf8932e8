"""Refusals as RFC 9457 problem documents, each with a stable code."""

from __future__ import annotations

import json
import math

from aiohttp import web

from bot.chat.service import Sorry
from bot.locales import say
from captioner.queue.messages import Failure

# code → (status, title). The codes are part of the HTTP interface: add, never rename.
KINDS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "Not a request we understand"),
    "empty": (400, "The file is empty"),
    "missing_photo": (400, "There is no photo in the form"),
    "not_an_image": (400, "Not an image"),
    "not_multipart": (400, "Not a multipart form"),
    "cross_site": (403, "Another site’s page may not send photos here"),
    "forgotten": (404, "The photo has been forgotten"),
    "not_found": (404, "There is nothing here"),
    "method_not_allowed": (405, "Not a method of this address"),
    "upload_too_slow": (408, "The photo took too long to arrive"),
    "too_large": (413, "The photo is too large"),
    "unsupported": (415, "A kind of image we do not take"),
    "bad_photo": (422, "The photo cannot be read"),
    "damaged": (422, "The photo is damaged"),
    "too_many_pixels": (422, "The photo has too many pixels"),
    "too_slow": (422, "The photo took too long to decode"),
    "too_small": (422, "The photo is too small"),
    "person_busy": (429, "Too many photos at once"),
    "slow_down": (429, "Too many photos in a short time"),
    "internal": (500, "An error of ours"),
    "uploads_full": (503, "Too many photos are arriving"),
    "gave_up": (503, "The photo could not be captioned"),
    "not_ready": (503, "Not ready yet"),
    "queue_full": (503, "Too many photos are waiting"),
    "queue_unavailable": (503, "Not available now"),
    "no_answer": (504, "No answer in time"),
}
RETRY_AFTER = {429: 5.0, 503: 5.0}  # seconds, where nobody knew better


class Problem(Exception):
    """A refusal that the person reads. `code` is one of KINDS; an unknown one is an error of ours.

    `detail` says what is wrong and what to do; `retry_after` is seconds.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        retry_after: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code if code in KINDS else "internal"
        self.status, self.title = KINDS[self.code]
        self.detail = detail
        self.retry_after = RETRY_AFTER.get(self.status) if retry_after is None else retry_after
        self.headers = headers or {}

    @classmethod
    def of(cls, sorry: Sorry) -> Problem:
        """The desk's refusal."""
        code = sorry.code.replace("-", "_")
        return cls(code, sorry.message, retry_after=sorry.retry_after)

    @classmethod
    def failed(cls, failure: Failure) -> Problem:
        """The worker's refusal."""
        return cls(failure.value, say(failure.value))

    def document(self) -> dict[str, str | int]:
        """The problem document's members."""
        body: dict[str, str | int] = {
            "type": f"urn:captionbot:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.retry_after is not None:
            body["retry_after"] = max(1, math.ceil(self.retry_after))
        return body

    def response(self) -> web.Response:
        """The problem document."""
        body = self.document()
        headers = {**self.headers, "Cache-Control": "no-store"}
        if "retry_after" in body:
            headers["Retry-After"] = str(body["retry_after"])
        return web.Response(
            status=self.status,
            body=json.dumps(body, ensure_ascii=False).encode(),
            content_type="application/problem+json",
            headers=headers,
        )
