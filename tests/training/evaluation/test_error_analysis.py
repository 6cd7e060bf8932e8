"""Failures by kind, on captions whose failure is plain."""

from __future__ import annotations

import pytest

from training.evaluation.error_analysis import (
    IN_EVERY_LANGUAGE,
    ErrorKind,
    LanguageFault,
    classify_errors,
    count_errors,
    faults_of,
    language_faults,
)

DOG = ("A brown dog runs through the grass .", "Two people watch a puppy .")


def kinds(caption: str, *references: str, cider_d: float = 1.0) -> set[ErrorKind]:
    return classify_errors({"a": caption}, {"a": references or DOG}, {"a": cider_d})["a"]


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
    assert [name for name, own in found.items() if ErrorKind.GENERIC in own] == names[:4]
    del said["3"]
    fewer = classify_errors(said, dict.fromkeys(said, DOG), dict.fromkeys(said, 1.0))
    assert not any(ErrorKind.GENERIC in own for own in fewer.values())


def test_how_often() -> None:
    said = {"a": "a black dog", "b": "a brown dog", "c": "a dog", "d": "a black dog"}
    people = dict.fromkeys("abc", DOG) | {"d": ("Somebody .",)}
    found = classify_errors(said, people, dict.fromkeys(said, 1.0))
    counts = {one.kind: one for one in count_errors(found, said, people)}
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


def test_in_other_languages_only_what_needs_no_words_is_told() -> None:
    said = dict.fromkeys("abc", "Ein Hund läuft.") | {"d": "Eine blaue Katze schwimmt."}
    people = dict.fromkeys("abcd", ("Ein brauner Hund läuft.",))
    found = classify_errors(said, people, {**dict.fromkeys("abc", 1.0), "d": 0.01}, language="de")
    assert found["a"] == {ErrorKind.GENERIC}
    assert found["d"] == {ErrorKind.UNRELATED}
    counts = count_errors(found, said, people, kinds=IN_EVERY_LANGUAGE)
    assert {one.kind: one.photos for one in counts} == {
        ErrorKind.GENERIC: 3,
        ErrorKind.UNRELATED: 1,
    }
