"""Photos that a model described."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from PIL import Image

from training.data.described import FILE, write_described
from training.data.reader_base import CaptionedPhoto, DataError, Region
from training.data.registry import guess_reader, read_source

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
    (tmp_path / FILE).write_bytes(gzip.compress(json.dumps(document).encode()))
    with pytest.raises(DataError):
        read_source("described:.", tmp_path)
