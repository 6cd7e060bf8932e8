"""An alt text says what is in the picture, hands no guess on as a fact, and says how sure it is."""

from __future__ import annotations

import math

import pytest

from bot.chat.alt_text import alt_text
from bot.chat.confidence import SURE_WORD_FROM
from bot.locales import say
from captioner.queue.messages import UNSURE_BELOW, Caption, Word

SURE = " (Described by a program; fairly sure.)"


def caption(text: str, *unsure: str) -> Caption:
    """A caption in which the model was sure of every word but some."""
    words = tuple(
        Word(text=word, log_prob=math.log(0.2 if word in unsure else 0.9)) for word in text.split()
    )
    return Caption(text=text.capitalize() + ".", log_prob=-1.0, words=words)


def said(text: str, *unsure: str) -> str:
    return alt_text(caption(text, *unsure), 0.9).removesuffix(SURE)


def certain(text: str, *certainties: float | None) -> Caption:
    """A caption whose words have these certainties; from 0.95 on they are sure."""
    words = tuple(
        Word(text=word, log_prob=-1.0, certainty=one, sure=None if one is None else one >= 0.95)
        for word, one in zip(text.split(), certainties, strict=True)
    )
    return Caption(text=f"{text[:1].upper()}{text[1:]}.", log_prob=-1.0, words=words)


@pytest.mark.parametrize(
    ("language", "text"), [("en", "a dog with hat"), ("de", "ein Hund mit Hut")]
)
@pytest.mark.parametrize(
    ("confidence", "hat", "end"),
    [
        (0.92, 0.6, "sure"),
        (0.92, 0.3, "sure"),  # not much below the rest
        (0.92, 0.001, "unsure-words"),
        (0.6, 0.6, "sure"),
        (0.6, 0.3, "unsure-words"),
        (0.3, 0.6, "guess"),  # as a whole: no word is named
        (0.3, 0.001, "guess"),
    ],
)
def test_doubtful_words_are_those_below_the_rest_of_what_is_trusted(
    language: str, text: str, confidence: float, hat: float, end: str
) -> None:
    said = alt_text(certain(text, None, 0.7, None, hat), confidence, language)
    args = {"words": text.rsplit(maxsplit=1)[-1]} if end == "unsure-words" else {}
    assert said == f"{text[:1].upper()}{text[1:]}. {say(f'alt-text-{end}', language, **args)}"


def test_low_certainty_throughout_is_no_doubt() -> None:
    """As in a language with one caption for each photo."""
    for certainties in ((0.8, 0.7), (0.08, 0.07)):
        said = alt_text(certain("un chien court", None, *certainties), 0.8, "fr")
        assert said == f"Un chien court. {say('alt-text-sure', 'fr')}"


def test_words_that_say_little_by_themselves_are_not_named() -> None:
    said = alt_text(certain("two people jump", None, 0.1, 0.9), 0.6)
    assert said == "Two people jump." + SURE
    assert alt_text(certain("a person jumps", None, 0.9, 0.1), 0.6).endswith("not sure of: jumps.)")


def test_what_became_general_is_not_named() -> None:
    assert alt_text(certain("a man jumps", None, 0.1, 0.9), 0.6) == "A person jumps." + SURE


def test_chinese_has_no_space_between_sentences() -> None:
    said = alt_text(Caption(text="一只狗。", log_prob=-1.0), 0.9, "zh")
    assert said == f"一只狗。{say('alt-text-sure', 'zh')}"


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
        ("a man and a woman are in a boat", ["man", "woman"], "Two people are in a boat."),
        ("a dog , a boy and a girl", ["boy", "girl"], "A dog, two children."),
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
