"""Small data sets in the layouts that their authors gave them, drawn by us.

`LAYOUTS` at the end has an example of each reader whose photos people captioned. The readers' tests
run on all of them: each is recognised, evaluated, and read with broken files.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.shapes import COLOURS, SHAPES, draw, make_flickr8k

FLICKR30K_NAMES = ("1000092795.jpg", "10002456.jpg", "1000268201.jpg")


def draw_photos(folder: Path, names: Iterable[str]) -> None:
    """Photos of those names, every one another."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        rng = random.Random(f"{folder.name}/{name}")
        photo = draw(list(COLOURS)[number % 3], SHAPES[number % 2], rng)
        photo.save(folder / name, quality=90)


def sentence(name: str, number: int) -> str:
    """The caption number `number` of a photo."""
    return f"Photo {name.partition('.')[0]} shows the shape number {number} ."


def write_json(path: Path, document: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def make_flickr30k(folder: Path) -> Path:
    """The authors' layout: three photos, five captions each."""
    draw_photos(folder / "flickr30k-images", FLICKR30K_NAMES)
    lines = [f"{n}#{k}\t{sentence(n, k)}" for n in FLICKR30K_NAMES for k in range(5)]
    text = "\n".join(lines) + "\n"
    (folder / "results_20130124.token").write_text(text, encoding="utf-8")
    return folder


def make_kaggle_flickr30k(folder: Path, *, broken: bool = True) -> Path:
    """Kaggle's layout, with its broken line as the last but one."""
    names = (*FLICKR30K_NAMES, "2199200615.jpg", "2199250692.jpg")
    draw_photos(folder / "flickr30k_images", names)
    rows = ["image_name| comment_number| comment"]
    rows += [f"{n}| {k}| {sentence(n, k)}" for n in names for k in range(5)]
    if broken:
        assert rows[20].startswith("2199200615.jpg| 4|")
        rows[20] = "2199200615.jpg| 4   A dog runs across the grass ."
    (folder / "results.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def karpathy_image(name: str, split: str, **more: object) -> dict[str, object]:
    """An item of a Karpathy file, with all its keys."""
    sentences = [
        {"tokens": sentence(name, k).lower().split(), "raw": sentence(name, k), "imgid": 0,
         "sentid": k}
        for k in range(5)
    ]  # fmt: skip
    return {"sentids": [0, 1, 2, 3, 4], "imgid": 0, "sentences": sentences, "split": split,
            "filename": name, **more}  # fmt: skip


def make_karpathy_flickr30k(folder: Path) -> Path:
    """Karpathy's file beside the photos, one photo a split."""
    draw_photos(folder / "flickr30k-images", FLICKR30K_NAMES)
    splits = zip(FLICKR30K_NAMES, ("train", "val", "test"), strict=True)
    images = [karpathy_image(name, split) for name, split in splits]
    write_json(folder / "dataset_flickr30k.json", {"images": images, "dataset": "flickr30k"})
    return folder


def make_karpathy_coco(folder: Path) -> Path:
    """Karpathy's file over COCO 2014, a photo in each of its four splits."""
    where = {
        "COCO_train2014_000000000009.jpg": ("train2014", "train"),
        "COCO_val2014_000000000042.jpg": ("val2014", "test"),
        "COCO_val2014_000000000073.jpg": ("val2014", "val"),
        "COCO_val2014_000000000074.jpg": ("val2014", "restval"),
    }
    images = []
    for name, (below, split) in where.items():
        draw_photos(folder / below, [name])
        images.append(karpathy_image(name, split, filepath=below, cocoid=int(name[-10:-4])))
    write_json(folder / "dataset_coco.json", {"images": images, "dataset": "coco"})
    return folder


def coco_document(names: Mapping[int, str], **flags: object) -> dict[str, object]:
    """A captions file as COCO's: photos by number, two captions each; flags to each caption."""
    return {
        "info": {"description": "COCO 2017 Dataset", "year": 2017},
        "licenses": [{"id": 1, "name": "drawn by us", "url": ""}],
        "images": [
            {"license": 1, "file_name": name, "height": 64, "width": 64, "id": number}
            for number, name in names.items()
        ],
        "annotations": [
            {"image_id": number, "id": 10 * number + k, "caption": sentence(name, k), **flags}
            for k in range(2)
            for number, name in names.items()
        ],
    }


def make_coco(folder: Path) -> Path:
    """The official layout: train2017 with two photos, val2014 with one."""
    splits = {
        "train2017": {139: "000000000139.jpg", 285: "000000000285.jpg"},
        "val2014": {42: "COCO_val2014_000000000042.jpg"},
    }
    for split, names in splits.items():
        draw_photos(folder / split, names.values())
        write_json(folder / f"annotations/captions_{split}.json", coco_document(names))
    write_json(folder / "annotations/instances_val2014.json", {"images": [], "annotations": []})
    return folder


def make_vizwiz(folder: Path) -> Path:
    """VizWiz-Captions: in train a photo with a rejected and one with precanned captions only."""
    names = {n: f"VizWiz_train_{n:08d}.jpg" for n in range(3)}
    draw_photos(folder / "train", names.values())
    train = coco_document(names, is_precanned=False, is_rejected=False, text_detected=True)
    annotations = train["annotations"]
    assert isinstance(annotations, list)
    annotations[1] |= {"caption": "buy cheap watches", "is_rejected": True}
    for annotation in annotations:
        if annotation["image_id"] == 2:
            annotation |= {"is_precanned": True, "caption": "Quality issues are too severe."}
    write_json(folder / "annotations/train.json", train)
    draw_photos(folder / "val", ["VizWiz_val_00000000.jpg"])
    val = coco_document({0: "VizWiz_val_00000000.jpg"}, is_precanned=False, is_rejected=False)
    write_json(folder / "annotations/val.json", val)
    write_json(folder / "annotations/test.json", {"images": []})
    return folder


def make_coco_folder(folder: Path) -> Path:
    """This project's own layout: a photo with two captions, and a caption of another one."""
    name = "COCO_val2014_000000000042.jpg"
    draw_photos(folder / "images", [name])
    document = json.dumps({"42": ["A red disc .", "A disc ."], "43": ["Text alone ."]})
    (folder / "captions_val2014.json.gz").write_bytes(gzip.compress(document.encode()))
    return folder


@dataclass(frozen=True, slots=True)
class Layout:
    """A data set in one layout, and what its reader finds there."""

    reader: str  # its name
    make: Callable[[Path], Path]  # makes the folder and returns it
    file: str  # one of its files; what is read from it when it is broken is tried
    split: str
    photos: int  # in that split


def _small_flickr8k(folder: Path) -> Path:
    return make_flickr8k(folder, train=2, dev=1)


def _whole_kaggle_flickr30k(folder: Path) -> Path:
    return make_kaggle_flickr30k(folder, broken=False)


LAYOUTS = {
    "flickr8k-tokens": Layout("flickr8k", _small_flickr8k, "Flickr8k.token.txt", "train", 2),
    "flickr8k-split": Layout("flickr8k", _small_flickr8k, "Flickr_8k.trainImages.txt", "train", 2),
    "flickr30k-tokens": Layout("flickr30k", make_flickr30k, "results_20130124.token", "all", 3),
    "flickr30k-table": Layout("flickr30k", _whole_kaggle_flickr30k, "results.csv", "all", 5),
    "flickr30k-karpathy": Layout(
        "flickr30k", make_karpathy_flickr30k, "dataset_flickr30k.json", "val", 1
    ),
    "karpathy": Layout("coco-karpathy", make_karpathy_coco, "dataset_coco.json", "val", 1),
    "coco": Layout("coco-captions", make_coco, "annotations/captions_val2014.json", "val2014", 1),
    "vizwiz": Layout("vizwiz", make_vizwiz, "annotations/train.json", "train", 2),
    "coco-gz": Layout("coco", make_coco_folder, "captions_val2014.json.gz", "all", 1),
}
