"""Faults of language, counted."""

from __future__ import annotations

from training.evaluation.language_faults import LanguageFault, faults_of, language_faults


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
