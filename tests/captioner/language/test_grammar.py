"""“a” or “an”, by sound."""

from __future__ import annotations

import pytest

from captioner.language.grammar import article_before, with_right_articles
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
