"""An animal that the model is not certain of is called an animal, and others have their names."""

from __future__ import annotations

import pytest

from captioner.language.animals import NAMED_FROM, without_doubtful_animals

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
