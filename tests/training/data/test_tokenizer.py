"""Captions as words."""

from __future__ import annotations

import pytest

from training.data.languages import says_left_or_right, tokenize


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("A dog runs .", ["a", "dog", "runs"]),
        ("Two boys, one in a T-shirt!", ["two", "boys", "one", "in", "a", "t-shirt"]),
        ("A merry-go-round", ["a", "merry-go-round"]),
        ("a man - a woman", ["a", "man", "a", "woman"]),
        ("The boy's dog doesn't bark", ["the", "boy", "'s", "dog", "does", "n't", "bark"]),
        ('A sign says " stop "', ["a", "sign", "says", "stop"]),
        ("A 5-year-old", ["a", "5-year-old"]),
        ("trailing-", ["trailing"]),
        ("-leading", ["leading"]),
        ("...", []),
        ("", []),
        ("  \t ", []),
        ("un café ☕", ["un", "café"]),
    ],
)  # fmt: skip
def test_tokenize(caption: str, words: list[str]) -> None:
    assert tokenize([caption]) == [words]


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("a man on the left", True),
        ("a Right-hand turn", True),
        ("a dog leaves bright grass", False),
    ],
)
def test_left_and_right(caption: str, expected: bool) -> None:
    assert says_left_or_right(tokenize([caption])[0]) is expected
