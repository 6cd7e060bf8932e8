"""The words a model can say, and how they become a sentence again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from captioner.language.agreement import with_agreement
from captioner.language.english import FUNCTION_WORDS, ending, families, family, with_right_articles
from captioner.language.writing import ENGLISH, WRITING
from captioner.model.search_types import Specials

PAD, START, END, UNKNOWN = "<pad>", "<start>", "<end>", "<unk>"
SPECIALS = (PAD, START, END, UNKNOWN)


@dataclass(frozen=True)
class Vocabulary:
    """Words by number. The first four are padding, start, end and unknown, in this order."""

    words: tuple[str, ...]
    language: str = ENGLISH  # what captions are written in
    # Of languages other than English, whose rules are in `captioner.language`:
    function_words: tuple[str, ...] = ()  # words without a content of their own
    repeatable: tuple[str, ...] = ()  # further words that people repeat in a caption

    def __post_init__(self) -> None:
        if self.language not in WRITING:
            known = ", ".join(WRITING)
            raise ValueError(f"captions in {self.language!r} cannot be written; there are {known}")
        if self.words[: len(SPECIALS)] != SPECIALS:
            raise ValueError(f"a vocabulary begins with {' '.join(SPECIALS)}")
        if len(set(self.words)) != len(self.words):
            raise ValueError("a vocabulary holds each word once")
        if any(not w or w != w.strip() or not w.isprintable() for w in self.words):
            raise ValueError("a vocabulary holds printable words without spaces around them")
        if not {*self.function_words, *self.repeatable}.issubset(self.words):
            raise ValueError("function words and repeatable words are words of the vocabulary")

    @classmethod
    def build(
        cls, captions: Iterable[Sequence[str]], *, min_count: int = 5, language: str = ENGLISH
    ) -> Vocabulary:
        """The words that occur at least `min_count` times, the commonest first."""
        counts = Counter(word for caption in captions for word in caption)
        common = [w for w, n in counts.items() if n >= min_count and w not in SPECIALS]
        words = SPECIALS + tuple(sorted(common, key=lambda w: (-counts[w], w)))
        return cls(words, language)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each word."""
        return {word: number for number, word in enumerate(self.words)}

    @property
    def start(self) -> int:
        """The number that every sentence starts from."""
        return SPECIALS.index(START)

    @property
    def end(self) -> int:
        """The number that ends a sentence."""
        return SPECIALS.index(END)

    @property
    def unknown(self) -> int:
        """The number of every word that is not in the vocabulary."""
        return SPECIALS.index(UNKNOWN)

    @property
    def pad(self) -> int:
        """The number that fills a batch up."""
        return SPECIALS.index(PAD)

    @cached_property
    def specials(self) -> Specials:
        """The numbers that mean something to a search, and what it may not say twice.

        Where a sentence breaks off is known of English alone. In a language of which no function
        words are known, every word may come again.
        """
        never = (self.pad, self.start, self.unknown)
        if self.language != ENGLISH:
            return Specials(self.start, self.end, never, self._own_families())
        own = (-1,) * len(SPECIALS) + families(self.words[len(SPECIALS) :])
        endings = tuple(ending(word) for word in self.words)
        return Specials(self.start, self.end, never, own, endings)

    @cached_property
    def families(self) -> tuple[str, ...]:
        """What each word is a form of, "dog" of "dogs"; "" for words without a content."""
        if self.language != ENGLISH:
            empty = {*SPECIALS, *self.function_words}
            return tuple("" if word in empty else word.lower() for word in self.words)
        known = set(self.words)
        return tuple(
            "" if word in FUNCTION_WORDS or word in SPECIALS else family(word, known)
            for word in self.words
        )

    def _own_families(self) -> tuple[int, ...]:
        """The number of each word's family; -1 for words that may be repeated."""
        free = {*SPECIALS, *self.function_words, *self.repeatable}
        if len(free) == len(SPECIALS):
            return ()
        own: dict[str, int] = {}
        return tuple(
            -1 if word in free else own.setdefault(word.lower(), len(own)) for word in self.words
        )

    def rarity(self, number: int) -> float:
        """How rare a word is among the others, 0 for the commonest … 1 for the rarest."""
        common = max(0, number - len(SPECIALS))
        return math.log1p(common) / max(1.0, math.log1p(len(self.words) - len(SPECIALS)))

    def texts(self, numbers: Iterable[int]) -> list[str]:
        """The words of a caption, articles and adjectives as their nouns want them."""
        words = [self.words[number] for number in numbers]
        if self.language == ENGLISH:
            return with_right_articles(words)
        return with_agreement(words, self.language)

    def encode(self, words: Iterable[str]) -> list[int]:
        """Numbers of words, without start and end."""
        return [self.numbers.get(word, self.unknown) for word in words]

    def __len__(self) -> int:
        return len(self.words)
