"""Articles by sound, words that may come twice, and animals that the model is not certain of."""

from __future__ import annotations

import pytest

from captioner.language.english import (
    BAD_ENDINGS,
    NAMED_FROM,
    article_before,
    breaks_off,
    content_families,
    families,
    family,
    repeated,
    with_right_articles,
    without_doubtful_animals,
)
from captioner.language.writing import written

AN = (
    "apple orange umbrella uncle unidentified unhappy unusual undone unimpressed Asian old hour "
    "honest heir x-ray suv atv rv mp3 8 80 11 18 18-wheeler 11th onion oncoming underwater udder"
)
A = (
    "dog unicycle uniform union unique university used usual utensil ukulele european ewe one "
    "one-way once u-turn ufo house horse herd hotel tv truck yellow 1 110 180 10 unicorn"
)


@pytest.mark.parametrize(
    ("word", "article"), [*((w, "an") for w in AN.split()), *((w, "a") for w in A.split())]
)
def test_articles_go_by_sound(word: str, article: str) -> None:
    assert article_before(word) == article


def test_articles_of_a_caption_are_put_right() -> None:
    said = ["a", "man", "in", "a", "orange", "hat", "on", "an", "unicycle", "for", "a", "hour"]
    right = ["a", "man", "in", "an", "orange", "hat", "on", "a", "unicycle", "for", "an", "hour"]
    assert with_right_articles(said) == right
    assert with_right_articles(right) == right
    assert with_right_articles(["an"]) == ["an"]
    assert written(said) == "A man in an orange hat on a unicycle for an hour."
    assert written(["a", "elephant"]) == "An elephant."


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


LOW, HIGH = NAMED_FROM - 0.01, NAMED_FROM


def said(text: str, certainty: float | None) -> str:
    """The caption, where each word for an animal has this certainty and no other word has any."""
    words = text.split()
    animals = {"cat", "dog", "dogs", "sheep", "cattle", "horse", "cow", "ox"}
    certainties = [certainty if word in animals else None for word in words]
    return " ".join(without_doubtful_animals(words, certainties))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a cat is on a couch", "an animal is on a couch"),
        ("a brown and white cat sitting on a bed", "a brown and white animal sitting on a bed"),
        ("two dogs are running", "two animals are running"),
        ("a man with a dog", "a man with an animal"),
        ("a sheep is in a field", "an animal is in a field"),
        ("a small white sheep in a field", "a small white animal in a field"),
        ("sheep are in a field", "animals are in a field"),
        ("a herd of cattle in a field", "a herd of animals in a field"),
        ("an ox is standing", "an animal is standing"),
        ("a dog and a cat are playing", "an animal and a cat are playing"),  # not two "animals"
        ("a dog on an animal", "a dog on an animal"),
        ("a man at a horse race", "a man at a horse race"),
        ("a dog toy is on the floor", "a dog toy is on the floor"),
    ],
)
def test_a_doubtful_name_gives_way(before: str, after: str) -> None:
    assert said(before, LOW) == after
    assert said(before, HIGH) == before
    assert said(before, None) == before  # of a model that says nothing of it
