"""Captions by a model, with the animals that are known put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from captioner.captioner import Captioner, PhotoCaptions
from captioner.queue.messages import Caption, Word
from tests.support.photos import drawing
from training.data.reader_base import CaptionedPhoto, Region
from training.pseudo_captions import pseudo_captions


@dataclass
class Saying:
    """Something that says the same of every photo; a model would say other things each time."""

    captions: Sequence[str]

    def caption(self, photos: Sequence[object], **_: object) -> list[PhotoCaptions]:
        said = tuple(
            Caption(
                text=text,
                log_prob=-1.0,
                words=tuple(Word(text=word, log_prob=-0.1, attention=()) for word in text.split()),
            )
            for text in self.captions
        )
        return [PhotoCaptions(said, 0.5, (1, 1)) for _ in photos]


def described(folder: Path, animals: Sequence[str], captions: Sequence[str]) -> list[str]:
    path = folder / "p.jpg"
    drawing().save(path)
    regions = tuple(Region(animal, (0.1, 0.1, 0.5, 0.5)) for animal in animals)
    photo = CaptionedPhoto("p.jpg", path, (), regions)
    ((_, found),) = pseudo_captions(cast("Captioner", Saying(captions)), [photo])
    return found


def test_what_names_the_right_animal_comes_first(tmp_path: Path) -> None:
    said = ["a brown dog runs", "a man stands", "a brown horse runs"]
    assert described(tmp_path, ["horse"], said) == ["a brown horse runs"]


def test_wrong_animals_are_put_right_in_their_number(tmp_path: Path) -> None:
    said = ["a puppy sleeps", "two dogs run", "ponies in the grass", "a man"]
    found = described(tmp_path, ["cow"], said)
    assert found == ["a cow sleeps", "two cows run", "cows in the grass"]


def test_where_two_animals_are_there_nothing_is_guessed(tmp_path: Path) -> None:
    said = ["a cat sleeps", "a dog with a horse"]
    assert described(tmp_path, ["dog", "horse"], said) == ["a dog with a horse"]


def test_photos_without_boxes_keep_what_is_said_of_them(tmp_path: Path) -> None:
    assert described(tmp_path, [], ["a cat sleeps", "a man"]) == ["a cat sleeps", "a man"]


def test_a_caption_that_repeats_itself_is_passed_over(tmp_path: Path) -> None:
    assert described(tmp_path, [], ["a dog bites a dog", "two dogs play"]) == ["two dogs play"]
