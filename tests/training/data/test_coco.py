"""The reader of this project's own COCO folders."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from PIL import Image

from training.data.photos import CaptionedPhoto, DataError
from training.data.registry import read_source


def read(folder: Path) -> list[CaptionedPhoto]:
    return read_source(f"coco:{folder.name}", folder.parent)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    for number in (42, 73, 99):
        Image.new("RGB", (8, 8)).save(tmp_path / f"images/COCO_val2014_{number:012d}.jpg")
    captions = {"42": ["A dog. ", "One dog."], "73": ["A cat."], "1": ["Nobody's."]}
    write(tmp_path, json.dumps(captions))
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "captions_val2014.json.gz").write_bytes(gzip.compress(text.encode()))


def test_photos_that_have_captions(folder: Path) -> None:
    photos = read(folder)
    assert [(p.name[-6:], p.captions) for p in photos] == [
        ("42.jpg", ("A dog.", "One dog.")), ("73.jpg", ("A cat.",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place"), [("{", "1:2"), ("", "1:1"), ('{"42":\n ["A dog."', "2:11")]
)
def test_broken_json_is_named_with_line_and_column(folder: Path, text: str, place: str) -> None:
    write(folder, text)
    with pytest.raises(DataError, match=rf"captions_val2014\.json\.gz:{place}: not JSON"):
        read(folder)


def test_captions_that_are_not_gzipped(folder: Path) -> None:
    (folder / "captions_val2014.json.gz").write_text("{}")
    with pytest.raises(DataError, match="not gzipped JSON"):
        read(folder)


def test_nothing_fits(folder: Path) -> None:
    write(folder, "{}")
    with pytest.raises(DataError, match="no photo that has a caption"):
        read(folder)


def test_no_captions(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="needs one captions_"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("own", "complaint"),
    [
        ('"A dog."', r"json\.gz, 42: not a list"),
        ('["A dog.", 7]', r"42\[1\]: not a text"),
        ('["A dog.", " "]', r"42\[1\]: the caption is empty"),
    ],
)
def test_entries_that_make_no_sense(folder: Path, own: str, complaint: str) -> None:
    write(folder, f'{{"42": {own}}}')
    with pytest.raises(DataError, match=complaint):
        read(folder)


def test_a_gzip_file_cut_off(folder: Path) -> None:
    path = folder / "captions_val2014.json.gz"
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(DataError, match="not gzipped JSON"):
        read(folder)
