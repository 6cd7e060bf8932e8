"""What models are asked that follow prompts, for each purpose and language: `prompts.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from captioner.base import LENGTHS, QUESTION
from captioner.capabilities import MAX_LANGUAGES, Code
from captioner.errors import UsageError

_MOST_BYTES = 200_000
_HERE = "{question}"
_Text = Annotated[str, Field(min_length=1, max_length=4000)]
_FILE: TypeAdapter[dict[str, dict[str, str]]] = TypeAdapter(
    dict[str, Annotated[dict[Code, _Text], Field(max_length=MAX_LANGUAGES)]]
)


@dataclass(frozen=True)
class Prompts:
    """The texts by purpose and language; every purpose has the same languages."""

    texts: Mapping[str, Mapping[str, str]]
    mark: str = ""  # another one for each file of an operator's

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are prompts in."""
        return tuple(self.texts[QUESTION])

    def text(self, purpose: str, language: str, *, question: str = "") -> str:
        """What to ask for a length, or to answer a question.

        Raises KeyError for an unknown language.
        """
        return self.texts[purpose][language].replace(_HERE, question)


@cache
def shipped_prompts() -> Prompts:
    """Those that come with CaptionBot."""
    file = resources.files(__package__) / "prompts.toml"
    return Prompts(tomllib.loads(file.read_text(encoding="utf-8")))


def read_prompts(path: Path | None) -> Prompts:
    """Those of an operator's file, which has some texts or languages; the others are ours.

    Raises UsageError, with a sentence, if the file is none.
    """
    ours = shipped_prompts()
    if path is None:
        return ours
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            raise _wrong(path, f"it is larger than {_MOST_BYTES // 1000} kB")
        given = _FILE.validate_python(tomllib.loads(data.decode("utf-8")))
    except OSError as error:
        raise _wrong(path, f"it cannot be read ({error.strerror})") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))[:80]
        raise _wrong(path, f"{place}: {first['msg']}") from error
    except ValueError as error:
        raise _wrong(path, f"it is no TOML ({type(error).__name__})") from error
    purposes = (*LENGTHS, QUESTION)
    if unknown := sorted(given.keys() - set(purposes)):
        raise _wrong(path, f"[{unknown[0][:40]}] is none of {', '.join(purposes)}")
    texts = {purpose: {**ours.texts[purpose], **given.get(purpose, {})} for purpose in purposes}
    for language in {code for own in texts.values() for code in own}:
        for purpose, own in texts.items():
            if language not in own:
                raise _wrong(path, f"[{purpose}] has no text in {language}, as another has")
        if _HERE not in texts[QUESTION][language]:
            raise _wrong(path, f"[{QUESTION}] {language}: there is no {_HERE} in it")
    return Prompts(texts, hashlib.sha256(data).hexdigest()[:8])


def _wrong(path: Path, why: str) -> UsageError:
    return UsageError(f"CAPTIONBOT_MODEL_PROMPTS: {path}: {why}; see docs/models.md")
