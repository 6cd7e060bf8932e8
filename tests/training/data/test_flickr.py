"""Flickr8k and Flickr30k in all their layouts."""

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
from tests.support.shapes import make_flickr8k
from training.data.check import FindingKind, check_folder
from training.data.flickr import FLICKR8K
from training.data.reader_base import CaptionedPhoto, DataError
from training.data.registry import read_folder, read_source


def read_8k(folder: Path, split: str) -> list[CaptionedPhoto]:
    return read_folder(folder, split, reader=FLICKR8K)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_flickr8k(tmp_path / "flickr8k", train=6, dev=3)


def test_photos_and_captions(folder: Path) -> None:
    photos = read_8k(folder, "train")
    assert [p.name for p in photos] == [f"{n:04d}.jpg" for n in range(6)]
    assert photos[1].captions == (
        "A green circle on a white ground .",
        "There is a green circle .",
    )
    assert all(p.path.is_file() for p in photos)


def test_the_authors_own_folder_name(folder: Path) -> None:
    (folder / "Images").rename(folder / "Flicker8k_Dataset")
    assert len(read_8k(folder, "dev")) == 3


def test_blank_lines_and_windows_line_ends_do_not_matter(folder: Path) -> None:
    for name in ("Flickr8k.token.txt", "Flickr_8k.devImages.txt"):
        text = (folder / name).read_text()
        (folder / name).write_bytes(text.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    assert read_8k(folder, "dev")[0].captions[0] == "A red circle on a white ground ."


@pytest.mark.parametrize(
    "line", ["no tab at all", "a.jpg\tA dog .", "a.jpg#x\tA dog .", "a.jpg#0\t", "a.jpg#0\t  "]
)
def test_broken_lines_are_named(folder: Path, line: str) -> None:
    with (folder / "Flickr8k.token.txt").open("a") as tokens:
        tokens.write(line + "\n")
    with pytest.raises(DataError, match=r"Flickr8k\.token\.txt:19: "):
        read_8k(folder, "train")


def test_a_photo_without_a_file_is_named(folder: Path) -> None:
    (folder / "Images" / "0004.jpg").unlink()
    with pytest.raises(DataError, match=r"trainImages\.txt:5: .*0004\.jpg is missing"):
        read_8k(folder, "train")


def test_a_photo_without_a_caption_is_named(folder: Path) -> None:
    with (folder / "Flickr_8k.devImages.txt").open("a") as names:
        names.write("stranger.jpg\n")
    with pytest.raises(DataError, match=r"devImages\.txt:4: stranger\.jpg has no caption"):
        read_8k(folder, "dev")


def test_an_empty_split(folder: Path) -> None:
    (folder / "Flickr_8k.devImages.txt").write_text("\n\n")
    with pytest.raises(DataError, match="names no photo"):
        read_8k(folder, "dev")


def test_a_split_that_is_not_there(folder: Path) -> None:
    with pytest.raises(DataError, match=r"testImages\.txt: no such file"):
        read_8k(folder, "test")
    with pytest.raises(DataError, match="no split 'validation'"):
        read_8k(folder, "validation")


def test_bytes_that_are_no_text(folder: Path) -> None:
    (folder / "Flickr8k.token.txt").write_bytes(b"a.jpg#0\tA dog .\na.jpg#1\tA caf\xe9 .\n")
    with pytest.raises(DataError, match=r"token\.txt:2: not UTF-8"):
        read_8k(folder, "train")


def test_a_folder_without_photos(folder: Path) -> None:
    (folder / "Images").rename(folder / "elsewhere")
    with pytest.raises(DataError, match="has neither"):
        read_8k(folder, "train")


def test_broken_lines_can_be_passed_over(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (folder / "Flickr8k.token.txt").open("a") as tokens:
        tokens.write("no tab at all\n0002.jpg#2\t \n")
    source = "flickr8k:flickr8k:train"
    with pytest.raises(DataError, match=r"token\.txt:19: .*and 1 more"):
        read_source(source, folder.parent)
    assert len(read_source(f"{source}:lenient", folder.parent)) == 6
    assert "passed over 2 broken entries" in caplog.text


def test_a_name_that_leads_out_of_the_folder(folder: Path) -> None:
    (folder / "Flickr_8k.devImages.txt").write_text("0006.jpg\n../../0007.jpg\n")
    with pytest.raises(DataError, match=r"devImages\.txt:2: .* is not a file name"):
        read_8k(folder, "dev")


def test_a_photo_named_twice(folder: Path) -> None:
    (folder / "Flickr_8k.devImages.txt").write_text("0006.jpg\n0007.jpg\n0006.jpg\n")
    with pytest.raises(DataError, match=r"devImages\.txt:3: .*again, first in .*:1"):
        read_8k(folder, "dev")


@pytest.fixture
def kaggle(folder: Path) -> Path:
    """Kaggle's copy: one table, no file that names splits."""
    names = [f"{number:04d}.jpg" for number in range(9)]
    rows = ["image,caption"]
    for name in names:
        rows += [
            f"{name},A dog runs .",
            f'{name},"A ""big"" dog, and a cat ."',
            f"{name},One cat, two dogs .",
        ]
    (folder / "captions.txt").write_text("\r\n".join(rows) + "\r\n", encoding="utf-8")
    for path in (folder / "Flickr8k.token.txt", *folder.glob("Flickr_8k.*.txt")):
        path.rename(folder.parent / path.name)
    return folder


def test_kaggles_copy(kaggle: Path) -> None:
    photos = read_source("flickr8k:flickr8k:all", kaggle.parent)
    assert [photo.name for photo in photos] == [f"{n:04d}.jpg" for n in range(9)]
    assert photos[0].captions == ("A dog runs .", 'A "big" dog, and a cat .', "One cat, two dogs .")
    report = check_folder(kaggle)
    assert (report.reader, report.findings) == ("flickr8k", ())
    assert report.photos == {"all": 9}


def test_kaggles_copy_with_the_authors_splits(kaggle: Path) -> None:
    with pytest.raises(DataError, match=r"only Flickr_8k.devImages.txt says .*'all'"):
        read_source("flickr8k:flickr8k:dev", kaggle.parent)
    (kaggle.parent / "Flickr_8k.devImages.txt").rename(kaggle / "Flickr_8k.devImages.txt")
    photos = read_source("flickr8k:flickr8k:dev", kaggle.parent)
    assert [photo.name for photo in photos] == ["0006.jpg", "0007.jpg", "0008.jpg"]
    assert check_folder(kaggle).photos == {"dev": 3}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("0001.jpg", "not NAME.jpg,CAPTION"),
        ("0001.jpg,  ", "the caption is empty"),
        (",A dog .", "the caption is empty"),
        ("../../0001.jpg,A dog .", "is not a file name"),
    ],
)
def test_broken_rows_of_kaggles_copy_are_named(kaggle: Path, row: str, said: str) -> None:
    with (kaggle / "captions.txt").open("a") as table:
        table.write(row + "\n")
    with pytest.raises(DataError, match=rf"captions\.txt:29: .*{said}"):
        read_source("flickr8k:flickr8k:all", kaggle.parent)


def test_captions_of_something_else_are_not_taken_for_it(kaggle: Path) -> None:
    (kaggle / "captions.txt").write_text("name;text\n")
    with pytest.raises(DataError, match="not the layout of a known data set"):
        check_folder(kaggle)


def test_what_a_mac_keeps_beside_photos_is_no_photo(folder: Path) -> None:
    for path in [*(folder / "Images").iterdir()]:
        path.with_name(f"._{path.name}").write_bytes(b"\0\5\x16\7" + bytes(60))
    assert check_folder(folder).notes == ()


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
