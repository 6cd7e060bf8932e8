"""Photos that no person captioned: with boxes, with captions of a model, alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from PIL import Image

from captioner.captioner import Captioner
from captioner.language.english import ANIMAL_WORDS, named_animals
from tests.support.models import save_small_checkpoint
from training.data.check import FindingKind, check_folder
from training.data.reader_base import CaptionedPhoto, DataError, Region
from training.data.registry import guess_reader, read_folder, read_source
from training.data.uncaptioned import DESCRIBED_FILE, PHOTOS_ONLY, split_of, write_described
from training.evaluation.evaluate import evaluate

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


REGION = Region("cow", (0.1, 0.2, 0.5, 0.75))


def described(folder: Path) -> list[CaptionedPhoto]:
    images = folder / "images"
    images.mkdir()
    photos = []
    for name in ("a.jpg", "b.jpg"):
        Image.new("RGB", (8, 8)).save(images / name)
        photos.append(CaptionedPhoto(name, images / name, (), (REGION,)))
    return photos


def test_they_are_read_as_they_were_written(tmp_path: Path) -> None:
    photos = described(tmp_path)
    write_described(tmp_path / "out", photos, {"a.jpg": ["a cow", "a cow eats"], "b.jpg": []})
    (found,) = read_source("described:out", tmp_path)  # none was written of b.jpg
    assert found == CaptionedPhoto("a.jpg", photos[0].path, ("a cow", "a cow eats"), (REGION,))
    assert guess_reader(tmp_path / "out").name == "described"


@pytest.mark.parametrize(
    "document",
    [
        {"folder": "/somewhere", "photos": []},
        {"photos": {}},
        {"folder": ".", "photos": {"a.jpg": {"captions": ["x"]}}},
        {"folder": ".", "photos": {"../a.jpg": {"captions": ["x"], "regions": []}}},
    ],
)
def test_what_is_not_such_a_file_is_refused(document: object, tmp_path: Path) -> None:
    (tmp_path / DESCRIBED_FILE).write_bytes(gzip.compress(json.dumps(document).encode()))
    with pytest.raises(DataError):
        read_source("described:.", tmp_path)


def test_every_photo_of_a_folder_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "some"
    folder.mkdir()
    for name in ("b.JPG", "a.png", "._a.png"):
        Image.new("RGB", (8, 8)).save(folder / name)
    (folder / "notes.txt").write_text("no photo")
    photos = read_source("photos:some", tmp_path)
    assert [(one.name, one.captions) for one in photos] == [("a.png", ()), ("b.JPG", ())]


def test_captions_are_missed_by_nobody_but_who_scores(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    kinds = {one.kind for one in check_folder(tmp_path, reader=PHOTOS_ONLY).findings}
    assert FindingKind.NO_CAPTION not in kinds
    captioner = Captioner.load(save_small_checkpoint(tmp_path / "small.safetensors"), device="cpu")
    with pytest.raises(DataError, match="have no captions that others could be scored by"):
        list(evaluate(captioner, tmp_path, split="all", reader=PHOTOS_ONLY, beam_size=2))


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    for folder, reason in (("none", "has no photos"), ("nowhere", "cannot be read")):
        with pytest.raises(DataError, match=reason):
            read_source(f"photos:{folder}", tmp_path)
