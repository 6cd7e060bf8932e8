"""Refusals as RFC 9457 problem documents, each with a stable code."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.chat.refusals import Refusal, http_code, http_kinds
from bot.locales import say
from captioner.queue.messages import Failure

# code → (status, text id of the detail). The codes are part of the HTTP interface: add, never
# rename. The text id of a title is "problem-" and the code.
KINDS: dict[str, tuple[int, str]] = http_kinds() | {
    "bad_request": (400, "detail-bad_request"),
    "missing_photo": (400, "detail-missing_photo"),
    "unknown_language": (400, "detail-unknown_language"),
    "unknown_length": (400, "detail-unknown_length"),
    "not_a_question": (400, "detail-not_a_question"),
    "not_multipart": (400, "detail-not_multipart"),
    "unauthorized": (401, "detail-unauthorized"),
    "cross_site": (403, "detail-cross_site"),
    "forgotten": (404, "detail-forgotten"),
    "not_found": (404, "detail-not_found"),
    "method_not_allowed": (405, "detail-method_not_allowed"),
    "upload_too_slow": (408, "detail-upload_too_slow"),
    "uploads_full": (503, "detail-uploads_full"),
    "not_ready": (503, "not-ready"),
    "no_answer": (504, "detail-no_answer"),
}
PRIVATE = {"Cache-Control": "no-store"}
RETRY_AFTER = {429: 5.0, 503: 5.0}  # seconds, where nobody knew better


class Problem(Exception):
    """A refusal that the person reads. `code` is one of KINDS; an unknown one is an error of ours.

    `args` fill the placeholders of its text; `retry_after` is seconds, and fills `$seconds`.
    """

    def __init__(
        self,
        code: str,
        *,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        **args: str | float,
    ) -> None:
        super().__init__(code)
        self.code = code if code in KINDS else "internal"
        self.status, self._text_id = KINDS[self.code]
        self.retry_after = RETRY_AFTER.get(self.status) if retry_after is None else retry_after
        self.headers = dict(headers or {})
        if self.retry_after is not None:
            args.setdefault("seconds", max(1, math.ceil(self.retry_after)))
        self._args = args

    @classmethod
    def of(cls, refusal: Refusal) -> Problem:
        """The caption service's refusal."""
        given: dict[str, Any] = {**refusal.args_for_text}
        return cls(http_code(refusal.code), retry_after=refusal.retry_after, **given)

    @classmethod
    def failed(cls, failure: Failure) -> Problem:
        """The worker's refusal."""
        return cls.of(Refusal.of_failure(failure))

    def title(self, lang: str) -> str:
        """What is wrong, in few words: the same for each code."""
        return say(f"problem-{self.code}", lang)

    def detail(self, lang: str) -> str:
        """What is wrong this time, and what to do."""
        return say(self._text_id, lang, **self._args)

    def document(self, lang: str) -> dict[str, str | int]:
        """The problem document's members."""
        body: dict[str, str | int] = {
            "type": f"urn:captionbot:problem:{self.code}",
            "title": self.title(lang),
            "status": self.status,
            "detail": self.detail(lang),
            "code": self.code,
        }
        if self.retry_after is not None:
            body["retry_after"] = max(1, math.ceil(self.retry_after))
        return body

    def response(self, lang: str) -> web.Response:
        """The problem document, in a language."""
        body = self.document(lang)
        headers = {
            **self.headers,
            **PRIVATE,
            "Content-Language": lang,
            "Vary": "Accept-Language",
        }
        if "retry_after" in body:
            headers["Retry-After"] = str(body["retry_after"])
        return web.Response(
            status=self.status,
            body=json.dumps(body, ensure_ascii=False).encode(),
            content_type="application/problem+json",
            headers=headers,
        )
