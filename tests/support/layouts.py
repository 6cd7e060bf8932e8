"""Small data sets in the layouts that their authors gave them, drawn by us."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.shapes import COLOURS, SHAPES, draw

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
