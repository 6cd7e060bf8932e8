"""The reader of photos with named boxes, and the words that name animals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from captioner.language.english import ANIMAL_WORDS, named_animals
from training.data.boxes import split_of
from training.data.check import check_folder
from training.data.reader_base import DataError, Region
from training.data.registry import guess_reader, read_folder, read_source

DOG = {"name": "dog", "box": [0.25, 0.5, 0.75, 1]}


def write(folder: Path, document: object) -> None:
    (folder / "boxes.json").write_text(json.dumps(document))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = [f"{number}.jpg" for number in range(40)]
    for number, name in enumerate(names):
        Image.new("RGB", (8, 8), (number * 6, 0, 0)).save(tmp_path / name)
    write(tmp_path, {name: [DOG] for name in names})
    return tmp_path


def test_photos_with_regions_need_no_captions(folder: Path) -> None:
    assert guess_reader(folder).name == "boxes"
    photo, *_ = read_source(f"boxes:{folder.name}:val", folder.parent)
    assert photo.captions == ()
    assert photo.regions == (Region("dog", (0.25, 0.5, 0.75, 1.0)),)


def test_every_photo_is_in_one_split_whatever_else_is_there(folder: Path) -> None:
    train = {photo.name for photo in read_folder(folder, "train")}
    val = {photo.name for photo in read_folder(folder, "val")}
    assert not train & val
    assert len(train | val) == 40
    assert 2 <= len(val) <= 16
    write(folder, {name: [DOG] for name in sorted(val)})
    assert {photo.name for photo in read_folder(folder, "val")} == val


def test_a_fifth_is_held_out() -> None:
    splits = [split_of(f"2008_{number:06}.jpg") for number in range(5000)]
    assert 900 < splits.count("val") < 1100
    assert split_of("2007_000063.jpg") == "train"  # as it was when models were trained


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([], "not a list of boxes"),
        ("dog", "not a list of boxes"),
        ([{"box": [0, 0, 1, 1]}], "'name' is not a text"),
        ([{"name": "dog"}], "'box' is not a list"),
        ([{"name": "dog", "box": [0, 0, 1]}], "'box' is not"),
        ([{"name": "dog", "box": [0, 0, 1, "1"]}], "'box' is not"),
        ([{"name": "dog", "box": [0.5, 0, 0.2, 1]}], "'box' is not"),
        ([{"name": "dog", "box": [0, 0, 120, 80]}], "'box' is not"),
    ],
)
def test_entries_that_make_no_sense(folder: Path, entries: object, complaint: str) -> None:
    write(folder, {"0.jpg": entries})
    with pytest.raises(DataError, match=rf"boxes\.json, 0\.jpg.*{complaint}"):
        read_folder(folder, split_of("0.jpg"))


def test_names_that_lead_elsewhere(folder: Path) -> None:
    write(folder, {"../0.jpg": [DOG]})
    with pytest.raises(DataError, match="is not a file name"):
        read_folder(folder, "val")


def test_a_check_misses_no_captions(folder: Path) -> None:
    report = check_folder(folder, fast=True)
    assert sum(report.photos.values()) == 40
    assert not report.findings


def test_words_that_name_animals() -> None:
    said = ["a", "puppy", "chases", "calves", "past", "lambs", "and", "a", "pony"]
    assert named_animals(said) == {"dog", "cow", "sheep", "horse"}
    assert named_animals(["a", "boxer", "hits"]) == set()
    assert len(frozenset().union(*ANIMAL_WORDS.values())) == sum(map(len, ANIMAL_WORDS.values()))
