"""Flickr30k in the three layouts that people have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.layouts import (
    FLICKR30K_NAMES,
    make_flickr30k,
    make_kaggle_flickr30k,
    make_karpathy_flickr30k,
    sentence,
    write_json,
)
from training.data.check import FindingKind, check_folder
from training.data.reader_base import CaptionedPhoto, DataError
from training.data.registry import read_source


def read(folder: Path, split: str) -> list[CaptionedPhoto]:
    return read_source(f"flickr30k:{folder.name}:{split}", folder.parent)


def test_the_authors_layout(tmp_path: Path) -> None:
    photos = read(make_flickr30k(tmp_path), "all")
    assert tuple(p.name for p in photos) == FLICKR30K_NAMES
    assert photos[2].captions == tuple(sentence("1000268201.jpg", k) for k in range(5))
    assert all(p.path.is_file() for p in photos)


def test_a_broken_line_of_the_authors_file(tmp_path: Path) -> None:
    with (make_flickr30k(tmp_path) / "results_20130124.token").open("a") as tokens:
        tokens.write("1000092795.jpg A dog without a number .\n")
    with pytest.raises(DataError, match=r"results_20130124\.token:16: not NAME"):
        read(tmp_path, "all")


def test_kaggles_layout(tmp_path: Path) -> None:
    photos = read(make_kaggle_flickr30k(tmp_path, broken=False), "all")
    assert len(photos) == 5
    assert photos[0].captions[4] == sentence("1000092795.jpg", 4)


def test_kaggles_archive_as_it_is_unpacked(tmp_path: Path) -> None:
    make_kaggle_flickr30k(tmp_path / "flickr30k_images", broken=False)
    photos = read(tmp_path, "all")
    assert photos[0].path == tmp_path / "flickr30k_images/flickr30k_images/1000092795.jpg"


def test_kaggles_broken_line_is_named(tmp_path: Path) -> None:
    make_kaggle_flickr30k(tmp_path)
    with pytest.raises(DataError, match=r"results\.csv:21: lacks its second sep.*2199200615"):
        read(tmp_path, "all")


def test_kaggles_broken_line_is_read_as_it_was_meant_where_told(tmp_path: Path) -> None:
    photos = read(make_kaggle_flickr30k(tmp_path), "all:lenient")
    assert photos[3].name == "2199200615.jpg"
    assert photos[3].captions[4] == "A dog runs across the grass ."


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("no separator", r"results\.csv:27: not NAME"),
        ("a.jpg| x| A dog .", r"results\.csv:27: not NAME"),
        ("a.jpg| 0|  ", r"results\.csv:27: a\.jpg: the caption is empty"),
    ],
)
def test_other_broken_rows(tmp_path: Path, row: str, complaint: str) -> None:
    with (make_kaggle_flickr30k(tmp_path, broken=False) / "results.csv").open("a") as rows:
        rows.write(row + "\n")
    with pytest.raises(DataError, match=complaint):
        read(tmp_path, "all")


def test_a_separator_in_a_caption_belongs_to_it(tmp_path: Path) -> None:
    with (make_kaggle_flickr30k(tmp_path, broken=False) / "results.csv").open("a") as rows:
        rows.write("2199250692.jpg| 5| A sign says | stop | .\n")
    assert read(tmp_path, "all")[4].captions[5] == "A sign says | stop | ."


@pytest.mark.parametrize("name", ["dataset_flickr30k.json", "dataset.json"])
def test_karpathys_splits(tmp_path: Path, name: str) -> None:
    make_karpathy_flickr30k(tmp_path)
    (tmp_path / "dataset_flickr30k.json").rename(tmp_path / name)
    names = {split: [p.name for p in read(tmp_path, split)] for split in ("train", "dev", "test")}
    expected = zip(("train", "dev", "test"), FLICKR30K_NAMES, strict=True)
    assert names == {split: [one] for split, one in expected}
    assert len(read(tmp_path, "all")) == 3


def test_karpathys_file_of_another_data_set(tmp_path: Path) -> None:
    make_karpathy_flickr30k(tmp_path)
    (tmp_path / "dataset_flickr30k.json").unlink()
    write_json(tmp_path / "dataset.json", {"images": [], "dataset": "flickr8k"})
    with pytest.raises(DataError, match="is about 'flickr8k', not 'flickr30k'"):
        read(tmp_path, "train")


def test_splits_that_nothing_says(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"only dataset_flickr30k\.json .* says which"):
        read(make_flickr30k(tmp_path), "train")


def test_no_captions_and_no_photos(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has neither flickr30k_images"):
        read(tmp_path, "all")
    (tmp_path / "images").mkdir()
    with pytest.raises(DataError, match=r"has none of results_20130124\.token"):
        read(tmp_path, "all")


def test_a_split_that_karpathys_file_calls_otherwise(tmp_path: Path) -> None:
    """It is reported once; what is plainly meant is read."""
    folder = make_karpathy_flickr30k(tmp_path)
    path = folder / "dataset_flickr30k.json"
    text = path.read_text()
    path.write_text(text.replace('"split": "val"', '"split": "validation"'))
    report = check_folder(folder)
    (finding,) = report.findings
    assert finding.kind is FindingKind.BROKEN
    assert finding.where == f"{path}, images[1]"
    assert finding.text == ("'validation' is no split; there are train, val, test (read as 'val')")
    assert report.photos == {"train": 1, "val": 1, "test": 1}
    assert [photo.name for photo in read(folder, "val")] == [FLICKR30K_NAMES[1]]
    assert len(read(folder, "train")) == 1
    path.write_text(text.replace('"split": "val"', '"split": "minival"'))
    (finding,) = check_folder(folder).findings
    assert finding.text == "'minival' is no split; there are train, val, test"
