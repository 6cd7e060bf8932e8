"""What is attached to a request → clean photos, and a manifest of what each of them is.

One path for a photo, an album and a video. Nothing is fetched before the caption service has
admitted the request.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

from bot.chat.refusals import Refusal, RefusalCode, too_large
from bot.media.sanitizer import CleanPhoto, Intake, VideoIntake
from bot.media.sniff import is_moving
from captioner.queue.messages import MAX_PHOTOS

if TYPE_CHECKING:
    from bot.media.downloads import Downloads

_AT_ONCE = 16  # files of all people that are in memory at a time

_TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)[\s,:–-]+(?=\S)")

Position = Annotated[int, Field(ge=0, le=99)]
Seconds = Annotated[FiniteFloat, Field(ge=0)]


class Attachment(Protocol):
    """A file on a platform's servers; `spoiler`: whoever sent it covered it."""

    @property
    def spoiler(self) -> bool: ...

    def check(self) -> None:
        """Refuse what can be refused without fetching it. Raises Refusal."""

    async def fetch(self) -> bytes:
        """The file as it is there. Raises Refusal."""


def check_any(sources: Sequence[Source]) -> None:
    """Raises Refusal where none of several can be captioned, as far as that shows unfetched."""
    refusals = []
    for one in sources:
        try:
            if isinstance(one, Refusal):
                raise one
            if not isinstance(one, bytes | CleanPhoto):
                one.check()
        except Refusal as refused:
            refusals.append(refused)
    if len(refusals) == len(sources):
        raise refusals[0] if refusals else Refusal(RefusalCode.NO_PICTURE_IN_MESSAGE)


@dataclass(frozen=True, slots=True)
class Link:
    """What a message shows, at an address on the platform's servers; it may be a picture."""

    url: str
    kind: str = ""  # MIME type, as far as it is known
    size: int = 0  # bytes; 0 where the platform does not say
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """What is at an address, as an attachment; `videos` says whether those are captioned."""

    link: Link
    downloads: Downloads
    videos: bool

    @property
    def spoiler(self) -> bool:
        return self.link.spoiler

    def check(self) -> None:
        check_kind(self.link.kind, videos=self.videos)
        if self.link.size > self.downloads.max_bytes:
            raise too_large(self.downloads.max_bytes)

    async def fetch(self) -> bytes:
        return await self.downloads.fetch(self.link.url)


# Bytes that came with the request, a photo that is clean already, or a file that cannot be used.
Source = bytes | CleanPhoto | Attachment | Refusal


# --- the manifest: what the photos of a job are to the person who sent them


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One photo; `at` is its place among the request's attachments. `spoiler`: it was covered."""

    kind: Literal["still"] = "still"
    at: Position = 0
    spoiler: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A photo out of a video: which of its moments, and when."""

    number: Position
    seconds: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A moving picture: as many photos as it has moments."""

    kind: Literal["film"] = "film"
    at: Position
    moments: tuple[Moment, ...]
    duration: Seconds
    spoiler: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Omitted:
    """An attachment of which there is no photo: the code of the refusal, and its figures."""

    kind: Literal["refusal"] = "refusal"
    code: str
    args: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The one of several photos, or of a video's moments, that a question is about."""

    kind: Literal["meant"] = "meant"
    at: Position = 0
    seconds: Seconds | None = None  # of a video: when
    spoiler: bool = False


Part = Annotated[Still | Video | Omitted | Meant, Field(discriminator="kind")]
Manifest = tuple[Part, ...]
ONE_PHOTO: Manifest = (Still(),)
_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(tuple[Part, ...])


def encode(manifest: Manifest) -> str:
    """A manifest as text; nothing for the usual case of one photo."""
    return "" if manifest == ONE_PHOTO else _MANIFEST.dump_json(manifest).decode()


def decode(written: str) -> Manifest:
    """The manifest in a text. Raises ValueError for anything else."""
    if not written:
        return ONE_PHOTO
    try:
        return _MANIFEST.validate_json(written, strict=True)
    except ValidationError:
        raise ValueError("a context whose parts are not a manifest") from None


# --- collecting


