"""What models are asked that follow prompts, in each language; the texts are in `prompts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

QUESTION = "question"
# Tokens that an answer may take; models that are cut off say half a sentence.
MOST_TOKENS = {"short": 80, "alt": 160, "long": 500, QUESTION: 300}
MOST_CHARACTERS = {"short": 300, "alt": 600, "long": 2000, QUESTION: 1200}
LENGTHS = ("short", "alt", "long")


def prompt(purpose: str, language: str, *, question: str = "") -> str:
    """What to ask for a length or to answer a question; raises KeyError for an unknown language."""
    return _texts()[purpose][language].replace("{question}", question)


def prompt_languages() -> tuple[str, ...]:
    """The languages that there are prompts in."""
    return tuple(_texts()["short"])


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    file = resources.files(__package__) / "prompts.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
