"""The reader of Flickr8k folders: what it reads, and what it says of broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shapes import make_flickr8k
from training.data.check import check_folder
from training.data.flickr8k import read_flickr8k
from training.data.reader_base import DataError
from training.data.registry import read_source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_flickr8k(tmp_path / "flickr8k", train=6, dev=3)


def test_photos_and_captions(folder: Path) -> None:
    photos = read_flickr8k(folder, "train")
    assert [p.name for p in photos] == [f"{n:04d}.jpg" for n in range(6)]
    assert photos[1].captions == (
        "A green circle on a white ground .",
        "There is a green circle .",
    )
    assert all(p.path.is_file() for p in photos)


def test_the_authors_own_folder_name(folder: Path) -> None:
    (folder / "Images").rename(folder / "Flicker8k_Dataset")
    assert len(read_flickr8k(folder, "dev")) == 3


def test_blank_lines_and_windows_line_ends_do_not_matter(folder: Path) -> None:
    for name in ("Flickr8k.token.txt", "Flickr_8k.devImages.txt"):
        text = (folder / name).read_text()
        (folder / name).write_bytes(text.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    assert read_flickr8k(folder, "dev")[0].captions[0] == "A red circle on a white ground ."


@pytest.mark.parametrize(
    "line", ["no tab at all", "a.jpg\tA dog .", "a.jpg#x\tA dog .", "a.jpg#0\t", "a.jpg#0\t  "]
)
def test_broken_lines_are_named(folder: Path, line: str) -> None:
    with (folder / "Flickr8k.token.txt").open("a") as tokens:
        tokens.write(line + "\n")
    with pytest.raises(DataError, match=r"Flickr8k\.token\.txt:19: "):
        read_flickr8k(folder, "train")


def test_a_photo_without_a_file_is_named(folder: Path) -> None:
    (folder / "Images" / "0004.jpg").unlink()
    with pytest.raises(DataError, match=r"trainImages\.txt:5: .*0004\.jpg is missing"):
        read_flickr8k(folder, "train")


def test_a_photo_without_a_caption_is_named(folder: Path) -> None:
    with (folder / "Flickr_8k.devImages.txt").open("a") as names:
        names.write("stranger.jpg\n")
    with pytest.raises(DataError, match=r"devImages\.txt:4: stranger\.jpg has no caption"):
        read_flickr8k(folder, "dev")


def test_an_empty_split(folder: Path) -> None:
    (folder / "Flickr_8k.devImages.txt").write_text("\n\n")
    with pytest.raises(DataError, match="names no photo"):
        read_flickr8k(folder, "dev")


def test_a_split_that_is_not_there(folder: Path) -> None:
    with pytest.raises(DataError, match=r"testImages\.txt: no such file"):
        read_flickr8k(folder, "test")
    with pytest.raises(DataError, match="no split 'validation'"):
        read_flickr8k(folder, "validation")


def test_bytes_that_are_no_text(folder: Path) -> None:
    (folder / "Flickr8k.token.txt").write_bytes(b"a.jpg#0\tA dog .\na.jpg#1\tA caf\xe9 .\n")
    with pytest.raises(DataError, match=r"token\.txt:2: not UTF-8"):
        read_flickr8k(folder, "train")


def test_a_folder_without_photos(folder: Path) -> None:
    (folder / "Images").rename(folder / "elsewhere")
    with pytest.raises(DataError, match="has neither"):
        read_flickr8k(folder, "train")


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
        read_flickr8k(folder, "dev")


def test_a_photo_named_twice(folder: Path) -> None:
    (folder / "Flickr_8k.devImages.txt").write_text("0006.jpg\n0007.jpg\n0006.jpg\n")
    with pytest.raises(DataError, match=r"devImages\.txt:3: .*again, first in .*:1"):
        read_flickr8k(folder, "dev")


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
