"""VizWiz-Captions, photos taken by blind people (Gurari et al. 2020, arXiv 2002.08565).

`annotations/train.json` and `val.json` are laid out as COCO's, photos lie in `train/` and `val/`
(vizwiz.org/tasks-and-datasets/image-captioning). Each annotation also has `is_rejected` (spam)
and `is_precanned` ("Quality issues are too severe …"): the authors score without both, and so
both are left out here. `text_detected` only says that there is text in the photo; such captions
stay. Captions of the test split are not public.
"""

from __future__ import annotations

from pathlib import Path

from training.data.coco import annotation_captions, image_entries
from training.data.parsing import first_folder, load_object
from training.data.reader_base import (
    BrokenEntry,
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
        captions, left_out = annotation_captions(path, document, broken)
        found = image_entries(path, document, one, images, captions, broken, left_out)
        kept = [photo for photo in found if photo.captions or not photo.left_out]
        photos += kept
        if left_out:
            notes.append(
                f"{one}: {left_out.total()} rejected or precanned captions left out, and "
                f"{len(found) - len(kept)} photos that had no other"
            )
    return DatasetContents(tuple(photos), tuple(broken), tuple(folders), tuple(notes))


VIZWIZ = Reader(
    name="vizwiz",
    layout="annotations/train.json …, train/ …",
    splits=_SPLITS,
    recognises=lambda folder: any(_file(folder, split).is_file() for split in _SPLITS),
    contents=_contents,
)
