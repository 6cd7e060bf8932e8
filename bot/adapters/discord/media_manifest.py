"""What the photos of a job are to the person who sent them; travels as text in its context."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

Position = Annotated[int, Field(ge=0, le=99)]
Seconds = Annotated[FiniteFloat, Field(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One photo; `at` is the place of its attachment among those of the message."""

    kind: Literal["still"] = "still"
    at: Position = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A photo out of a video: which of its moments, and when."""

    number: Position
    seconds: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A moving picture: as many photos as it has moments."""

    kind: Literal["film"] = "film"
    at: Position
    moments: tuple[Moment, ...]
    duration: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An attachment of which there is no photo: the text that says why, and its figures."""

    kind: Literal["refusal"] = "refusal"
    code: str
    args: dict[str, str | int] = field(default_factory=dict)


Part = Annotated[Still | Film | Refusal, Field(discriminator="kind")]
_PARTS: TypeAdapter[tuple[Part, ...]] = TypeAdapter(tuple[Part, ...])
ONE_PHOTO: tuple[Part, ...] = (Still(),)


def count(parts: tuple[Part, ...]) -> int:
    """The photos that parts stand for."""
    return sum(len(photos_of(part)) for part in parts)


def photos_of(part: Part) -> tuple[Still, ...] | tuple[Moment, ...]:
    """One for each photo of a part."""
    match part:
        case Still():
            return (part,)
        case Film():
            return part.moments
        case Refusal():
            return ()


def encode(parts: tuple[Part, ...]) -> str:
    """Parts as text; nothing for the usual case of one photo."""
    return "" if parts == ONE_PHOTO else _PARTS.dump_json(parts).decode()


def decode(written: str) -> tuple[Part, ...]:
    """The parts in a text. Raises ValueError for what is none of ours."""
    if not written:
        return ONE_PHOTO
    try:
        return _PARTS.validate_json(written, strict=True)
    except ValidationError as error:
        raise ValueError("a context whose parts are no parts") from error
