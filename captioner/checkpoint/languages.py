"""What a checkpoint says of its further languages, those beside the one of its first decoder.

Languages that share a decoder's core (everything that does not depend on the words) are a group.
The tensors `decoders.GROUP.NAME` are the core's, `languages.CODE.NAME` a language's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field, StringConstraints
from pydantic.dataclasses import dataclass as checked

from captioner.capabilities import MAX_LANGUAGES
from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.configs import is_of_the_words

D = TypeVar("D")

MAX_FURTHER = MAX_LANGUAGES - 1
Group = Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9_-]{0,31}\z")]
LengthPower = Annotated[float, Field(ge=0, le=2)]  # see `SearchConfig`
Line = Annotated[str, StringConstraints(pattern=r"\A[^\x00-\x1f\x7f]{1,300}\z")]


@checked(frozen=True)
class Source:
    """Where captions came from that a language was learned from."""

    name: Line
    licence: Line


@checked(frozen=True)
class LanguageDocument:
    """A language in the metadata's JSON."""

    decoder: Group  # the group that it belongs to
    vocabulary: tuple[str, ...]
    function_words: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()
    length_power: LengthPower | None = None
    calibration: Calibration | None = None
    scores: dict[str, Any] = field(default_factory=dict)
    sources: Annotated[tuple[Source, ...], Field(max_length=50)] = ()


@dataclass(frozen=True)
class Language(Generic[D]):
    """A further language of a checkpoint; how its decoder is held depends on who reads it."""

    decoder: D
    vocabulary: Vocabulary
    group: str  # of languages that share a decoder's core
    length_power: float | None = None  # where captions should be longer or shorter than usual
    calibration: Calibration | None = None  # of its confidence
    scores: dict[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


def tensor_name(code: str, group: str, name: str) -> str:
    """How the file calls a tensor of a language's decoder."""
    return f"languages.{code}.{name}" if is_of_the_words(name) else f"decoders.{group}.{name}"
