"""Counts the errors in captions by kind, as far as the words alone show them.

This is a heuristic. A caption is compared with its references by small lists of words in *groups*
(“red”; “dog, puppy”; “run, runs, running”). For a kind such as colours, a caption is wrong if it
uses a group that no reference uses, while a reference uses another group of that kind: it says
red, and a reference says blue. If no reference mentions the kind, the caption counts as neither
right nor wrong, so the counts are lower bounds. A caption that is right about an object that the
references do not mention counts as wrong.

Faults of language (repeated words, wrong articles, unfinished sentences) need no references.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from captioner.language.grammar import breaks_off, with_right_articles
from captioner.language.word_families import repeated
from captioner.language.writing import ENGLISH
from training.evaluation.ptb_tokenizer import tokenize, words_to_score

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
    UNFINISHED = "breaks off"


def _groups(text: str) -> dict[str, int]:
    """{word: group number}; groups are separated by `;`, words by spaces."""
    return {w: number for number, group in enumerate(text.split(";")) for w in group.split()}


_KINDS = {
    ErrorKind.NUMBER: _groups(
        "one man woman boy girl person child lady guy dog; two couple both pair; three; four;"
        "five six seven eight several many group crowd people men women boys girls children dogs"
    ),
    ErrorKind.PERSON: _groups(
        "man men guy guys gentleman; woman women lady ladies; boy boys; girl girls;"
        "baby babies infant toddler"
    ),
    ErrorKind.COLOUR: _groups(
        "red; blue; green; yellow; orange; pink; purple violet; brown tan; black; white;"
        "grey gray silver; blonde blond"
    ),
    ErrorKind.ANIMAL: _groups(
        "dog dogs puppy puppies greyhound greyhounds; cat cats kitten; horse horses pony;"
        "bird birds duck ducks seagull; cow cows bull; sheep goat goats; elephant; fish;"
        "monkey; rabbit"
    ),
    ErrorKind.ACTIVITY: _groups(
        "run runs running races racing; walk walks walking; sit sits sitting seated;"
        "stand stands standing; jump jumps jumping leaps leaping; swim swims swimming;"
        "climb climbs climbing; ride rides riding; swing swings swinging; ski skis skiing;"
        "surf surfs surfing; skateboard skateboards skateboarding; lie lies lying laying;"
        "dance dances dancing; slide slides sliding; fly flies flying; sleep sleeps sleeping;"
        "eat eats eating; kick kicks kicking; throw throws throwing; catch catches catching"
    ),
    ErrorKind.PLACE: _groups(
        "water ocean sea lake river pool beach wave waves; snow snowy ice; grass grassy field lawn;"
        "street road sidewalk city; mountain mountains cliff rock rocks; sand desert dirt;"
        "forest woods trees; room kitchen indoors bed couch"
    ),
}


IN_EVERY_LANGUAGE = (ErrorKind.UNRELATED, ErrorKind.GENERIC)  # the others know English words


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
) -> dict[str, set[ErrorKind]]:
    """The kinds of error in each photo's caption.

    In languages other than English, only those of `IN_EVERY_LANGUAGE` are detected.
    """
    if language != ENGLISH:
        words = {photo: words_to_score(text, language) for photo, text in captions.items()}
        often = _often(words)
        return {
            photo: _in_every_language(cider_d[photo], generic=tuple(own) in often)
            for photo, own in words.items()
        }
    tokens = {photo: tokenize(caption) for photo, caption in captions.items()}
    often = _often(tokens)
    found: dict[str, set[ErrorKind]] = {}
    for photo, said in tokens.items():
        people = [set(tokenize(reference)) for reference in references[photo]]
        own = {kind for kind, groups in _KINDS.items() if _wrong(said, people, groups)}
        own |= _in_every_language(cider_d[photo], generic=tuple(said) in often)
        faults = faults_of(said, set().union(*people))
        if LanguageFault.REPEATED in faults:
            own.add(ErrorKind.REPEATED)
        if LanguageFault.ENDING in faults:
            own.add(ErrorKind.UNFINISHED)
        found[photo] = own
    return found


def _in_every_language(cider_d: float, *, generic: bool) -> set[ErrorKind]:
    found = {ErrorKind.UNRELATED: cider_d < UNRELATED_BELOW, ErrorKind.GENERIC: generic}
    return {kind for kind, there in found.items() if there}


def count_errors(
    found: Mapping[str, set[ErrorKind]],
    captions: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
    *,
    kinds: Iterable[ErrorKind] = ErrorKind,
) -> list[ErrorCount]:
    """How many captions have each of the kinds of error, the most frequent first.

    A wrong colour can only be detected if the caption and a reference both mention colours; `of`
    counts these photos. The errors without word groups can be detected in every photo.
    """
    counts = []
    for kind in kinds:
        groups = _KINDS.get(kind)
        of = len(captions)
        if groups is not None:
            of = sum(
                bool(_said(tokenize(caption), groups))
                and any(_said(tokenize(r), groups) for r in references[photo])
                for photo, caption in captions.items()
            )
        failing = [photo for photo in captions if kind in found[photo]]
        counts.append(ErrorCount(kind, len(failing), of, failing[0] if failing else ""))
    return sorted(counts, key=lambda one: -one.photos)


def _said(words: Iterable[str], groups: Mapping[str, int]) -> set[int]:
    return {groups[word] for word in words if word in groups}


def _wrong(said: Sequence[str], people: Sequence[set[str]], groups: Mapping[str, int]) -> bool:
    theirs = set().union(*(_said(words, groups) for words in people))
    return bool(theirs) and bool(_said(said, groups) - theirs)


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
