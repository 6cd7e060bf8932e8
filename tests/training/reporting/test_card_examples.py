"""The card's sections about animals and typical captions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from captioner.captioner import PhotoCaptions
from captioner.queue.messages import Caption
from training.data.reader_base import DataError
from training.reporting.card_confidence import animals_section, read_animals
from training.reporting.card_languages import Example, examples_section

NAMING = {"photos": 10, "right": 0.8, "wrong": 0.1, "nothing": 0.1}
ANIMALS = {
    "reader": "boxes", "split": "val", "photos": 10, "naming": NAMING,
    "by_animal": {"dog": NAMING}, "pointing": {"words": 9, "inside": 0.9, "chance": 0.5},
}  # fmt: skip


def test_animals(tmp_path: Path) -> None:
    file = tmp_path / "animals.json"
    file.write_text("a line before\n" + json.dumps(ANIMALS))
    text = "\n".join(animals_section(read_animals(file)))
    assert "| dog | 10 | 80.0% | 10.0% | 10.0% |" in text
    assert "inside a box of that animal for 90.0%; the boxes cover 50.0%" in text
    assert animals_section(None) == []


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"naming": 3}', '{"scores": {}}'])
def test_what_is_no_evaluation_of_animals(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(DataError, match="photos with boxes"):
        read_animals(tmp_path / "a.json")
    with pytest.raises(DataError, match="cannot be read"):
        read_animals(tmp_path / "absent.json")


def test_examples_say_what_the_bot_says(tmp_path: Path) -> None:
    examples = [
        Example(
            tmp_path / "photos" / f"{confidence}.jpg", "NASA, public domain",
            PhotoCaptions((Caption(text="A dog.", log_prob=-1.0),), confidence, (1, 1)),
            {"en": "A dog."},
        )
        for confidence in (0.9, 0.2)
    ]  # fmt: skip
    text = "\n".join(examples_section(examples, tmp_path / "card.md"))
    assert "| ![](photos/0.9.jpg) | A dog. | 90% | NASA, public domain |" in text
    assert "| A dog. *(not sure)* | 20% |" in text
    assert examples_section([], tmp_path / "card.md") == []
