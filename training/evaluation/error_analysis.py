"""What goes wrong in captions, by kind, as far as words alone tell.

A heuristic, and meant to be read as one. A caption and the captions that people wrote are compared
by small lists of words in *groups* (“red”; “dog, puppy”; “run, runs, running”). Of a kind, say
colours, a caption counts as wrong where it says a group that none of the people said, although at
least one of them said another group of that kind: nobody speaks of red, somebody of blue. What
people do not mention at all counts neither way, so what is found is a lower bound; and a caption
that is right about another thing in the photo than people spoke of counts as wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from captioner.language.articles import with_right_articles
from captioner.language.endings import breaks_off
from captioner.language.word_families import repeated
from training.evaluation.ptb_tokenizer import tokenize

OFTEN = 0.01  # the share of all photos from which on a caption is generic
ANOTHER_MATTER = 0.05  # CIDEr-D below which a caption is about something else


class Failure(StrEnum):
    """A kind of failure."""

    NUMBER = "wrong number"
    PERSON = "wrong kind of person"
    COLOUR = "wrong colour"
    ANIMAL = "wrong animal"
    ACTIVITY = "wrong activity"
    PLACE = "wrong place"
    ANOTHER_MATTER = "about something else"
    GENERIC = "generic"
    REPEATED = "repeats itself"
    UNFINISHED = "breaks off"


def _groups(text: str) -> dict[str, int]:
    """{word: group} of groups separated by `;`, words by spaces."""
    return {w: number for number, group in enumerate(text.split(";")) for w in group.split()}


_KINDS = {
    Failure.NUMBER: _groups(
        "one man woman boy girl person child lady guy dog; two couple both pair; three; four;"
        "five six seven eight several many group crowd people men women boys girls children dogs"
    ),
    Failure.PERSON: _groups(
        "man men guy guys gentleman; woman women lady ladies; boy boys; girl girls;"
        "baby babies infant toddler"
    ),
    Failure.COLOUR: _groups(
        "red; blue; green; yellow; orange; pink; purple violet; brown tan; black; white;"
        "grey gray silver; blonde blond"
    ),
    Failure.ANIMAL: _groups(
        "dog dogs puppy puppies greyhound greyhounds; cat cats kitten; horse horses pony;"
        "bird birds duck ducks seagull; cow cows bull; sheep goat goats; elephant; fish;"
        "monkey; rabbit"
    ),
    Failure.ACTIVITY: _groups(
        "run runs running races racing; walk walks walking; sit sits sitting seated;"
        "stand stands standing; jump jumps jumping leaps leaping; swim swims swimming;"
        "climb climbs climbing; ride rides riding; swing swings swinging; ski skis skiing;"
        "surf surfs surfing; skateboard skateboards skateboarding; lie lies lying laying;"
        "dance dances dancing; slide slides sliding; fly flies flying; sleep sleeps sleeping;"
        "eat eats eating; kick kicks kicking; throw throws throwing; catch catches catching"
    ),
    Failure.PLACE: _groups(
        "water ocean sea lake river pool beach wave waves; snow snowy ice; grass grassy field lawn;"
        "street road sidewalk city; mountain mountains cliff rock rocks; sand desert dirt;"
        "forest woods trees; room kitchen indoors bed couch"
    ),
}


@dataclass(frozen=True)
class FailureCount:
    """How often a kind occurs."""

    kind: Failure
    photos: int  # whose captions fail so
    of: int  # photos where it could be told
    example: str = ""  # a photo's name


def failures(
    captions: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
    cider_d: Mapping[str, float],
) -> dict[str, set[Failure]]:
    """The kinds of failure of each photo's caption; none for most, one hopes."""
    tokens = {photo: tokenize(caption) for photo, caption in captions.items()}
    often = _often(tokens)
    found: dict[str, set[Failure]] = {}
    for photo, said in tokens.items():
        people = [set(tokenize(reference)) for reference in references[photo]]
        own = {kind for kind, groups in _KINDS.items() if _wrong(said, people, groups)}
        if cider_d[photo] < ANOTHER_MATTER:
            own.add(Failure.ANOTHER_MATTER)
        if tuple(said) in often:
            own.add(Failure.GENERIC)
        faults = faults_of(said, set().union(*people))
        if LanguageFault.REPEATED in faults:
            own.add(Failure.REPEATED)
        if LanguageFault.ENDING in faults:
            own.add(Failure.UNFINISHED)
        found[photo] = own
    return found


def failure_counts(
    found: Mapping[str, set[Failure]],
    captions: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
) -> list[FailureCount]:
    """How often each kind occurs, the most frequent first.

    A wrong colour can be told only where caption and people both speak of colours: `of` counts
    these photos. The others can be told of every photo.
    """
    counts = []
    for kind in Failure:
        groups = _KINDS.get(kind)
        of = len(captions)
        if groups is not None:
            of = sum(
                bool(_said(tokenize(caption), groups))
                and any(_said(tokenize(r), groups) for r in references[photo])
                for photo, caption in captions.items()
            )
        failing = [photo for photo in captions if kind in found[photo]]
        counts.append(FailureCount(kind, len(failing), of, failing[0] if failing else ""))
    return sorted(counts, key=lambda one: -one.photos)


def _said(words: Iterable[str], groups: Mapping[str, int]) -> set[int]:
    return {groups[word] for word in words if word in groups}


def _wrong(said: Sequence[str], people: Sequence[set[str]], groups: Mapping[str, int]) -> bool:
    theirs = set().union(*(_said(words, groups) for words in people))
    return bool(theirs) and bool(_said(said, groups) - theirs)


def _often(tokens: Mapping[str, Sequence[str]]) -> set[tuple[str, ...]]:
    counts = Counter(map(tuple, tokens.values()))
    fewest = max(3, OFTEN * len(tokens))
    return {caption for caption, count in counts.items() if count >= fewest}


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