@dataclass(frozen=True, slots=True)
class Collected:
    """The photos of a job, at least one, and what each of them is."""

    photos: tuple[CleanPhoto, ...]
    manifest: Manifest

    @property
    def spoilers(self) -> tuple[bool, ...]:
        """Of each photo, whether it was covered."""
        marks: list[bool] = []
        for part in self.manifest:
            if isinstance(part, Still | Meant):
                marks.append(part.spoiler)
            elif isinstance(part, Video):
                marks += [part.spoiler] * len(part.moments)
        return tuple(marks)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one attachment holds; of a video also the times of its photos, and its length."""

    photos: list[CleanPhoto]
    times: list[float] | None = None
    duration: float = 0.0
    spoiler: bool = False


class MediaCollector:
    """Fetches and cleans attachments; `video` watches those that move, if there is one."""

    def __init__(self, sanitizer: Intake, video: VideoIntake | None) -> None:
        self._sanitizer = sanitizer
        self.video = video
        self.max_bytes = sanitizer.max_bytes
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def collect(self, sources: Sequence[Source], *, moments: int = MAX_PHOTOS) -> Collected:
        """What can be captioned. Raises Refusal where that is nothing.

        One of several that cannot be used is a part of its own and spoils none of the others.
        A video that comes with others has at most `moments` photos.
        """
        found = await asyncio.gather(*map(self._found, sources))
        refused = [one for one in found if isinstance(one, Refusal)]
        if len(refused) == len(found):
            raise refused[0] if refused else Refusal(RefusalCode.NO_PICTURE_IN_MESSAGE)
        photos: list[CleanPhoto] = []
        manifest: list[Part] = []
        for at, one in enumerate(found):
            if isinstance(one, Refusal):
                manifest.append(Omitted(code=one.code.value, args=dict(one.args_for_text)))
                continue
            room = MAX_PHOTOS - len(photos) - (len(found) - at - 1)
            part, chosen = _part(at, one, room if len(found) == 1 else min(room, moments))
            manifest.append(part)
            photos += chosen
        return Collected(tuple(photos), tuple(manifest))

    async def one(self, source: Source, moment: int) -> Collected:
        """The photo in an attachment, or one moment of a video. Raises Refusal."""
        found = await self._found(source)
        if isinstance(found, Refusal):
            raise found
        if moment >= len(found.photos):
            raise Refusal(RefusalCode.PHOTO_EXPIRED)
        return Collected((found.photos[moment],), (Still(spoiler=found.spoiler),))

    async def meant(self, sources: Sequence[Source], seconds: float | None) -> Collected:
        """What a question is about: the first attachment that can be used. Raises Refusal.

        Of a video it is the moment at so many `seconds`; without them, its first.
        """
        first: Refusal | None = None
        for at, source in enumerate(sources):
            found = await self._found(source)
            if isinstance(found, Refusal):
                first = first or found
                continue
            times = found.times or [0.0]
            number = max((n for n, time in enumerate(times) if time <= (seconds or 0.0)), default=0)
            part: Part = Still(spoiler=found.spoiler)
            if len(sources) > 1 or len(times) > 1:
                moment = times[number] if len(times) > 1 else None
                part = Meant(at=at, seconds=moment, spoiler=found.spoiler)
            return Collected((found.photos[number],), (part,))
        raise first or Refusal(RefusalCode.NO_PICTURE_IN_MESSAGE)

    async def _found(self, source: Source) -> _Found | Refusal:
        """What there is in an attachment, or why it is left out."""
        if isinstance(source, CleanPhoto):
            return _Found([source])
        if isinstance(source, Refusal):
            return source
        spoiler = not isinstance(source, bytes) and source.spoiler
        try:
            async with self._slots:
                if not isinstance(source, bytes):
                    source.check()
                    source = await source.fetch()
                if self.video is not None and is_moving(source):
                    return replace(await self._watched(self.video, source), spoiler=spoiler)
                return _Found([await self._sanitizer.clean(source)], spoiler=spoiler)
        except Refusal as refused:
            return refused

    async def _watched(self, video: VideoIntake, data: bytes) -> _Found:
        moments = await video.moments(data)
        if not moments:
            raise Refusal(RefusalCode.DAMAGED)
        return _Found(
            [moment.photo for moment in moments],
            [moment.seconds for moment in moments],
            max(moment.end for moment in moments),
        )


def _part(at: int, found: _Found, room: int) -> tuple[Part, list[CleanPhoto]]:
    """A part for what an attachment holds, and its photos: at most `room`, evenly spread."""
    if found.times is None or room == 1:
        return Still(at=at, spoiler=found.spoiler), found.photos[:1]
    step = max(1.0, len(found.times) / room)
    numbers = sorted({int(n * step) for n in range(min(room, len(found.times)))})
    moments = tuple(Moment(number=n, seconds=found.times[n]) for n in numbers)
    part = Video(at=at, moments=moments, duration=found.duration, spoiler=found.spoiler)
    return part, [found.photos[n] for n in numbers]


def moment_in(question: str) -> tuple[float | None, str]:
    """The time that a question about a video begins with, in seconds, and the rest of it.

    "0:07 who is that?" is about what there is to see after seven seconds.
    """
    found = _TIME.match(question)
    if found is None:
        return None, question
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return 3600.0 * hours + 60 * minutes + seconds, question[found.end() :]


# --- kinds of files

_DRAWING = "application/lottie"  # a sticker that is no picture but a program to draw one


def mime(said: str | None) -> str:
    """A MIME type, as somebody says it, without its parameters."""
    return (said or "").split(";")[0].strip().lower()


def check_kind(kind: str, *, videos: bool) -> None:
    """Refuse a MIME type that is no picture; `videos` are taken too. Raises Refusal."""
    family = kind.partition("/")[0]
    if videos and is_video(kind):
        return
    if kind == _DRAWING:
        raise Refusal(RefusalCode.MOVING_STICKER)
    if kind == "image/svg+xml":
        raise Refusal(RefusalCode.UNSUPPORTED, kind="svg")
    if kind == "application/pdf":
        raise Refusal(RefusalCode.UNSUPPORTED, kind="pdf")
    if family in {"video", "audio"}:
        raise Refusal(RefusalCode.UNSUPPORTED, kind=family)
    # Where nothing useful is said, the sanitizer looks at the file itself.
    if family != "image" and kind not in {"", "application/octet-stream"}:
        raise Refusal(RefusalCode.NOT_AN_IMAGE)


def is_video(kind: str) -> bool:
    """Whether a MIME type says that the picture moves: a video or a GIF."""
    return kind == "image/gif" or kind.startswith("video/")


def is_picture(kind: str) -> bool:
    """Whether a MIME type says that it is a picture, moving or not, or at least nothing else."""
    try:
        check_kind(kind, videos=True)
    except Refusal:
        return False
    return True


def shown_in(sources: Iterable[Sequence[Link]]) -> list[Link]:
    """What is meant of several places where a message may show something.

    The pictures of the first that has any, for a file beside them is none of our business; where
    none has, the first file.
    """
    there = [source for source in sources if source]
    for source in there:
        if pictures := [one for one in source if is_picture(one.kind)]:
            return pictures
    return [*there[0][:1]] if there else []
