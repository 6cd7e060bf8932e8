"""Packing photos: what is damaged is named, and a cache is whole or absent."""

from __future__ import annotations

import contextlib
import resource
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from captioner.model.preprocess import Preprocess
from tests.support.layouts import draw_photos
from training.data.cache import packed_pixels, read_labelled
from training.data.reader_base import CaptionedPhoto, DataError


@pytest.fixture
def photos(tmp_path: Path) -> list[CaptionedPhoto]:
    draw_photos(tmp_path / "photos", ["a.jpg", "b.jpg"])
    return [CaptionedPhoto(p.name, p, ("A shape .",)) for p in sorted(tmp_path.glob("*/*.jpg"))]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    draw_photos(tmp_path / "drawn", ["a.jpg", "b.jpg"])
    path = tmp_path / "classes.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for member in ("train/n01/a.jpg", "train/n02/b.jpg", "val/n02/b.jpg"):
            opened.write(tmp_path / "drawn" / Path(member).name, member)
    return path


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond 4 KiB, and that goes for a file that pytest reports to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_photos_are_decoded_once(tmp_path: Path, photos: list[CaptionedPhoto]) -> None:
    first = packed_pixels(photos, Preprocess(size=32), cache=tmp_path / "cache")
    assert first.shape == (2, 3, 32, 32)
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert packed_pixels(photos, Preprocess(size=32), cache=tmp_path / "cache").equal(first)


def test_they_are_what_serving_sees(tmp_path: Path, photos: list[CaptionedPhoto]) -> None:
    """With a detail and without: neither takes the other's from the cache."""
    for preprocess in (Preprocess(size=64), Preprocess(size=64, detail=32)):
        packed = packed_pixels(photos, preprocess, cache=tmp_path / "cache")
        for pixels, photo in zip(packed, photos, strict=True):
            with Image.open(photo.path) as opened:
                assert torch.equal(pixels, preprocess.to_pixels(opened))


def test_a_photo_that_does_not_decode(tmp_path: Path, photos: list[CaptionedPhoto]) -> None:
    photos[1].path.write_bytes(photos[1].path.read_bytes()[:-300])
    with pytest.raises(DataError, match=r"b\.jpg: does not decode: .*truncated"):
        packed_pixels(photos, Preprocess(size=32), cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, photos: list[CaptionedPhoto], archive: Path
) -> None:
    with full_disk(), pytest.raises(DataError, match=r"photos-.*\.npy: cannot be written"):
        packed_pixels(photos, Preprocess(size=64), cache=tmp_path / "cache")
    with full_disk(), pytest.raises(DataError, match=r"\.pixels\.npy: cannot be written"):
        read_labelled([archive], part="train", size=64, cache=tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_labelled_photos(tmp_path: Path, archive: Path) -> None:
    for part, labels in (("train", [0, 1]), ("val", [1])):
        found = read_labelled([archive], part=part, size=32, cache=tmp_path / "cache")
        assert found.classes == ("n01", "n02")
        assert found.labels.tolist() == labels
        assert found.pixels.shape == (len(labels), 3, 32, 32)
        assert found.pixels.numpy().dtype == np.uint8


def add(archive: Path, member: str, data: bytes) -> None:
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(member, data)


def test_archives_that_are_broken(tmp_path: Path, archive: Path) -> None:
    def read(*, part: str = "train") -> None:
        read_labelled([archive], part=part, size=32, cache=tmp_path / "cache")

    with pytest.raises(DataError, match="no photo under test/"):
        read(part="test")
    add(archive, "val/n99/x.jpg", b"whatever")
    with pytest.raises(DataError, match=r"val/n99/ is a class that has no photo under train/"):
        read(part="val")
    add(archive, "train/n99/x.jpg", b"no photo")
    with pytest.raises(DataError, match=r"classes\.zip, train/n99/x\.jpg: does not decode"):
        read()
    raw = archive.read_bytes()
    archive.write_bytes(raw.replace(b"no photo", b"on photo"))
    with pytest.raises(DataError, match=r"train/n99/x\.jpg: cannot be taken out: .*CRC"):
        read()
    archive.write_bytes(raw[:100])
    with pytest.raises(DataError, match="no readable zip file"):
        read()
    archive.unlink()
    with pytest.raises(DataError, match="no such archive"):
        read()
