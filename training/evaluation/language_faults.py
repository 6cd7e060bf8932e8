"""Faults of language that a caption can have whatever the photo shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from captioner.language.articles import with_right_articles
from captioner.language.endings import breaks_off
from captioner.language.word_families import repeated


class LanguageFault(StrEnum):
    """A kind of fault."""

    REPEATED = "a content word twice"
    ARTICLE = "a or an, where it is the other"
    ENDING = "breaks off"


@dataclass(frozen=True, slots=True)
class LanguageFaults:
    """Shares of captions, 0…1."""

    repeated: float
    wrong_articles: float
    bad_endings: float
    any: float


def language_faults(captions: Sequence[Sequence[str]], known: Collection[str]) -> LanguageFaults:
    """How many of the captions, each given as its tokens, have which fault; at least one caption.

    `known` are words of the language, by which plurals are told from verbs and other words.
    """
    found = [faults_of(words, known) for words in captions]
    return LanguageFaults(
        repeated=sum(LanguageFault.REPEATED in own for own in found) / len(found),
        wrong_articles=sum(LanguageFault.ARTICLE in own for own in found) / len(found),
        bad_endings=sum(LanguageFault.ENDING in own for own in found) / len(found),
        any=sum(bool(own) for own in found) / len(found),
    )


def faults_of(words: Sequence[str], known: Collection[str]) -> set[LanguageFault]:
    """The faults of one caption."""
    faults = {
        LanguageFault.REPEATED: bool(repeated(words, known)),
        LanguageFault.ARTICLE: with_right_articles(words) != list(words),
        LanguageFault.ENDING: breaks_off(words),
    }
    return {fault for fault, there in faults.items() if there}
