"""The messages on the wire between bots and workers, and their versioned encoding.

A message is a flat mapping of byte strings, which is what a Redis stream entry holds:
`v` (wire version), `body` (JSON) and, where there is one, `blob` (a JPEG or a GIF). No pickle.

Two versions work together while an installation is updated. A change of the format must raise
WIRE_VERSION, must still read the version before, and must answer a job in the job's version. `v`,
the JSON and the fields that `unreadable_reply` reads never change.

Version 2 added `language`, `length` and `question` to jobs, and `language` to replies. In replies
the `confidence` may be null since, and a failure `not_offered`.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from typing import Annotated, Any, TypeVar

import pydantic
from pydantic import FiniteFloat, TypeAdapter

WIRE_VERSION = 2  # that this process writes, and the newest that it reads
OLDEST_WIRE_VERSION = 1  # that it still reads
MAX_BLOB_BYTES = 4 * 1024 * 1024
MAX_BODY_BYTES = 1024 * 1024
MAX_PHOTOS = 10  # of one job: a chat's album is never larger
MAX_QUESTION = 300  # characters
_LENGTH_POWER = 0.7  # of workers that send no score
UNSURE_BELOW = 0.5  # of a reply's confidence: below it, a caption is likelier wrong than right

M = TypeVar("M")
Context = dict[str, str | int | FiniteFloat | bool | None]
# Checked on the wire:
Count = Annotated[int, pydantic.Field(ge=1, le=100)]
Language = Annotated[str, pydantic.Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
Question = Annotated[
    str, pydantic.Field(min_length=1, max_length=MAX_QUESTION, pattern=r"^[^\p{Cc}]*$")
]


class WireError(ValueError):
    """Bytes that are not a message in a version that this process understands."""


class NewerWireError(WireError):
    """A message of a newer version; this process is too old to read it."""


def is_unsure(confidence: float | None) -> bool:
    """Whether people are told that a caption may not fit; never where the model does not say."""
    return confidence is not None and confidence < UNSURE_BELOW


class Output(StrEnum):
    """What the person asked for."""

    CAPTION = "caption"
    ATTENTION_GIF = "attention_gif"  # an animation, one frame a word
    ATTENTION_SHEET = "attention_sheet"  # a still PNG, one panel a word


class Length(StrEnum):
    """How much the caption says."""

    SHORT = "short"  # one sentence
    ALT = "alt"  # an alt text
    LONG = "long"  # a longer description


class Failure(StrEnum):
    """Why a job was not captioned. The bot has a sentence for each."""

    BAD_PHOTO = "bad_photo"  # the JPEG does not decode: intake and worker disagree
    GAVE_UP = "gave_up"  # delivered too often without being finished
    INTERNAL = "internal"  # an error of ours; the log has it
    NOT_OFFERED = "not_offered"  # the worker's model cannot do what was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionJob:
    """One photo to caption, and where the answer goes."""

    adapter: str  # name of the reply stream: "telegram", "discord", "web.INSTANCE"
    photo: bytes  # the small JPEG that intake made, never the original
    more_photos: tuple[bytes, ...] = ()  # of an album or a video: one answer each, in one reply
    dedupe: str  # the same key twice within a day is one job: "telegram:CHAT:MESSAGE:caption"
    person: str  # opaque: counts what one person has in flight
    context: Context = field(default_factory=dict)  # the adapter's own; comes back in the reply
    output: Output = Output.CAPTION
    beam_size: Count = 5
    n_best: Count = 3
    language: Language | None = None  # of the captions; None: the model's own
    length: Length = Length.SHORT
    question: Question | None = None  # about the photo, in plain text
    cache_key: str = ""  # keyed hash of photo and options; "" is never cached
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    # Both come back in the reply; versions that do not know them pass over them.
    trace: str = ""  # a W3C traceparent, where the bot traces its requests
    began: FiniteFloat = 0.0  # when the bot got the request, by its own clock: seconds since 1970
    version: int = field(default=0, compare=False)  # as read; 0: WIRE_VERSION. Its reply's, too

    @property
    def photos(self) -> tuple[bytes, ...]:
        """All its photos, the first one first."""
        return (self.photo, *self.more_photos)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a caption, how likely it was, and where the model looked for it."""

    text: str
    log_prob: FiniteFloat
    attention: tuple[FiniteFloat, ...] = ()  # weights alpha over the grid, row by row; sum 1
    # Of words of content in the best caption, where the model is calibrated for it:
    certainty: FiniteFloat | None = None  # 0…1, that a person who looks would use the word too
    sure: bool | None = None  # whether that is enough to rely on


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A sentence about a photo."""

    text: str
    log_prob: FiniteFloat  # of the whole sentence, its end included
    score: FiniteFloat | None = None  # what captions are ranked by; None: the worker is older
    words: tuple[Word, ...] = ()  # with attention for the best caption only, where asked

    @property
    def rank(self) -> float:
        """What captions of a photo are ranked by, the greater the likelier."""
        if self.score is not None:
            return self.score
        length: int = len(self.words) + 1
        return self.log_prob / math.pow(length, _LENGTH_POWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What there is to say of one photo: captions, best first, or a failure."""

    captions: tuple[Caption, ...] = ()
    confidence: FiniteFloat | None = 0.0  # 0…1; None: the model does not say
    grid: tuple[int, int] = (0, 0)  # rows and columns of the attention weights
    failure: Failure | None = None

    def __post_init__(self) -> None:
        if self.failure is None and not self.captions:
            raise ValueError("an answer needs captions or a failure")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionReply:
    """The answer to a job: captions, best first, or a failure.

    These are of the job's first photo; `more` has the answers for its `more_photos`, in order.
    """

    job_id: str
    adapter: str
    context: Context = field(default_factory=dict)
    output: Output = Output.CAPTION
    # These two are the job's. From here on a message is the same for whoever gets this answer,
    # which saves sending it twice where it is also cached.
    trace: str = ""
    began: FiniteFloat = 0.0
    captions: tuple[Caption, ...] = ()
    confidence: float | None = 0.0  # 0…1; None: the model does not say
    grid: tuple[int, int] = (0, 0)  # rows and columns of the attention weights
    more: tuple[Answer, ...] = ()
    media: bytes = b""  # the GIF or PNG asked for, of the first photo
    media_type: str = ""
    failure: Failure | None = None
    model: str = ""
    language: Language | None = None  # of the captions; None: the worker does not say
    version: int = field(default=0, compare=False)  # as its job's

    def __post_init__(self) -> None:
        if self.failure is None and not self.captions:
            raise ValueError("a reply needs captions or a failure")
        if self.confidence is not None and not math.isfinite(self.confidence):
            raise ValueError("confidence must be a finite number")

    @property
    def answers(self) -> tuple[Answer, ...]:
        """One answer a photo, in order; only the first where the whole job failed."""
        first = Answer(
            captions=self.captions,
            confidence=self.confidence,
            grid=self.grid,
            failure=self.failure,
        )
        return (first, *self.more)


