"""What a conversation is made of: a request, a ticket for it, where its reply goes, and the reply.

Nothing here knows a platform. A platform adds to `Place` what it needs to find the chat again.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from bot.chat.media import Manifest, Source, Still, decode
from bot.locales import ENGLISH, say
from bot.media.sanitizer import CleanPhoto
from captioner.queue.messages import MAX_PHOTOS, Context, Length, Output

PARTS = "written_parts"  # in a job's context: its manifest


class Action(StrEnum):
    """What people can ask about a photo; written in buttons and in the contexts of jobs."""

    CAPTION = "caption"
    ATTENTION_GIF = "attention_gif"
    ATTENTION_SHEET = "attention_sheet"
    OTHERS = "others"  # the captions that came after the best
    SPEECH = "speech"  # the caption, read aloud
    ALT = "alt"  # a text for screen readers, to copy
    QUESTION = "question"  # the answer to a question about it

    @property
    def output(self) -> Output:
        """What a worker has to make for it."""
        return _OUTPUTS.get(self, Output.CAPTION)

    @property
    def private(self) -> bool:
        """Whether only the person who asked is to see what comes of it."""
        return self in _PRIVATE

    @property
    def aloud(self) -> bool:
        """Whether it is also read aloud to those who want that."""
        return self in _ALOUD


_OUTPUTS = {
    Action.ATTENTION_GIF: Output.ATTENTION_GIF,
    Action.ATTENTION_SHEET: Output.ATTENTION_SHEET,
}
_PRIVATE = {Action.OTHERS, Action.SPEECH, Action.ALT}
_ALOUD = {Action.CAPTION, Action.QUESTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one person asks about a photo, an album or a video."""

    media: tuple[Source, ...] = field(repr=False)  # foreign and untrusted, unless it is clean
    person: str  # the platform's id of the person; leaves the service only as a keyed hash
    dedupe: str  # the same key twice is one job (a platform delivers updates more than once)
    context: Context = field(default_factory=dict)  # whatever the adapter needs to answer
    output: Output = Output.CAPTION
    chat: str = ""  # the platform's id of the chat, for its limits; leaves as a keyed hash
    moment: int = 0  # of a video: which of its photos is to be drawn
    moments: int = MAX_PHOTOS  # photos of a video that comes with others
    language: str | None = None  # that captions are wanted in; None: English
    length: Length = Length.SHORT
    question: str | None = None  # about the photo: see `bot.chat.questions`


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a sound to send, with what a screen reader says in its place."""

    name: str  # of the file: its ending says what it is
    data: bytes = field(repr=False)
    alt: str = field(repr=False)
    spoiler: bool = False  # to be covered

    @property
    def kind(self) -> str:
        """The MIME type."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The request is on its way; the answer comes through `CaptionService.replies`."""

    job_id: str
    ahead: int = 0  # jobs in front of it
    duplicate: bool = False  # already accepted before: say nothing
    waking: bool = False  # no worker is ready yet, but one is loading its model
    photos: tuple[CleanPhoto, ...] = ()  # the small JPEGs that are captioned
    spoilers: tuple[bool, ...] = ()  # of each photo, whether it was covered

    @property
    def photo(self) -> CleanPhoto | None:
        """The first photo that is captioned."""
        return self.photos[0] if self.photos else None

    def shown(self, lang: str | None) -> tuple[Media, ...]:
        """The photos, for where nobody else would see them."""
        shown, count = [], len(self.photos)
        for number, (photo, spoiler) in enumerate(zip(self.photos, self.spoilers, strict=False), 1):
            name = "photo.jpg" if number == 1 else f"photo-{number}.jpg"
            text_id = "alt-photo" if count == 1 else "alt-photo-number"
            alt = say(text_id, lang, number=number, count=count)
            shown.append(Media(name, photo.jpeg, alt, spoiler))
        return tuple(shown)

    def notice(self, lang: str | None) -> str | None:
        """What there is to say about when the answer will come."""
        if self.waking:
            return say("waking", lang)
        return say("waiting", lang, ahead=self.ahead) if self.ahead > 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an answer goes, to whom and in which form; travels with a job as its context."""

    person: int | str = 0  # who asked; 0 where that is not known
    lang: str | None = ENGLISH
    captions: str = ""  # the language that captions are wanted in; "": the one of `lang`
    wish: Action = Action.CAPTION
    voice: bool = False  # the person wants captions read aloud as well
    length: Length = Length.SHORT  # of the caption
    question: str = ""  # about the photo; "": it is to be captioned
    unasked: bool = False  # a chat where every photo is answered
    written_parts: str = ""  # what the photos are: see `bot.chat.media`

    def to_context(self) -> Context:
        """The place as a job carries it."""
        return asdict(self) | {"wish": self.wish.value, "length": self.length.value}

    @classmethod
    def from_context(cls, context: Context) -> Self:
        """The place that a job's context names. Raises ValueError for anything else."""
        try:
            place: Self = _adapter(cls).validate_json(json.dumps(context), strict=True)  # type: ignore[arg-type]  # a class can be hashed
        except ValidationError:  # whose text would show the context, and a token in it
            raise ValueError("a context that names no place here") from None
        decode(place.written_parts)
        return place

    @property
    def parts(self) -> Manifest:
        """What the answer is about."""
        return decode(self.written_parts)

    @property
    def one_photo(self) -> bool:
        """Whether the answer is about one photo alone."""
        parts = self.parts
        return len(parts) == 1 and isinstance(parts[0], Still)

    @property
    def in_company(self) -> bool:
        """Whether others than the person who asked see the answer."""
        return True


