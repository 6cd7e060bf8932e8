"""Data sets by name, readers guessed from folders, and captions in other languages."""

from __future__ import annotations

import gzip
import json
import logging
import re
from pathlib import Path

import pytest

from tests.support.layouts import LAYOUTS, Layout, make_coco, make_karpathy_coco, make_vizwiz
from tests.support.shapes import make_flickr8k
from training.data.captions import tokenize_captions
from training.data.reader_base import DataError
from training.data.registry import (
    READERS,
    guess_reader,
    read_folder,
    read_source,
    read_sources,
)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layouts_are_recognised_and_read(tmp_path: Path, layout: Layout) -> None:
    folder = layout.make(tmp_path / "data")
    assert guess_reader(folder).name == layout.reader
    assert len(read_folder(folder, layout.split)) == layout.photos


def test_every_reader_has_a_layout_that_is_tried() -> None:
    """Who adds a reader adds a layout of it to `tests/support/layouts.py`."""
    uncaptioned = {"boxes", "described", "photos"}  # see test_uncaptioned
    assert {layout.reader for layout in LAYOUTS.values()} | uncaptioned == READERS.keys()


def test_every_reader_is_in_the_table_of_the_manual() -> None:
    manual = Path(__file__).parents[3] / "docs" / "training.md"
    section = manual.read_text(encoding="utf-8").partition("## Data sets")[2].partition("\n###")[0]
    assert set(re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)) == READERS.keys()


def test_layouts_that_are_not(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not the layout .* flickr8k \(Flickr8k\.token\.txt, "):
        guess_reader(tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        guess_reader(tmp_path / "absent")
    make_karpathy_coco(make_coco(tmp_path))
    with pytest.raises(DataError, match="may be read as coco-captions or coco-karpathy; say"):
        guess_reader(tmp_path)


def test_several_data_sets_in_one_run(tmp_path: Path) -> None:
    make_flickr8k(tmp_path / "f8k", train=6, dev=3)
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


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    make_flickr8k(folder / "shapes", train=4, dev=2)
    return folder


def put(data: Path, captions: object, name: str = "de.json.gz") -> Path:
    folder = data / "languages"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    text = json.dumps(captions)
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def test_photos_have_the_captions_of_the_file(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(data, {"0000.jpg": ["Ein roter  Kreis."], "0002.jpg": ["Ein Kreis.", "Blau."], "x.jpg": []})
    with caplog.at_level(logging.INFO):
        photos = read_source("flickr8k:shapes:train@de", data)
    assert [(p.name, p.captions, p.language) for p in photos] == [
        ("0000.jpg", ("Ein roter Kreis.",), "de"),
        ("0002.jpg", ("Ein Kreis.", "Blau."), "de"),
    ]
    assert "has captions of 2 of 4 photos" in caplog.text
    assert tokenize_captions(photos)[0] == [["Ein", "roter", "Kreis"]]


def test_a_file_of_another_name_in_the_same_language(data: Path) -> None:
    put(data, {"0000.jpg": ["Un círculo rojo."]}, "es.mt.json.gz")
    photos = read_source("flickr8k:shapes:train@es.mt", data)
    assert [(p.captions, p.language) for p in photos] == [(("Un círculo rojo.",), "es")]
    with pytest.raises(DataError, match=r"neither has es\.json\.gz"):
        read_source("flickr8k:shapes:train@es", data)


def test_a_plain_file_in_the_folder_itself(data: Path) -> None:
    own = data / "shapes" / "languages"
    own.mkdir()
    (own / "pt.json").write_text('{"0004.jpg": ["Um quadrado."]}', encoding="utf-8")
    assert [p.language for p in read_folder(data / "shapes", "dev@pt")] == ["pt"]


def test_sources_of_several_languages_keep_theirs(data: Path) -> None:
    put(data, {"0000.jpg": ["Ein Kreis."]})
    photos = [
        *read_source("flickr8k:shapes:train@de", data),
        *read_source("flickr8k:shapes:dev", data),
    ]
    assert [p.language for p in photos] == ["de", "en", "en"]
    assert tokenize_captions(photos)[1][0][0] == "a"


@pytest.mark.parametrize(
    ("captions", "reason"),
    [
        ({"a.jpg": ["Ein Kreis."]}, "has captions of none of the 4 photos in"),
        ({"0000.jpg": "Ein Kreis."}, "0000.jpg has no list of captions"),
        ({"0000.jpg": [1]}, "0000.jpg has no list of captions"),
        ({"0000.jpg": [" "]}, "0000.jpg has empty captions only"),
        ({"0000.jpg": ["红色的圆。"]}, "only 0 of 1 captions are in Latin letters, as German is"),
        (["Ein Kreis."], "holds no JSON object"),
    ],
)
def test_files_that_make_no_sense(data: Path, captions: object, reason: str) -> None:
    path = put(data, captions)
    with pytest.raises(DataError, match=reason) as raised:
        read_source("flickr8k:shapes:train@de", data)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize(
    ("language", "letters"), [("ar", "Arabic letters"), ("zh", "Chinese characters")]
)
def test_the_wrong_script_of_others(data: Path, language: str, letters: str) -> None:
    put(data, {"0000.jpg": ["a red circle"]}, f"{language}.json.gz")
    with pytest.raises(DataError, match=f"only 0 of 1 captions are in {letters}, as"):
        read_source(f"flickr8k:shapes:train@{language}", data)


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("fr", "neither has fr.json.gz"),
        ("tlh", "captions in 'tlh' cannot be read; there are en, de"),
        ("../x", "cannot be read"),
        ("de./../x", "cannot be read"),
        ("", "captions in '' cannot be read"),
    ],
)
def test_languages_that_are_not_there(data: Path, language: str, reason: str) -> None:
    put(data, {})
    with pytest.raises(DataError, match=reason):
        read_source(f"flickr8k:shapes:train@{language}", data)