_JOB: TypeAdapter[CaptionJob] = TypeAdapter(CaptionJob)
_REPLY: TypeAdapter[CaptionReply] = TypeAdapter(CaptionReply)
_BODY: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
Fields = Mapping[bytes, bytes]
_SINCE_2 = {"language", "length", "question"}


def encode_job(job: CaptionJob) -> dict[bytes, bytes]:
    """The job as fields of a stream entry; raises WireError if it could not be read there.

    The blob holds all photos, one behind the other; `sizes` in the body tells them apart.
    """
    photos = job.photos
    if len(photos) > MAX_PHOTOS:
        raise WireError(f"{len(photos)} photos in one job; {MAX_PHOTOS} is the most")
    values = _values(_JOB, job)
    del values["photo"], values["more_photos"]
    values["sizes"] = [len(photo) for photo in photos]
    return _fields(values, b"".join(photos))


def decode_job(fields: Fields) -> CaptionJob:
    """The job in a stream entry's fields; raises WireError for anything else."""
    values, blob = _parsed(fields)
    sizes = values.pop("sizes", None)
    if not isinstance(sizes, list) or not all(type(n) is int and n >= 0 for n in sizes):
        raise WireError("a job without the sizes of its photos")
    if not 1 <= len(sizes) <= MAX_PHOTOS or sum(sizes) != len(blob):
        raise WireError("a job whose photos are not those announced")
    photos = [blob[end - size : end] for size, end in zip(sizes, accumulate(sizes), strict=True)]
    return _validated(_JOB, values | {"photo": photos[0], "more_photos": tuple(photos[1:])})


