"""Data sets by name, and readers guessed from folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.layouts import (
    make_coco,
    make_flickr30k,
    make_kaggle_flickr30k,
    make_karpathy_coco,
    make_karpathy_flickr30k,
    make_vizwiz,
)
from tests.support.shapes import make_flickr8k
from training.data.reader_base import DataError
from training.data.registry import guess_reader, read_folder, read_source, read_sources


def make_small_flickr8k(folder: Path) -> Path:
    return make_flickr8k(folder, train=6, dev=3)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (make_small_flickr8k, "flickr8k"),
        (make_flickr30k, "flickr30k"),
        (make_kaggle_flickr30k, "flickr30k"),
        (make_karpathy_flickr30k, "flickr30k"),
        (make_coco, "coco-captions"),
        (make_karpathy_coco, "coco-karpathy"),
        (make_vizwiz, "vizwiz"),
    ],
)
def test_layouts_are_recognised(tmp_path: Path, make: Callable[[Path], Path], name: str) -> None:
    assert guess_reader(make(tmp_path / "data")).name == name


def test_layouts_that_are_not(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not the layout .* flickr8k \(Flickr8k\.token\.txt, "):
        guess_reader(tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        guess_reader(tmp_path / "absent")
    make_karpathy_coco(make_coco(tmp_path))
    with pytest.raises(DataError, match="may be read as coco-captions or coco-karpathy; say"):
        guess_reader(tmp_path)


def test_several_data_sets_in_one_run(tmp_path: Path) -> None:
    make_small_flickr8k(tmp_path / "f8k")
    make_vizwiz(tmp_path / "blind")
    sources = ("flickr8k:f8k:train", "flickr8k:f8k:val", "vizwiz:blind:dev")
    assert len(read_sources(sources, tmp_path)) == 6 + 3 + 1


def test_a_folder_read_without_naming_its_reader(tmp_path: Path) -> None:
    assert len(read_folder(make_vizwiz(tmp_path), "dev")) == 1


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("", "is not a source; write READER:FOLDER"),
        ("flickr8k", "is not a source"),
        ("flickr8k::train", "is not a source"),
        ("flickr8k:x:train:generous", "is not a source"),
        ("flickr8k:x:train:lenient:", "is not a source"),
        ("imagenet:x:y", "no reader 'imagenet'; there are flickr8k, flickr30k, coco-captions"),
        ("flickr8k:x", "needs a split: train, dev, test, unassigned"),
        ("flickr8k:x:trian", "no split 'trian'; it has train"),
        ("coco:x:y", "no split 'y'; it has all"),
        ("flickr8k:x:train", r"'flickr8k:x:train': .*Flickr8k\.token\.txt: no such file"),
    ],
)
def test_sources_that_are_none(tmp_path: Path, source: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        read_source(source, tmp_path)