@cache
def _adapter(kind: type[Place]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@dataclass(frozen=True, slots=True)
class Look:
    """A photo that can be looked at more closely."""

    photo: int = 0  # which of the job's photos
    at: int = 0  # which of the request's attachments
    moment: int | None = None  # of a video: which of its moments
    label: str = ""  # what tells it from the others; "" where there is one photo alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, before a platform gives it a form; see below for what is covered."""

    text: str
    lang: str | None = ENGLISH
    language: str = ENGLISH  # of the captions in it
    media: Media | None = None
    looks: tuple[Look, ...] = ()
    attention: bool = True  # whether the model can show where it looked
    others: bool = True  # whether there are other captions
    copies: tuple[str, ...] = ()  # alt texts, each to be copied by itself
    spoken: tuple[str, ...] = ()  # sentences to read aloud, in the language of the captions


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: a platform's button, or what a person types."""

    label: str
    argument: str  # of the command
    command: str = "language"
    wide: bool = False  # in a line of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandReply:
    """What a command says. The other fields are for platforms that can do more than write."""

    text: str
    lang: str | None = None
    table: tuple[str, ...] | None = None  # lines below the text; None where there is no table
    ask: str = ""  # what is asked above the choices
    choices: tuple[Choice, ...] = ()
    aloud: str = ""  # a sentence to be heard as well
    aloud_language: str = ENGLISH
    question: str = ""  # what is asked, for buttons of yes and no to carry

    @property
    def whole(self) -> str:
        """The text with what is asked and the lines below it."""
        text = "\n".join(filter(None, (self.text, self.ask)))
        return text if self.table is None else "\n".join((text, *(self.table or "–")))


# --- covered text: what is said of a photo that was sent so
#
# Within a `Reply` it stands between two signs that no keyboard has. A platform turns those into its
# own kind of cover when it sends the text, after it was cut: what is cut off stays covered.

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # noncharacters: Unicode keeps them for a program's own use
_SIGNS = re.compile(f"[{_OPEN}{_CLOSE}]")


def covered(text: str) -> str:
    """The text as one that is covered."""
    return f"{_OPEN}{bare(text)}{_CLOSE}" if text else text


def bare(text: str) -> str:
    """The text with nothing covered."""
    return _SIGNS.sub("", text)


def cut(text: str, limit: int) -> str:
    """The text, not longer than a platform takes."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """What a text is made of, in order, and whether each piece is covered; none is empty.

    One that is begun and not ended goes on until the text ends.
    """
    depth = 0
    for piece in re.split(f"({_SIGNS.pattern})", text):
        if piece == _OPEN:
            depth = 1
        elif piece == _CLOSE:
            depth = 0
        elif piece:
            yield piece, bool(depth)


def shown(text: str, fence: str) -> str:
    """The text with its covered pieces between two fences, as in `||…||`."""
    return "".join(f"{fence}{piece}{fence}" if hidden else piece for piece, hidden in pieces(text))
