"""VizWiz-Captions, photos taken by blind people (Gurari et al. 2020, arXiv 2002.08565).

`annotations/train.json` and `val.json` are laid out as COCO's, photos lie in `train/` and `val/`
(vizwiz.org/tasks-and-datasets/image-captioning). Each annotation also has `is_rejected` (spam)
and `is_precanned` ("Quality issues are too severe …"): the authors score without both, and so
both are left out here. `text_detected` only says that there is text in the photo; such captions
stay. Captions of the test split are not public.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from training.data.coco import image_entries
from training.data.parsing import field, first_folder, items, load_object
from training.data.reader_base import (
    BrokenEntry,
    CaptionEntry,
    DataError,
    DatasetContents,
    PhotoEntry,
    Reader,
)

_SPLITS = ("train", "val")


def _file(folder: Path, split: str) -> Path:
    return folder / "annotations" / f"{split}.json"


def _contents(folder: Path, split: str | None) -> DatasetContents:
    here = [split] if split else [s for s in _SPLITS if _file(folder, s).is_file()]
    if not here:
        raise DataError(f"{folder}/annotations: has neither train.json nor val.json")
    photos: list[PhotoEntry] = []
    broken: list[BrokenEntry] = []
    folders: list[Path] = []
    notes: list[str] = []
    for one in here:
        path = _file(folder, one)
        document = load_object(path)
        images = first_folder([folder / one, folder / "images" / one], folder)
        folders.append(images)
        captions, left_out = _captions(path, document, broken)
        found = image_entries(path, document, one, images, captions, broken, left_out)
        kept = [photo for photo in found if photo.captions or not photo.left_out]
        photos += kept
        if left_out:
            notes.append(
                f"{one}: {left_out.total()} rejected or precanned captions left out, and "
                f"{len(found) - len(kept)} photos that had no other"
            )
    return DatasetContents(tuple(photos), tuple(broken), tuple(folders), tuple(notes))


def _captions(
    path: Path, document: dict[str, object], broken: list[BrokenEntry]
) -> tuple[dict[int, list[CaptionEntry]], Counter[int]]:
    captions: dict[int, list[CaptionEntry]] = {}
    left_out: Counter[int] = Counter()
    for where, item in items(path, document, "annotations"):
        image = field(item, "image_id", int, where, broken)
        text = field(item, "caption", str, where, broken)
        if image is None or text is None:
            continue
        assert isinstance(item, dict)  # for it had fields
        if item.get("is_rejected") or item.get("is_precanned"):
            left_out[image] += 1
        elif text.strip():
            captions.setdefault(image, []).append(CaptionEntry(text, where))
        else:
            broken.append(BrokenEntry(where, f"the caption of image {image} is empty"))
    return captions, left_out


VIZWIZ = Reader(
    name="vizwiz",
    layout="annotations/train.json …, train/ …",
    splits=_SPLITS,
    recognises=lambda folder: any(_file(folder, split).is_file() for split in _SPLITS),
    contents=_contents,
)
