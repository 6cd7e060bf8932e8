"""An alt text says what is in the picture, hands no guess on as a fact, and says how sure it is."""

from __future__ import annotations

import math

import pytest

from bot.chat.alt_text import alt_text
from bot.chat.confidence import SURE_WORD_FROM, UNSURE_BELOW
from bot.locales import say
from captioner.queue.messages import Caption, Word

SURE = " (Described by a program; fairly sure.)"


def caption(text: str, *unsure: str) -> Caption:
    """A caption in which the model was sure of every word but some."""
    words = tuple(
        Word(text=word, log_prob=math.log(0.2 if word in unsure else 0.9)) for word in text.split()
    )
    return Caption(text=text.capitalize() + ".", log_prob=-1.0, words=words)


def said(text: str, *unsure: str) -> str:
    return alt_text(caption(text, *unsure), 0.9).removesuffix(SURE)


def test_in_other_languages_the_end_names_words_that_may_be_wrong() -> None:
    words = tuple(
        Word(text=text, log_prob=-1.0, sure=sure)
        for text, sure in (("ein", None), ("Hund", True), ("mit", None), ("Hut", False))
    )
    german = Caption(text="Ein Hund mit Hut.", log_prob=-1.0, words=words)
    for confidence, end in (
        (0.9, say("alt-text-unsure-words", "de", words="Hut")),
        (0.1, say("alt-text-guess", "de")),
    ):
        assert alt_text(german, confidence, "de") == f"Ein Hund mit Hut. {end}"
    sure = Caption(text="Ein Hund.", log_prob=-1.0)
    assert alt_text(sure, 0.9, "de") == f"Ein Hund. {say('alt-text-sure', 'de')}"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a dog runs on a beach", "A dog runs on a beach."),
        ("a picture of a dog", "A dog."),
        ("a close-up of a flower", "A flower."),
        ("this is a photo of an old house", "An old house."),
        ("a black picture of a dog", "A dog."),
        ("there is a cat on a mat", "A cat on a mat."),
        ("there is a picture of a cat", "A cat."),
        ("a man takes a picture of a dog", "A man takes a picture of a dog."),
        ("a picture of", "A picture of."),
        ("a boy 's dog does n't bark", "A boy's dog doesn't bark."),
    ],
)
def test_words_that_say_nothing_go(text: str, plain: str) -> None:
    assert said(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a dog appears to be asleep", "A dog is asleep."),
        ("two dogs seem to be asleep", "Two dogs are asleep."),
        ("a man holds what looks like a kite", "A man holds a kite."),
        ("a man possibly running", "A man running."),
        ("a man appears from a tunnel", "A man appears from a tunnel."),
    ],
)
def test_hedges_go(text: str, plain: str) -> None:
    assert said(text) == plain


@pytest.mark.parametrize(
    ("text", "unsure", "plain"),
    [
        ("a man in his boat", ["man"], "A person in their boat."),
        ("a man in his boat", ["his"], "A man in his boat."),
        ("two women and a girl", ["women", "girl"], "Two people and a child."),
        ("two women and a girl", ["girl"], "Two women and a child."),
        ("an old lady", ["lady"], "An old person."),
        ("a dog and her puppy", ["dog"], "A dog and her puppy."),
    ],
)
def test_guesses_at_people_are_made_general(text: str, unsure: list[str], plain: str) -> None:
    assert said(text, *unsure) == plain


@pytest.mark.parametrize(
    ("text", "unsure", "plain"),
    [
        ("a red car", ["red"], "A car."),
        ("a red car", [], "A red car."),
        ("an orange car", ["orange"], "A car."),
        ("a red apple", ["red"], "An apple."),
        ("an orange unicycle", ["orange"], "A unicycle."),
        ("a unicycle", ["unicycle"], "A unicycle."),
        ("a black and white dog runs", ["white"], "A dog runs."),
        ("a black and white dog runs", [], "A black and white dog runs."),
        ("a man in red jumps", ["red"], "A man in red jumps."),
        ("the wall is blue", ["blue"], "The wall is blue."),
        ("the blue and the red", ["blue", "red"], "The blue and the red."),
        ("red", ["red"], "Red."),
        ("three brown dogs", ["brown"], "Three dogs."),
    ],
)
def test_guesses_at_colours_go_where_the_sentence_stands(
    text: str, unsure: list[str], plain: str
) -> None:
    assert said(text, *unsure) == plain


@pytest.mark.parametrize(
    ("confidence", "how_sure"),
    [
        (1.0, "fairly sure"),
        (UNSURE_BELOW, "fairly sure"),
        (UNSURE_BELOW - 0.01, "only a guess"),
        (0.0, "only a guess"),
    ],
)
def test_uncertainty_is_said(confidence: float, how_sure: str) -> None:
    text = alt_text(caption("a dog"), confidence)
    assert text == f"A dog. (Described by a program; {how_sure}.)"


def test_threshold_of_a_word() -> None:
    for probability, expected in (
        (SURE_WORD_FROM + 0.01, "A man."),
        (SURE_WORD_FROM - 0.01, "A person."),
    ):
        words = (
            Word(text="a", log_prob=0.0),
            Word(text="man", log_prob=math.log(probability)),
        )
        text = alt_text(Caption(text="A man.", log_prob=-1.0, words=words), 0.9)
        assert text == expected + SURE


@pytest.mark.parametrize(("sure", "expected"), [(True, "A man."), (False, "A person.")])
def test_what_the_worker_says_of_a_word_counts(sure: bool, expected: str) -> None:
    words = (Word(text="a", log_prob=0.0), Word(text="man", log_prob=-0.7, sure=sure))
    assert alt_text(Caption(text="A man.", log_prob=-1.0, words=words), 0.9) == expected + SURE


def test_caption_without_words() -> None:
    assert alt_text(Caption(text="There is a dog.", log_prob=-1.0), 0.9) == "A dog." + SURE
    assert alt_text(Caption(text=" ", log_prob=-1.0), 0.9) == SURE.strip()


def test_hostile_words_change_nothing_else() -> None:
    for text in ("a", "an", "and", ", ,", "a a a", "red and", "and red and", "x" * 10_000, "’s"):
        assert alt_text(caption(text, *text.split()), 0.9).endswith(SURE)
