"""Words that are about the same thing, and those that may come twice."""

from __future__ import annotations

import pytest

from captioner.language.grammar import BAD_ENDINGS, breaks_off
from captioner.language.word_families import content_families, families, family, repeated

_WORDS = (
    "dog dogs box boxes puppy puppies man men slide slides sliding horse cape capes cap glass "
    "glasses short shorts swing swings swinging dress"
)
KNOWN = frozenset(_WORDS.split())


@pytest.mark.parametrize(
    ("word", "of"),
    [
        ("dogs", "dog"), ("boxes", "box"), ("puppies", "puppy"), ("men", "man"),
        ("capes", "cape"), ("dog", "dog"), ("horses", "horse"),
        ("slides", "slides"), ("swings", "swings"),  # verbs too: "slides down a slide"
        ("shorts", "shorts"), ("glasses", "glasses"), ("dress", "dress"), ("cats", "cats"),
    ],
)  # fmt: skip
def test_families(word: str, of: str) -> None:
    assert family(word, KNOWN) == of


@pytest.mark.parametrize(
    ("caption", "twice"),
    [
        ("a horse is jumping over a horse", {"horse"}),
        ("a plate of a plate of food", {"plate"}),
        ("a dog runs with two dogs", {"dog"}),
        ("a man in a red shirt on a red slide", {"red"}),
        ("two people and two dogs on one side of the other side", set()),
        ("a girl slides down the slide in the park", set()),
    ],
)
def test_content_words_that_come_twice(caption: str, twice: set[str]) -> None:
    assert repeated(caption.split(), KNOWN | set(caption.split()) | {"sliding"}) == twice


def test_numbers_of_families() -> None:
    words = ("a", "dog", "two", "dogs", "horse", "'s")
    assert families(words) == (-1, 0, -1, 0, 1, -1)


def test_content_is_what_a_caption_is_about() -> None:
    said = "a dog is on the beach with two dogs"
    assert content_families(said.split()) == ("dog", "beach", "two", "dogs")


@pytest.mark.parametrize(
    ("caption", "broken"),
    [
        ("a man in a", True), ("a man is", True), ("a girl in a yellow", True), ("", True),
        ("a girl in yellow", False), ("a girl jumps up", False), ("yellow", False),
        ("a party in the dark", False), ("an", True),
    ],
)  # fmt: skip
def test_sentences_that_break_off(caption: str, broken: bool) -> None:
    assert breaks_off(caption.split()) is broken


def test_bad_endings_are_single_lower_case_words() -> None:
    assert {"a", "the", "of", "in", "on", "with", "and"} <= BAD_ENDINGS
    assert not BAD_ENDINGS & {"up", "outside", "her"}
    assert all(word == word.lower() and word.isalpha() for word in BAD_ENDINGS)
