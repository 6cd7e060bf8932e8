"""VizWiz-Captions: rejected and precanned captions are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.layouts import make_vizwiz, sentence, write_json
from training.data.reader_base import DataError
from training.data.registry import read_source
from training.data.vizwiz import VIZWIZ


@pytest.fixture
def vizwiz(tmp_path: Path) -> Path:
    return make_vizwiz(tmp_path / "vizwiz")


def test_what_people_really_said(vizwiz: Path) -> None:
    photos = read_source("vizwiz:vizwiz:train", vizwiz.parent)
    names = [f"VizWiz_train_{n:08d}.jpg" for n in range(2)]
    assert [p.name for p in photos] == names  # the third has precanned captions only
    assert photos[0].captions == tuple(sentence(names[0], k) for k in range(2))
    assert photos[1].captions == (sentence(names[1], 1),)
    assert len(read_source("vizwiz:vizwiz:val", vizwiz.parent)) == 1


def test_what_was_left_out_is_said(vizwiz: Path) -> None:
    contents = VIZWIZ.contents(vizwiz, None)
    assert contents.notes == (
        "train: 3 rejected or precanned captions left out, and 1 photos that had no other",
    )
    assert [photo.left_out for photo in contents.photos] == [0, 1, 0]


def test_the_test_split_has_no_public_captions(vizwiz: Path) -> None:
    with pytest.raises(DataError, match="no split 'test'; it has train, val"):
        read_source("vizwiz:vizwiz:test", vizwiz.parent)


def test_broken_entries_are_named(vizwiz: Path) -> None:
    write_json(vizwiz / "annotations/val.json", {"images": [], "annotations": [{"image_id": 1}]})
    with pytest.raises(DataError, match=r"val\.json, annotations\[0\]: 'caption' is not a text"):
        read_source("vizwiz:vizwiz:val", vizwiz.parent)
