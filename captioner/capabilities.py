"""What an engine can do. Workers tell it to the bots, so nothing heavy is imported here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

MAX_LANGUAGES = 40
MAX_LENGTHS = 8
MAX_HOSTS = 8
MAX_JSON_BYTES = 4096

Code = Annotated[str, Field(pattern=r"\A[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\z")]  # as in BCP 47
Name = Annotated[str, Field(pattern=r"\A[a-z][a-z_]{0,31}\z")]
Host = Annotated[str, Field(pattern=r"\A[a-z0-9:][a-z0-9.:-]{0,252}\z")]


class CapabilitiesError(ValueError):
    """Something is not the capabilities of an engine; the message says why."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do; raises pydantic's ValidationError, a ValueError, for nonsense."""

    languages: Annotated[tuple[Code, ...], Field(min_length=1, max_length=MAX_LANGUAGES)]
    attention: bool  # says where it looked for each word
    confidence: bool  # says how sure it is
    questions: bool  # answers questions about a photo
    lengths: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MAX_LENGTHS)]
    alternatives: bool = True  # gives several captions of a photo
    # Hosts outside of the operator's network that it sends photos to.
    sends_photos_to: Annotated[tuple[Host, ...], Field(max_length=MAX_HOSTS)] = ()

    @property
    def language(self) -> str:
        """The language of captions where nobody asks for another: the first one."""
        return self.languages[0]

    def to_json(self) -> str:
        """As one line of JSON."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Capabilities:
        """What `to_json` wrote; fields of newer versions are passed over.

        Raises CapabilitiesError for anything else.
        """
        if len(text) > MAX_JSON_BYTES:
            raise CapabilitiesError(f"capabilities of more than {MAX_JSON_BYTES} bytes")
        try:
            return _READER.validate_json(text, strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise CapabilitiesError(f"capabilities: {place}: {first['msg']}") from error

    @classmethod
    def of_all(cls, workers: Sequence[Capabilities]) -> Capabilities:
        """What at least one of several workers can do; the default language is the first one's."""
        return cls(
            languages=_each(code for one in workers for code in one.languages)[:MAX_LANGUAGES],
            attention=any(one.attention for one in workers),
            confidence=any(one.confidence for one in workers),
            questions=any(one.questions for one in workers),
            lengths=_each(name for one in workers for name in one.lengths)[:MAX_LENGTHS],
            alternatives=any(one.alternatives for one in workers),
            sends_photos_to=_each(host for one in workers for host in one.sends_photos_to)[
                :MAX_HOSTS
            ],
        )


def _each(names: Iterable[str]) -> tuple[str, ...]:
    """The names without repetitions."""
    return tuple(dict.fromkeys(names))


_READER = TypeAdapter(Capabilities)

# What workers can do whose version does not declare it yet.
UNDECLARED = Capabilities(
    languages=("en",), attention=True, confidence=True, questions=False, lengths=("short",)
)
