"""Grounding: do captions name the animals in a photo, and does attention point at them?

Photos with boxes show which animals there are and where. Naming counts captions that name the
right animal or a wrong one. Pointing is the pointing game (Zhang et al. 2016, arXiv 1608.00507):
is the place of the strongest attention inside a box of the animal that the word names?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from captioner.captioner import PhotoCaptions
from captioner.language.english import ANIMAL_OF, ANIMAL_WORDS, named_animals
from captioner.queue.messages import Word
from training.data.reader_base import CaptionedPhoto, Region
from training.evaluation.ptb_tokenizer import tokenize


@dataclass(frozen=True)
class NamingAccuracy:
    """How many captions name the animal, in photos with one kind of animal."""

    photos: int
    right: float  # share of captions that name it
    wrong: float  # share of captions that name another animal, even if they name it as well
    nothing: float  # share of captions that name no animal


@dataclass(frozen=True)
class PointingAccuracy:
    """How often the strongest attention of a word for an animal is inside a box of that animal."""

    words: int  # words that name an animal in the photo
    inside: float | None  # share of them that point into a box; None if there are no words
    chance: float | None  # mean share of the photo that the animal's boxes cover


@dataclass(frozen=True)
class AnimalEvaluation:
    """A model's captions of photos with boxes, and how well they are grounded."""

    reader: str
    split: str
    beam_size: int
    captions: dict[str, str]  # by the photos' names
    naming: NamingAccuracy
    by_animal: dict[str, NamingAccuracy]
    pointing: PointingAccuracy

    def as_json(self) -> dict[str, object]:
        """The figures, ready for JSON."""
        return {
            "reader": self.reader,
            "split": self.split,
            "beam_size": self.beam_size,
            "photos": len(self.captions),
            "naming": vars(self.naming),
            "by_animal": {animal: vars(naming) for animal, naming in self.by_animal.items()},
            "pointing": vars(self.pointing),
        }


def evaluate_animals(
    photos: Sequence[CaptionedPhoto],
    found: Sequence[PhotoCaptions],
    *,
    reader: str,
    split: str,
    beam_size: int,
) -> AnimalEvaluation:
    """Naming and pointing in the best captions of photos with boxes; needs at least one photo."""
    by_kind: dict[str, list[set[str]]] = {animal: [] for animal in ANIMAL_WORDS}
    captions = {}
    pointed: list[tuple[bool, float]] = []
    for photo, said in zip(photos, found, strict=True):
        captions[photo.name] = said.captions[0].text
        shown = {region.name for region in photo.regions} & ANIMAL_WORDS.keys()
        if len(shown) == 1:
            by_kind[next(iter(shown))].append(named_animals(tokenize(said.captions[0].text)))
        pointed += _pointed(photo.regions, said.captions[0].words, said.grid)
    every = [(animal, named) for animal, own in by_kind.items() for named in own]
    return AnimalEvaluation(
        reader=reader,
        split=split,
        beam_size=beam_size,
        captions=captions,
        naming=_naming(every),
        by_animal={
            animal: _naming([(animal, named) for named in own])
            for animal, own in by_kind.items()
            if own
        },
        pointing=PointingAccuracy(
            words=len(pointed),
            inside=sum(hit for hit, _ in pointed) / len(pointed) if pointed else None,
            chance=sum(area for _, area in pointed) / len(pointed) if pointed else None,
        ),
    )


def _naming(named: Sequence[tuple[str, set[str]]]) -> NamingAccuracy:
    """Naming accuracy, from pairs of the animal shown and the animals that the caption names."""
    count = max(1, len(named))
    return NamingAccuracy(
        photos=len(named),
        right=sum(animal in own for animal, own in named) / count,
        wrong=sum(bool(own - {animal}) for animal, own in named) / count,
        nothing=sum(not own for _, own in named) / count,
    )


def _pointed(
    regions: Sequence[Region], words: Sequence[Word], grid: tuple[int, int]
) -> list[tuple[bool, float]]:
    """For each word that names an animal in the photo: whether it points at one, and by chance."""
    found = []
    for word in words:
        boxes = [one.box for one in regions if one.name == ANIMAL_OF.get(word.text)]
        if boxes and word.attention:
            row, column = divmod(int(np.argmax(word.attention)), grid[1])
            x, y = (column + 0.5) / grid[1], (row + 0.5) / grid[0]
            hit = any(
                left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes
            )
            found.append((hit, _covered(boxes)))
    return found


def _covered(boxes: Sequence[tuple[float, float, float, float]], side: int = 200) -> float:
    """The share of a photo that the boxes cover together."""
    inside = np.zeros((side, side), bool)
    for box in boxes:
        left, top, right, bottom = (round(side * edge) for edge in box)
        inside[top:bottom, left:right] = True
    return float(inside.mean())
