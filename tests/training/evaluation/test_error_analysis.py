"""Failures by kind, on captions whose failure is plain, and faults of a language's use."""

from __future__ import annotations

import pytest

from training.evaluation.error_analysis import (
    ErrorKind,
    LanguageFault,
    Usage,
    classify_errors,
    count_errors,
    faults_of,
    language_faults,
)
from training.evaluation.ptb_tokenizer import words_to_score

DOG = ("A brown dog runs through the grass .", "Two people watch a puppy .")


def kinds(caption: str, *references: str, cider_d: float = 1.0) -> set[ErrorKind]:
    verdict = classify_errors({"a": caption}, {"a": references or DOG}, {"a": cider_d})["a"]
    return {kind for kind, wrong in verdict.items() if wrong}


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("a brown dog runs in the grass", set()),
        ("a tan puppy is running", set()),  # the same group
        ("a black dog runs", {ErrorKind.COLOUR}),
        ("a brown cat runs", {ErrorKind.ANIMAL}),
        ("a brown dog swims", {ErrorKind.ACTIVITY}),
        ("a brown dog runs through the water", {ErrorKind.PLACE}),
        ("three dogs", {ErrorKind.NUMBER}),
        ("a man watches a dog", set()),  # nobody names a man, a woman, a boy or a girl
        ("a dog with a dog with a toy", {ErrorKind.REPEATED}),
        ("a dog in the grass in the sun", set()),  # small words may come again
        ("a brown dog runs through the", {ErrorKind.UNFINISHED}),
        ("", {ErrorKind.UNFINISHED}),
    ],
)
def test_kinds(caption: str, expected: set[ErrorKind]) -> None:
    assert kinds(caption) == expected


def test_kind_of_person() -> None:
    assert kinds("a man sits", "A woman sits .", "A lady sits .") == {ErrorKind.PERSON}
    assert kinds("a man sits", "A woman sits .", "A man sits .") == set()


def test_what_is_about_something_else() -> None:
    assert kinds("a dog", cider_d=0.04) == {ErrorKind.UNRELATED}


def test_what_is_said_of_one_photo_in_a_hundred_is_generic() -> None:
    names = [str(number) for number in range(400)]
    said = {name: f"thing {name}" for name in names} | dict.fromkeys(names[:4], "a dog")
    found = classify_errors(said, dict.fromkeys(names, DOG), dict.fromkeys(names, 1.0))
    assert [name for name, own in found.items() if own[ErrorKind.GENERIC]] == names[:4]
    del said["3"]
    fewer = classify_errors(said, dict.fromkeys(said, DOG), dict.fromkeys(said, 1.0))
    assert not any(own[ErrorKind.GENERIC] for own in fewer.values())


def test_how_often() -> None:
    said = {"a": "a black dog", "b": "a brown dog", "c": "a dog", "d": "a black dog"}
    people = dict.fromkeys("abc", DOG) | {"d": ("Somebody .",)}
    found = classify_errors(said, people, dict.fromkeys(said, 1.0))
    counts = {one.kind: one for one in count_errors(found)}
    assert (counts[ErrorKind.COLOUR].photos, counts[ErrorKind.COLOUR].of) == (1, 2)
    assert counts[ErrorKind.COLOUR].example == "a"
    assert (counts[ErrorKind.GENERIC].photos, counts[ErrorKind.GENERIC].of) == (0, 4)


def test_shares_of_faults() -> None:
    captions = [
        "a horse jumps over a horse",
        "a orange cat is in a",
        "a dog runs through the grass",
        "two men and two women",
    ]
    found = language_faults([caption.split() for caption in captions], set())
    assert (found.repeated, found.wrong_articles, found.bad_endings) == (0.25, 0.25, 0.25)
    assert found.any == 0.5


def test_a_plural_is_known_by_its_singular() -> None:
    said = ["a", "dog", "and", "three", "dogs"]
    assert faults_of(said, {"dog"}) == {LanguageFault.REPEATED}
    assert faults_of(said, set()) == set()


def test_in_other_languages_captions_are_compared_with_english_ones_too() -> None:
    said = dict.fromkeys("abc", "Ein Hund läuft.") | {"d": "Eine blaue Katze schwimmt."}
    people = dict.fromkeys("abc", ("Ein brauner Hund läuft.",)) | {"d": ("Es läuft.",)}
    cider_d = {**dict.fromkeys("abc", 1.0), "d": 0.01}
    alone = classify_errors(said, people, cider_d, language="de")
    assert {kind for kind, wrong in alone["a"].items() if wrong} == {ErrorKind.GENERIC}
    assert {kind for kind, wrong in alone["d"].items() if wrong} == {ErrorKind.UNRELATED}
    both = classify_errors(said, people, cider_d, language="de", english={"d": ("A red dog .",)})
    assert both["a"] == alone["a"]
    assert {one.kind: (one.photos, one.of) for one in count_errors(both)} == {
        ErrorKind.GENERIC: (3, 4),
        ErrorKind.UNRELATED: (1, 4),
        ErrorKind.ANIMAL: (1, 4),
        ErrorKind.COLOUR: (1, 1),
        ErrorKind.NUMBER: (0, 3),
    }


def test_faults_of_language_by_how_people_write() -> None:
    people = [["une", "fille", "joue", "dans", "un", "parc"]] * 60
    usage = Usage.learn(people, "fr")
    said = {"a": "Un fille joue.", "b": "Une fille joue dans.", "c": "Joue, joue."}
    found = classify_errors(
        said, dict.fromkeys(said, ("Une fille.",)), dict.fromkeys(said, 1.0), language="fr",
        usage=usage,
    )  # fmt: skip
    faults = {ErrorKind.DISAGREES, ErrorKind.UNFINISHED, ErrorKind.REPEATED}
    assert [{kind for kind in faults if found[name].get(kind)} for name in said] == [
        {ErrorKind.DISAGREES},
        {ErrorKind.UNFINISHED},
        {ErrorKind.REPEATED},
    ]


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
