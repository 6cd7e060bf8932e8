"""What people hardly ever write is a fault of language; what they seldom write is none."""

from __future__ import annotations

import pytest

from training.evaluation.ptb_tokenizer import words_to_score
from training.evaluation.usage import Usage


def usage(language: str, *captions: str, times: int = 60) -> Usage:
    words = [words_to_score(caption, language) for caption in captions]
    return Usage.learn(words * times, language)


PEOPLE = {
    "de": usage("de", "Eine Katze liegt auf einer Bank.", "Ein Hund spielt mit einem Ball."),
    "fr": usage("fr", "Une femme est assise avec un chat.", "Une chemise bleue et une robe."),
    "pt": usage("pt", "Uma mulher está sentada no parque.", "Uma blusa preta."),
    "ar": usage("ar", "قطة تجلس على طاولة.", "قبعة حمراء كبيرة.", "رجل يجلس."),
    "zh": usage("zh", "一只猫在桌子上。", "两个人在奔跑。"),
}


@pytest.mark.parametrize(
    ("language", "caption", "disagrees"),
    [
        ("de", "Ein Katze", True),
        ("de", "auf einem Bank", True),
        ("de", "Eine Katze auf einer Bank", False),
        ("de", "Ein Baum", None),  # nobody wrote of one
        ("fr", "Un femme", True),
        ("fr", "Une femme est assis", True),
        ("fr", "une chemise bleu", True),
        ("fr", "Une femme assise", False),
        ("pt", "Um mulher", True),
        ("pt", "Uma mulher está sentado", True),
        ("pt", "uma blusa preto", True),
        ("ar", "قطة يجلس", True),
        ("ar", "قبعة أحمر", True),
        ("ar", "رجل يجلس", False),
        ("zh", "一只猫", None),  # there are no genders
    ],
)
def test_agreement(language: str, caption: str, disagrees: bool | None) -> None:
    assert PEOPLE[language].disagrees(words_to_score(caption, language)) is disagrees


@pytest.mark.parametrize(
    ("language", "caption"),
    [
        ("de", "Ein Hund spielt mit."),
        ("de", "Ein Hund auf einer"),
        ("fr", "Une femme est assise avec"),
        ("pt", "Uma mulher no"),
        ("ar", "قطة تجلس على"),
        ("zh", "一只猫在"),
        ("zh", ""),
    ],
)
def test_endings(language: str, caption: str) -> None:
    assert PEOPLE[language].breaks_off(words_to_score(caption, language))
    assert not PEOPLE[language].breaks_off(["hund"])


def test_words_that_people_write_twice_may_come_twice() -> None:
    own = usage("de", "Ein Mann trägt einen Mann.", "Ein Hund mit einem Ball.", times=10)
    assert own.repeats(["hund", "und", "hund"])
    assert not own.repeats(["mann", "und", "mann"])
    assert not own.repeats(["ein", "ein", "hund"])  # no content
    assert not own.repeats(["igel", "igel"])  # nobody knows
