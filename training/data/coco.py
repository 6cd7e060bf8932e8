"""COCO photos in a folder, with captions in one JSON file: {"image id": [caption, …]}.

A layout of this project's own, for a part of COCO: `images/COCO_val2014_000000000042.jpg` and
`captions_val2014.json.gz`. Captions of photos that are not in `images/` may serve as text.
"""

from __future__ import annotations

import re
from pathlib import Path

from training.data.parsing import load_object
from training.data.photos import DataError
from training.data.reader_base import Broken, Caption, Contents, Listed, Reader

_NAME = re.compile(r"COCO_\w+_0*(?P<id>\d+)\.jpg$")


def _captions_file(folder: Path) -> Path:
    files = sorted(folder.glob("captions_*.json.gz"))
    if len(files) != 1:
        raise DataError(f"{folder}: needs one captions_*.json.gz, has {len(files)}")
    return files[0]


def _contents(folder: Path, split: str | None) -> Contents:
    path = _captions_file(folder)
    captions = load_object(path)
    images = folder / "images"
    broken: list[Broken] = []
    photos, known = [], set()
    for photo in sorted(images.glob("[!.]*.jpg")):  # not what a Mac keeps beside files
        match = _NAME.match(photo.name)
        key = match["id"] if match else ""
        known.add(key)
        found = _captions(captions.get(key, []), f"{path}, {key}", broken)
        if found or split is None:  # to train on, only those with captions; to check, all
            photos.append(Listed(photo.name, photo, "all", found, str(photo)))
    unused = len(captions.keys() - known)
    notes = (f"captions of {unused} further photos are there as text",) if unused else ()
    return Contents(tuple(photos), tuple(broken), (images,), notes)


def _captions(own: object, where: str, broken: list[Broken]) -> tuple[Caption, ...]:
    if not isinstance(own, list):
        broken.append(Broken(where, "not a list of captions"))
        return ()
    found = []
    for index, text in enumerate(own):
        place = f"{where}[{index}]"
        if not isinstance(text, str):
            broken.append(Broken(place, "not a text"))
        elif not text.strip():
            broken.append(Broken(place, "the caption is empty"))
        else:
            found.append(Caption(text, place))
    return tuple(found)


COCO_FOLDER = Reader(
    name="coco",
    layout="captions_*.json.gz, images/",
    splits=("all",),
    recognises=lambda folder: bool(list(folder.glob("captions_*.json.gz"))),
    contents=_contents,
)