def encode_reply(reply: CaptionReply) -> dict[bytes, bytes]:
    """The reply as fields of a stream entry; raises WireError if it could not be read there."""
    values = _values(_REPLY, reply)
    for answer in (values, *values["more"]):
        for word in (word for caption in answer["captions"] for word in caption["words"]):
            for name in ("certainty", "sure"):
                if word[name] is None:  # as of most words
                    del word[name]
        # What version 1 cannot read becomes the nearest that it can: no doubt, and a failure.
        if reply.version == 1 and answer["confidence"] is None:
            answer["confidence"] = 1.0
        if reply.version == 1 and answer["failure"] == Failure.NOT_OFFERED:
            answer["failure"] = Failure.INTERNAL
    return _fields(values, values.pop("media"))


def decode_reply(fields: Fields) -> CaptionReply:
    """The reply in a stream entry's fields; raises WireError for anything else."""
    values, blob = _parsed(fields)
    return _validated(_REPLY, values | {"media": blob})


def unreadable_reply(fields: Fields, failure: Failure) -> CaptionReply | None:
    """A failure reply for the receiver of a message (job or reply) of any version.

    None if the receiver cannot be read.
    """
    body = fields.get(b"body", b"")
    try:
        values = _BODY.validate_json(body if len(body) <= MAX_BODY_BYTES else b"")
        output = values.get("output")
        return _REPLY.validate_python({
            "job_id": values.get("job_id", values.get("id")),
            "adapter": values.get("adapter"),
            "context": values.get("context"),
            "output": output if output in set(Output) else Output.CAPTION,
            "failure": failure,
            "version": min(_version(fields), WIRE_VERSION),
        })  # fmt: skip
    except (ValueError, TypeError):
        return None


def _values(adapter: TypeAdapter[M], message: M) -> dict[str, Any]:
    """The values of a message that whoever reads it will find valid."""
    try:
        values: dict[str, Any] = adapter.dump_python(message, warnings="error")
        adapter.validate_python(values)
    except ValueError as error:
        raise WireError(f"not a message that can be written: {type(error).__name__}") from error
    return values


def _fields(values: dict[str, Any], blob: bytes) -> dict[bytes, bytes]:
    """A stream entry in the version that the message names."""
    version = values.pop("version") or WIRE_VERSION
    if version < 2:
        for name in _SINCE_2 & values.keys():
            del values[name]
    try:
        body = _BODY.dump_json(values)
    except ValueError as error:
        raise WireError(f"not a message that can be written: {type(error).__name__}") from error
    _check_size(body, blob)
    return {b"v": str(version).encode(), b"body": body, b"blob": blob}


def _parsed(fields: Fields) -> tuple[dict[str, Any], bytes]:
    number = _version(fields)
    if number > WIRE_VERSION:
        raise NewerWireError(f"wire version {number}; this process speaks {WIRE_VERSION}")
    if number < OLDEST_WIRE_VERSION:
        version = fields.get(b"v", b"")[:20]
        raise WireError(f"wire version {version!r}; this process speaks {WIRE_VERSION}")
    body, blob = fields.get(b"body", b""), fields.get(b"blob", b"")
    _check_size(body, blob)
    try:
        values = _BODY.validate_json(body)
    except ValueError as error:  # pydantic's ValidationError is one
        raise WireError(f"not a message of ours: {type(error).__name__}") from error
    if number < 2:  # what such names meant was nothing yet
        values = {name: value for name, value in values.items() if name not in _SINCE_2}
    return values | {"version": number}, blob


def _version(fields: Fields) -> int:
    """The version that a message names; 0 for what is none."""
    version = fields.get(b"v", b"")[:20]
    return int(version) if version.isdigit() and not version.startswith(b"0") else 0


def _validated(adapter: TypeAdapter[M], values: dict[str, Any]) -> M:
    try:
        return adapter.validate_python(values)
    except ValueError as error:
        raise WireError(f"not a message of ours: {type(error).__name__}") from error


def _check_size(body: bytes, blob: bytes) -> None:
    if len(body) > MAX_BODY_BYTES or len(blob) > MAX_BLOB_BYTES:
        raise WireError(f"message too large: {len(body)} + {len(blob)} bytes")
