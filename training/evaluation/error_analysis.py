"""Counts the errors in captions by kind, as far as the words alone show them.

This is a heuristic. A caption is compared with its references by small lists of words in *groups*
(“red”; “dog, puppy”; “run, runs, running”). For a kind such as colours, a caption is wrong if it
uses a group that no reference uses, while a reference uses another group of that kind: it says
red, and a reference says blue. If no reference mentions the kind, the caption counts as neither
right nor wrong, so the counts are lower bounds. A caption that is right about an object that the
references do not mention counts as wrong.

Captions in other languages are compared with captions of the same photo in that language and in
English, as the groups of `word_groups` mean the same in all languages.

Faults of language (repeated words, wrong articles, unfinished sentences) need no references. In
other languages than English they are found without a grammar: what a caption does is a fault if
people did otherwise nearly always (`Usage`). Captions are given as `words_to_score` cuts them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from captioner.language.agreement import gendered_pairs
from captioner.language.english import breaks_off, repeated, with_right_articles
from captioner.language.writing import ENGLISH
from training.data.tokenization import function_words, repeatable_words
from training.evaluation.ptb_tokenizer import words_to_score
from training.evaluation.word_groups import WordKind, groups_in

GENERIC_SHARE = 0.01  # of all photos; a caption that is more frequent is generic
UNRELATED_BELOW = 0.05  # CIDEr-D; below it, a caption is about something else


class ErrorKind(StrEnum):
    """A kind of error."""

    NUMBER = "wrong number"
    PERSON = "wrong kind of person"
    COLOUR = "wrong colour"
    ANIMAL = "wrong animal"
    ACTIVITY = "wrong activity"
    PLACE = "wrong place"
    UNRELATED = "about something else"
    GENERIC = "generic"
    REPEATED = "repeats itself"
    DISAGREES = "does not agree"
    UNFINISHED = "breaks off"


_WORD_KINDS = {
    ErrorKind.NUMBER: WordKind.NUMBER,
    ErrorKind.PERSON: WordKind.PERSON,
    ErrorKind.COLOUR: WordKind.COLOUR,
    ErrorKind.ANIMAL: WordKind.ANIMAL,
    ErrorKind.ACTIVITY: WordKind.ACTIVITY,
    ErrorKind.PLACE: WordKind.PLACE,
}
Verdict = Mapping[ErrorKind, bool]
"""Whether a caption has each kind of error; a kind is missing where that cannot be told."""


@dataclass(frozen=True)
class ErrorCount:
    """How many captions have a kind of error."""

    kind: ErrorKind
    photos: int  # whose caption has the error
    of: int  # photos where the error could be detected
    example: str = ""  # the name of a photo


def classify_errors(
    captions: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
    cider_d: Mapping[str, float],
    *,
    language: str = ENGLISH,
    english: Mapping[str, Sequence[str]] | None = None,
    usage: Usage | None = None,
) -> dict[str, Verdict]:
    """What is wrong with each photo's caption.

    For a language other than English, `english` are English captions of the photos, as far as
    there are any, and `usage` is how people write in it; without it, faults of language are not
    looked for.
    """
    tokens = {photo: words_to_score(text, language) for photo, text in captions.items()}
    often = _often(tokens)
    found: dict[str, Verdict] = {}
    for photo, said in tokens.items():
        people = [(language, words_to_score(text, language)) for text in references[photo]]
        if language != ENGLISH and english:
            people += [(ENGLISH, words_to_score(text)) for text in english.get(photo, ())]
        verdict = {
            kind: bool(said_groups - theirs)
            for kind, word_kind in _WORD_KINDS.items()
            if (said_groups := groups_in(said, language, word_kind))
            and (theirs := set().union(*(groups_in(w, code, word_kind) for code, w in people)))
        }
        verdict[ErrorKind.UNRELATED] = cider_d[photo] < UNRELATED_BELOW
        verdict[ErrorKind.GENERIC] = tuple(said) in often
        if language == ENGLISH:
            verdict |= _english_faults(said, {word for _, words in people for word in words})
        elif usage:
            verdict |= _faults(said, usage)
        found[photo] = verdict
    return found


def _english_faults(said: Sequence[str], people: Collection[str]) -> Verdict:
    faults = faults_of(said, people)
    return {
        ErrorKind.REPEATED: LanguageFault.REPEATED in faults,
        ErrorKind.UNFINISHED: LanguageFault.ENDING in faults,
    }


def _faults(said: Sequence[str], usage: Usage) -> Verdict:
    disagrees = usage.disagrees(said)
    return {
        ErrorKind.REPEATED: usage.repeats(said),
        ErrorKind.UNFINISHED: usage.breaks_off(said),
        **({} if disagrees is None else {ErrorKind.DISAGREES: disagrees}),
    }


def count_errors(found: Mapping[str, Verdict]) -> list[ErrorCount]:
    """How many captions have each of the kinds of error, the most frequent first.

    A wrong colour can only be detected if the caption and a reference both mention colours; `of`
    counts these photos. A kind that could be detected nowhere is left out.
    """
    told = Counter(kind for verdict in found.values() for kind in verdict)
    counts = []
    for kind in (kind for kind in ErrorKind if told[kind]):
        failing = [photo for photo, verdict in found.items() if verdict.get(kind)]
        counts.append(ErrorCount(kind, len(failing), told[kind], failing[0] if failing else ""))
    return sorted(counts, key=lambda one: -one.photos)


def _often(tokens: Mapping[str, Sequence[str]]) -> set[tuple[str, ...]]:
    counts = Counter(map(tuple, tokens.values()))
    fewest = max(3, GENERIC_SHARE * len(tokens))
    return {caption for caption, count in counts.items() if count >= fewest}


class LanguageFault(StrEnum):
    """A kind of language fault."""

    REPEATED = "a content word twice"
    ARTICLE = "a or an, where it is the other"
    ENDING = "breaks off"


@dataclass(frozen=True, slots=True)
class LanguageFaults:
    """The shares of captions (0…1) with each language fault."""

    repeated: float
    wrong_articles: float
    bad_endings: float
    any: float


def language_faults(captions: Sequence[Sequence[str]], known: Collection[str]) -> LanguageFaults:
    """The shares of captions, given as tokens, with each fault; needs at least one caption.

    `known` are words of the language; they help to tell plurals from verbs.
    """
    found = [faults_of(words, known) for words in captions]
    return LanguageFaults(
        repeated=sum(LanguageFault.REPEATED in own for own in found) / len(found),
        wrong_articles=sum(LanguageFault.ARTICLE in own for own in found) / len(found),
        bad_endings=sum(LanguageFault.ENDING in own for own in found) / len(found),
        any=sum(bool(own) for own in found) / len(found),
    )


def faults_of(words: Sequence[str], known: Collection[str]) -> set[LanguageFault]:
    """The language faults of one caption."""
    faults = {
        LanguageFault.REPEATED: bool(repeated(words, known)),
        LanguageFault.ARTICLE: with_right_articles(words) != list(words),
        LanguageFault.ENDING: breaks_off(words),
    }
    return {fault for fault, there in faults.items() if there}


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
