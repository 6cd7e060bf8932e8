"""Naming and pointing, on captions written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from captioner.captioner import PhotoCaptions
from captioner.queue.messages import Caption, Word
from training.data.reader_base import CaptionedPhoto, Region
from training.evaluation.grounding import AnimalEvaluation, evaluate_animals

LEFT, RIGHT = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)


def photo(number: int, *regions: tuple[str, tuple[float, float, float, float]]) -> CaptionedPhoto:
    found = tuple(Region(name, box) for name, box in regions)
    return CaptionedPhoto(f"{number}.jpg", Path(f"{number}.jpg"), (), found)


def said(text: str, cell: int = 0) -> PhotoCaptions:
    """A caption whose every word looks at one cell of 2 × 2."""
    attention = tuple(0.7 if place == cell else 0.1 for place in range(4))
    words = tuple(Word(text=word, log_prob=-0.5, attention=attention) for word in text.split())
    return PhotoCaptions((Caption(text=f"{text}.", log_prob=-3.0, words=words),), 0.5, (2, 2))


def evaluated(*pairs: tuple[CaptionedPhoto, PhotoCaptions]) -> AnimalEvaluation:
    photos, found = zip(*pairs, strict=True)
    return evaluate_animals(photos, found, reader="boxes", split="val", beam_size=5)


def test_naming() -> None:
    found = evaluated(
        (photo(1, ("dog", LEFT)), said("a puppy runs")),
        (photo(2, ("cow", LEFT), ("cow", RIGHT)), said("two bulls fight")),
        (photo(3, ("sheep", LEFT)), said("a dog and a sheep")),
        (photo(4, ("cat", LEFT)), said("a man sits")),
        (photo(5, ("cat", LEFT), ("dog", RIGHT)), said("a horse stands")),  # of two kinds
    )
    assert found.naming.photos == 4
    assert (found.naming.right, found.naming.wrong, found.naming.nothing) == (0.75, 0.25, 0.25)
    assert found.by_animal["sheep"].wrong == 1
    assert set(found.by_animal) == {"dog", "cow", "sheep", "cat"}


def test_pointing_at_the_animal_named() -> None:
    found = evaluated(
        (photo(1, ("dog", LEFT)), said("a dog runs", cell=2)),  # lower left
        (photo(2, ("dog", LEFT)), said("a dog runs", cell=1)),  # upper right
        (photo(3, ("dog", LEFT), ("dog", RIGHT)), said("dogs and puppies play", cell=1)),
        (photo(4, ("dog", LEFT)), said("a cat runs", cell=0)),  # none is there
    )
    assert found.pointing.words == 4
    assert found.pointing.inside == 0.75
    assert found.pointing.chance == pytest.approx((0.5 + 0.5 + 1 + 1) / 4)


def test_no_word_for_an_animal() -> None:
    found = evaluated((photo(1, ("dog", LEFT)), said("a man")))
    assert (found.pointing.words, found.pointing.inside) == (0, None)
    assert found.as_json()["naming"] == {"photos": 1, "right": 0.0, "wrong": 0.0, "nothing": 1.0}
