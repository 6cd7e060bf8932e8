"""COCO's layout, this project's own of it, Karpathy's splits, and VizWiz."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.layouts import make_coco, make_karpathy_coco, make_vizwiz, sentence, write_json
from training.data.coco import VIZWIZ
from training.data.reader_base import CaptionedPhoto, DataError
from training.data.registry import read_source, read_sources, read_texts


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


def test_captions_of_photos_that_are_not_there_are_texts(folder: Path) -> None:
    """Each caption is in one of both: those of 42 and 73, whose photos are there, are none."""
    assert read_texts(f"coco:{folder.name}", folder.parent) == ["Nobody's."]
    Image.new("RGB", (8, 8)).save(folder / "images/COCO_val2014_000000000001.jpg")
    with pytest.raises(DataError, match=r"'coco:.*': has no captions without photos"):
        read_texts(f"coco:{folder.name}", folder.parent)


@pytest.mark.parametrize(
    ("captions", "complaint"),
    [
        ({"1": ["Nobody's.", ""]}, r"json\.gz, 1\[1\]: the caption is empty"),
        ({"1": "Nobody's."}, r"json\.gz, 1: not a list of captions"),
    ],
)
def test_broken_texts_are_named(folder: Path, captions: object, complaint: str) -> None:
    write(folder, json.dumps(captions))
    with pytest.raises(DataError, match=complaint):
        read_texts(f"coco:{folder.name}", folder.parent)


def test_texts_that_are_not_there(folder: Path) -> None:
    with pytest.raises(DataError, match=r"needs one captions_\*\.json\.gz, has 0"):
        read_texts("coco:images", folder)
    with pytest.raises(DataError, match=r"flickr8k has no captions without photos; .* of coco"):
        read_texts("flickr8k:images", folder)
    with pytest.raises(DataError, match="there is no reader 'cocoa'"):
        read_texts("cocoa:images", folder)
    with pytest.raises(DataError, match=r"en\.none\.json\.gz: no such file"):
        read_texts("en.none", folder)


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


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    return make_coco(tmp_path / "coco")


def read_official(folder: Path, split: str = "train2017") -> list[CaptionedPhoto]:
    return read_source(f"coco-captions:{folder}:{split}", folder)


def change(path: Path, edit: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text())
    edit(document)
    path.write_text(json.dumps(document))


def test_a_split_is_called_as_its_file(coco: Path) -> None:
    train, val = read_official(coco), read_official(coco, "val2014")
    assert [p.path for p in train] == [
        coco / "train2017/000000000139.jpg", coco / "train2017/000000000285.jpg",
    ]  # fmt: skip
    assert train[1].captions == tuple(sentence("000000000285.jpg", k) for k in range(2))
    assert [p.name for p in val] == ["COCO_val2014_000000000042.jpg"]


def test_photos_below_images(coco: Path) -> None:
    (coco / "images").mkdir()
    (coco / "train2017").rename(coco / "images/train2017")
    assert read_official(coco)[0].path == coco / "images/train2017/000000000139.jpg"


def test_line_breaks_in_captions_become_spaces(coco: Path) -> None:
    path = coco / "annotations/captions_train2017.json"
    change(path, lambda d: d["annotations"][0].update(caption=" A dog\n  and a cat.\n"))
    assert read_official(coco)[0].captions[0] == "A dog and a cat."


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda d: d.pop("images"), r"train2017\.json: has no list 'images'"),
        (lambda d: d.update(annotations=7), r"has no list 'annotations'"),
        (lambda d: d["annotations"][2].pop("image_id"), r"annotations\[2\]: 'image_id' is not a w"),
        (lambda d: d["annotations"][1].update(caption=None), r"annotations\[1\]: 'caption' is not"),
        (lambda d: d["annotations"][1].update(caption=" "), r"\[1\]: the caption of image 285 is"),
        (lambda d: d["annotations"].append("dog"), r"annotations\[4\]: 'image_id'"),
        (lambda d: d["images"][1].update(file_name=3), r"images\[1\]: 'file_name' is not a text"),
        (lambda d: d["images"][1].update(id=True), r"images\[1\]: 'id' is not a whole number"),
        (lambda d: d["images"][1].update(id=139), r"images\[1\]: image 139 is named again"),
        (lambda d: d["images"].pop(), r"annotations\[1\]: a caption of image 285, which"),
        (
            lambda d: d["images"][0].update(file_name="../x.jpg"),
            r"images\[0\]: .*is not a file name",
        ),
        (lambda d: d["images"][0].update(file_name="/etc/x"), r"images\[0\]: .*not a file name"),
        (lambda d: d["images"][0].update(file_name="no.jpg"), r"images\[0\]: .*no\.jpg is missing"),
        (lambda d: d.update(annotations=[]), r"images\[0\]: 000000000139\.jpg has no caption"),
    ],
)
def test_broken_entries_are_named(
    coco: Path, edit: Callable[[Any], object], complaint: str
) -> None:
    change(coco / "annotations/captions_train2017.json", edit)
    with pytest.raises(DataError, match=complaint):
        read_official(coco)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"images":\n [}', r"captions_train2017\.json:2:3: not JSON"),
        ("[]", "holds no JSON object"),
        ("[" * 100_000, "nested too deep"),
        ("\xff", "not UTF-8"),
    ],
)
def test_files_that_are_no_data_set(coco: Path, text: str, complaint: str) -> None:
    (coco / "annotations/captions_train2017.json").write_text(text, encoding="latin-1")
    with pytest.raises(DataError, match=complaint):
        read_official(coco)


def test_what_is_not_there(coco: Path) -> None:
    with pytest.raises(DataError, match=r"captions_val2017\.json: no such file"):
        read_official(coco, "val2017")
    with pytest.raises(DataError, match="has no split 'train'; it has train2014"):
        read_official(coco, "train")


def test_karpathys_four_splits(tmp_path: Path) -> None:
    make_karpathy_coco(tmp_path)
    splits = ("train", "restval", "val", "test")
    photos = read_sources(tuple(f"coco-karpathy:.:{split}" for split in splits), tmp_path)
    assert [p.name for p in photos] == [
        "train2014/COCO_train2014_000000000009.jpg",
        "val2014/COCO_val2014_000000000074.jpg",
        "val2014/COCO_val2014_000000000073.jpg",
        "val2014/COCO_val2014_000000000042.jpg",
    ]
    assert all(len(p.captions) == 5 for p in photos)


def test_karpathys_file_among_the_annotations_and_photos_below_images(tmp_path: Path) -> None:
    make_karpathy_coco(tmp_path)
    for below, name in (("annotations", "dataset_coco.json"), ("images", "val2014")):
        (tmp_path / below).mkdir()
        (tmp_path / name).rename(tmp_path / below / name)
    assert len(read_source("coco-karpathy:.:restval", tmp_path)) == 1


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda i: i.pop("filename"), r"images\[3\]: 'filename' is not a text"),
        (lambda i: i.pop("split"), r"images\[3\]: 'split' is not a text"),
        (lambda i: i.update(sentences=None), r"images\[3\]: 'sentences' is not a list"),
        (lambda i: i["sentences"][4].pop("raw"), r"images\[3\]\.sentences\[4\]: 'raw' is not"),
        (lambda i: i["sentences"][4].update(raw=""), r"sentences\[4\]: the caption is empty"),
        (lambda i: i.update(filepath="../.."), r"images\[3\]: .* is not a file name"),
        (lambda i: i.update(filepath=["x"]), r"images\[3\]: .* is missing"),
        (lambda i: i.update(sentences=[]), r"images\[3\]: .* has no caption"),
    ],
)
def test_broken_entries_of_karpathys(
    tmp_path: Path, edit: Callable[[Any], object], complaint: str
) -> None:
    make_karpathy_coco(tmp_path)
    change(tmp_path / "dataset_coco.json", lambda d: edit(d["images"][3]))
    with pytest.raises(DataError, match=complaint):
        read_source("coco-karpathy:.:restval", tmp_path)


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


def test_broken_entries_of_vizwiz_are_named(vizwiz: Path) -> None:
    write_json(vizwiz / "annotations/val.json", {"images": [], "annotations": [{"image_id": 1}]})
    with pytest.raises(DataError, match=r"val\.json, annotations\[0\]: 'caption' is not a text"):
        read_source("vizwiz:vizwiz:val", vizwiz.parent)
