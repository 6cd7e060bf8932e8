"""What people's captions show of a language's use: how they end, what agrees, what comes twice.

Faults of language are found by it without a grammar: what a caption does is a fault if people did
otherwise nearly always. Captions are given as `words_to_score` cuts them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from captioner.language.agreement import gendered_pairs
from training.data.languages import function_words, repeatable_words

_ARTICLES = {  # pairs that differ in gender
    "de": (("ein", "eine"), ("einen", "eine"), ("einem", "einer")),
    "fr": (("un", "une"), ("le", "la")),
    "pt": (("um", "uma"), ("no", "na"), ("do", "da"), ("num", "numa")),
    "es": (("un", "una"), ("el", "la")),
}
_IS = frozenset(
    {"est", "sont", "está", "estão", "están"}
)  # "femme est assise" counts as "femme assise"
_ARABIC_COLOURS = (
    ("أحمر", "حمراء"), ("أزرق", "زرقاء"), ("أخضر", "خضراء"), ("أصفر", "صفراء"), ("أسود", "سوداء"),
    ("أبيض", "بيضاء"), ("أشقر", "شقراء"),
)  # fmt: skip
_FEWEST_ENDS, _ENDS = 50, 0.002  # of a word, and the share of them that end a caption
_FEWEST_PAIRS, _PAIRS = 5, 0.05  # of the right form beside a noun, and the wrong form's over it


@dataclass(frozen=True)
class Usage:
    """How people write in a language."""

    language: str
    never_last: frozenset[str]  # function words that end no caption
    once: frozenset[str]  # words of content that hardly anybody writes twice in a caption
    pairs: Counter[tuple[str, str]]  # words next to each other

    @classmethod
    def learn(cls, captions: Sequence[Sequence[str]], language: str) -> Usage:
        """What is to be learned from captions that people wrote."""
        counts = Counter(word for caption in captions for word in caption)
        last = Counter(caption[-1] for caption in captions if caption)
        empty = frozenset(function_words(counts, language))
        twice = frozenset(repeatable_words(tuple(counts), captions))
        return cls(
            language,
            frozenset(
                word
                for word in empty
                if counts[word] >= _FEWEST_ENDS and last[word] < _ENDS * counts[word]
            ),
            frozenset(counts.keys() - empty - twice),
            Counter(pair for caption in captions for pair in _pairs(caption)),
        )

    def breaks_off(self, words: Sequence[str]) -> bool:
        """Whether a caption is empty or ends with a word that people do not end with."""
        return not words or words[-1] in self.never_last

    def repeats(self, words: Sequence[str]) -> bool:
        """Whether a word of content comes twice that people write once."""
        return any(count > 1 and word in self.once for word, count in Counter(words).items())

    def disagrees(self, words: Sequence[str]) -> bool | None:
        """Whether an article, an adjective or a verb has the other gender than its noun.

        That is known where people wrote it with the noun often enough; None if nowhere. Where no
        genders are known of the language, it is None too.
        """
        known = False
        for pair in _pairs(words):
            for other in _of_other_gender(pair, self.language):
                seen, otherwise = self.pairs[pair], self.pairs[other]
                known = known or max(seen, otherwise) >= _FEWEST_PAIRS
                if otherwise >= _FEWEST_PAIRS and seen <= _PAIRS * otherwise:
                    return True
        return False if known else None


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return pairwise(word for word in words if word not in _IS)


def _of_other_gender(pair: tuple[str, str], language: str) -> Iterable[tuple[str, str]]:
    """The same two words with an article, an adjective or a verb of the other gender."""
    first, second = pair
    for one, other in _ARTICLES.get(language, ()):
        if first in (one, other):
            yield (other if first == one else one), second
    for other in _forms(second, language):
        yield first, other


def _forms(word: str, language: str) -> Iterable[str]:
    if language == "ar":
        return _arabic_forms(word)
    pairs = gendered_pairs(language)
    return (pairs[word],) if word in pairs else ()


def _arabic_forms(word: str) -> Iterator[str]:
    """Verbs begin with another letter, adjectives get or lose an ending."""
    for he, she in _ARABIC_COLOURS:
        if word in (he, she):
            yield she if word == he else he
    if word.startswith(("ي", "ت")):
        yield ("ت" if word.startswith("ي") else "ي") + word[1:]
    yield word[:-1] if word.endswith("ة") else f"{word}ة"
