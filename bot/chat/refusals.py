"""Why something is refused: one list of codes, one exception, and how each is told.

A code is the id of its sentence in `bot/locales` and its label in the metrics; the HTTP interface
shows it with underscores. Both spellings are published, so neither changes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from bot.locales import ENGLISH, say
from captioner.queue.messages import Failure


class RefusalCode(StrEnum):
    """Everything that can stand between a photo and its caption."""

    # The file itself.
    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"  # text, a document, an unknown format
    UNSUPPORTED = "unsupported"  # a kind of file we do not take (SVG, PDF, sound, video)
    DAMAGED = "damaged"  # starts like an image and does not decode
    TOO_LARGE = "too_large"  # bytes
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"  # too few pixels on a side, or a strip: a person sees nothing in it
    TOO_SLOW = "too_slow"  # did not decode within the time allowed
    # Between the platform and us.
    TOO_LARGE_TO_DOWNLOAD = "too-large-to-download"
    DOWNLOAD_FAILED = "download-failed"
    DOWNLOAD_SLOW = "download-slow"
    PHOTO_REMOVED = "photo-removed"
    PHOTO_EXPIRED = "photo-expired"  # deleted since, or never kept
    NO_PICTURE_IN_MESSAGE = "no-picture-in-message"
    MOVING_STICKER = "moving-sticker"  # a drawing, which no picture is in
    # A question about a photo.
    QUESTION_EMPTY = "question-empty"
    QUESTION_TOO_LONG = "question-too-long"  # characters
    # Limits and outages.
    QUEUE_FULL = "queue-full"
    PERSON_BUSY = "person-busy"
    SLOW_DOWN = "slow-down"
    TOO_MANY_PHOTOS = "too-many-photos"
    QUEUE_UNAVAILABLE = "queue-unavailable"
    CHOICES_UNAVAILABLE = "choices-unavailable"
    NOT_ADMITTED = "not-admitted"
    PAUSED = "paused"  # by an owner
    # It was accepted and then went wrong; the worker's `Failure`, value for value.
    BAD_PHOTO = "bad_photo"
    GAVE_UP = "gave_up"
    INTERNAL = "internal"
    NOT_OFFERED = "not_offered"


# The statuses of problem documents, for what the HTTP interface can meet.
_HTTP: dict[RefusalCode, int] = {
    RefusalCode.EMPTY: 400,
    RefusalCode.NOT_AN_IMAGE: 400,
    RefusalCode.QUESTION_EMPTY: 400,
    RefusalCode.NOT_OFFERED: 409,
    RefusalCode.QUESTION_TOO_LONG: 413,
    RefusalCode.TOO_LARGE: 413,
    RefusalCode.UNSUPPORTED: 415,
    RefusalCode.BAD_PHOTO: 422,
    RefusalCode.DAMAGED: 422,
    RefusalCode.TOO_MANY_PIXELS: 422,
    RefusalCode.TOO_SLOW: 422,
    RefusalCode.TOO_SMALL: 422,
    RefusalCode.PERSON_BUSY: 429,
    RefusalCode.SLOW_DOWN: 429,
    RefusalCode.INTERNAL: 500,
    RefusalCode.GAVE_UP: 503,
    RefusalCode.PAUSED: 503,
    RefusalCode.QUEUE_FULL: 503,
    RefusalCode.QUEUE_UNAVAILABLE: 503,
}


class Refusal(Exception):
    """A request that is refused; its text is the sentence in English.

    `args_for_text` fill the sentence's placeholders. `retry_after` is in seconds.
    """

    def __init__(
        self, code: RefusalCode, *, retry_after: float | None = None, **args_for_text: str | int
    ) -> None:
        if retry_after is not None:
            args_for_text["seconds"] = max(1, math.ceil(retry_after))
        super().__init__(say(code, ENGLISH, **args_for_text))
        self.code = code
        self.retry_after = retry_after
        self.args_for_text = args_for_text

    @classmethod
    def with_figures(cls, code: str, figures: Mapping[str, str | int]) -> Self:
        """A refusal as another process tells it. Raises ValueError if that makes no sense."""
        try:
            return cls(RefusalCode(code), retry_after=None, **figures)
        except (KeyError, TypeError) as error:
            raise ValueError("a refusal whose figures do not fit") from error

    @classmethod
    def of_failure(cls, failure: Failure) -> Self:
        """The refusal for what a worker could not caption."""
        return cls(RefusalCode(failure.value))

    @property
    def message(self) -> str:
        """The sentence in English."""
        return str(self)

    def text(self, lang: str | None) -> str:
        """The sentence in a person's language."""
        return say(self.code, lang, **self.args_for_text)


def http_code(code: RefusalCode) -> str:
    """A code as the HTTP interface spells it."""
    return code.value.replace("-", "_")


def http_kinds() -> dict[str, tuple[int, str]]:
    """The status and the text of each refusal that the HTTP interface can meet, by its code."""
    return {http_code(code): (status, code.value) for code, status in _HTTP.items()}


def too_large(limit: int) -> Refusal:
    """The refusal of a file of more than `limit` bytes."""
    return Refusal(RefusalCode.TOO_LARGE, limit=max(1, limit // 1_000_000))
