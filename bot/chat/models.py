"""What adapters and the desk hand each other: a request, a ticket for it, or a refusal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.locales import ENGLISH, say
from bot.media.sanitizer import CleanPhoto
from captioner.queue.messages import CaptionReply, Context, Output

_PLACES = "places"  # in a job's context: which photos of an album are on the queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one person asks about one photo, or about an album."""

    # As it came: foreign, untrusted. Or what an earlier ticket brought: that is clean already.
    photo: bytes | CleanPhoto = field(repr=False)
    person: str  # the platform's id of the person; leaves the desk only as a keyed hash
    dedupe: str  # the same key twice is one job (a platform delivers updates more than once)
    context: Context = field(default_factory=dict)  # whatever the adapter needs to answer
    output: Output = Output.CAPTION
    more_photos: tuple[bytes | CleanPhoto, ...] = field(default=(), repr=False)  # of an album
    chat: str = ""  # the platform's id of the chat, for its limits; leaves as a keyed hash

    @property
    def photos(self) -> tuple[bytes | CleanPhoto, ...]:
        """All its photos, the first one first."""
        return (self.photo, *self.more_photos)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The request is on its way; the answer comes through `Desk.replies`."""

    job_id: str
    ahead: int = 0  # jobs in front of it
    duplicate: bool = False  # already accepted before: say nothing
    waking: bool = False  # no worker is ready yet, but one is loading its model
    photos: tuple[CleanPhoto, ...] = ()  # the small JPEGs that are captioned
    refused: tuple[tuple[int, Sorry], ...] = ()  # photos of an album that are not: which, and why

    @property
    def photo(self) -> CleanPhoto | None:
        """The first photo that is captioned."""
        return self.photos[0] if self.photos else None


class Sorry(Exception):
    """The request is refused: a `code` that stays the same, and a sentence in English.

    The code is a text id: "queue-full", "person-busy", "queue-unavailable", "slow-down",
    "too-many-photos", "internal", or the value of a `bot.media.sanitizer.Reason`. In a
    person's language the sentence is `say(sorry.code, lang, **sorry.args_for_text)`.
    `retry_after` is in seconds.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        retry_after: float | None = None,
        **args: str | int,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.args_for_text = args


def sorry(
    code: str, args: Mapping[str, str | int] | None = None, *, retry_after: float | None = None
) -> Sorry:
    """A refusal with its sentence filled in."""
    filled = dict(args or {})
    if retry_after is not None:
        filled["seconds"] = max(1, math.ceil(retry_after))
    return Sorry(code, say(code, ENGLISH, **filled), retry_after=retry_after, **filled)


def with_places(context: Context, places: list[int]) -> Context:
    """A job's context that says which photos of the request the job has; see `places_of`."""
    return context | {_PLACES: ",".join(map(str, places))}


def places_of(reply: CaptionReply) -> tuple[int, ...]:
    """For each of `reply.answers`, which photo of the request it is about; 0 is the first.

    They are not simply counted where photos of an album were refused.
    """
    number = len(reply.answers)
    told = str(reply.context.get(_PLACES, ""))
    places = tuple(int(place) for place in told.split(",") if place.isdecimal())
    return places[:number] if len(places) >= number else tuple(range(number))
