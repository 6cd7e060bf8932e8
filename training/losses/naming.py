"""A reward for captions that name the animals of photos whose animals are known."""

from __future__ import annotations

from collections.abc import Sequence

from captioner.checkpoint.vocabulary import Vocabulary
from training.data.animals import ANIMAL_WORDS
from training.data.photos import CaptionedPhoto


class NamingReward:
    """1 for a caption that names an animal of its photo, -1 for one that names another."""

    def __init__(self, photos: Sequence[CaptionedPhoto], vocabulary: Vocabulary) -> None:
        numbers = vocabulary.numbers
        self._animal = {
            numbers[word]: animal
            for animal, words in ANIMAL_WORDS.items()
            for word in words
            if word in numbers
        }
        self._there = [frozenset(region.name for region in photo.regions) for photo in photos]

    def __call__(self, photo: int, caption: Sequence[int]) -> float:
        """Of a caption (word numbers) of a photo (its place in `photos`).

        The two add up where both are named. 0 for photos whose animals are not known.
        """
        there = self._there[photo]
        if not there:
            return 0.0
        named = {self._animal[word] for word in caption if word in self._animal}
        return float(bool(named & there)) - float(bool(named - there))
