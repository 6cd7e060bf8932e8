"""The reader of COCO folders."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from PIL import Image

from training.data.coco import read_coco_folder
from training.data.photos import DataError


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
    photos = read_coco_folder(folder)
    assert [(p.name[-6:], p.captions) for p in photos] == [
        ("42.jpg", ("A dog.", "One dog.")), ("73.jpg", ("A cat.",)),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["{", "", '{"42": '])
def test_broken_captions(folder: Path, text: str) -> None:
    write(folder, text)
    with pytest.raises(DataError, match="not gzipped JSON"):
        read_coco_folder(folder)


def test_captions_that_are_not_gzipped(folder: Path) -> None:
    (folder / "captions_val2014.json.gz").write_text("{}")
    with pytest.raises(DataError, match="not gzipped JSON"):
        read_coco_folder(folder)


def test_nothing_fits(folder: Path) -> None:
    write(folder, "{}")
    with pytest.raises(DataError, match="no photo with a caption"):
        read_coco_folder(folder)


def test_no_captions(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="needs one captions_"):
        read_coco_folder(tmp_path)
