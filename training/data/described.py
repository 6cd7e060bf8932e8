"""Photos with captions that a model wrote, to train another model on (self-training).

`captionbot data describe` writes `described.json.gz` into a folder: {"folder": the photos' folder,
"photos": {"NAME.jpg": {"captions": [caption, …], "regions": [{"name": "dog", "box": [x1, y1, x2,
y2]}, …]}}}. The photos stay in their folder.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.data.parsing import load_object
from training.data.reader_base import (
    BrokenEntry,
    CaptionedPhoto,
    CaptionEntry,
    DataError,
    DatasetContents,
    PhotoEntry,
    Reader,
    Region,
    path_inside,
)

FILE = "described.json.gz"


def write_described(
    folder: Path, photos: Sequence[CaptionedPhoto], captions: Mapping[str, Sequence[str]]
) -> Path:
    """Write the captions of photos, which lie in one folder; returns the file's path.

    Raises DataError where it cannot be written.
    """
    path = folder / FILE
    document = {
        "folder": str(photos[0].path.resolve().parent),
        "photos": {
            photo.name: {
                "captions": list(captions[photo.name]),
                "regions": [{"name": r.name, "box": list(r.box)} for r in photo.regions],
            }
            for photo in photos
            if captions.get(photo.name)
        },
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with gzip.GzipFile(path, "wb", mtime=0) as file:
            file.write(json.dumps(document).encode())
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error}") from error
    return path


def _contents(folder: Path, _split: str | None) -> DatasetContents:
    path = folder / FILE
    document = load_object(path)
    images, entries = document.get("folder"), document.get("photos")
    if not isinstance(images, str) or not isinstance(entries, dict):
        raise DataError(f"{path}: was not written by `captionbot data describe`")
    photos: list[PhotoEntry] = []
    broken: list[BrokenEntry] = []
    for name, entry in entries.items():
        where = f"{path}, {name}"
        file = path_inside(Path(images), name)
        try:
            captions = tuple(CaptionEntry(str(text), where) for text in entry["captions"])
            regions = tuple(Region(str(one["name"]), _box(one["box"])) for one in entry["regions"])
        except (KeyError, TypeError, ValueError):
            broken.append(BrokenEntry(where, "not captions and regions"))
            continue
        if file is None:
            broken.append(BrokenEntry(where, f"{name[:60]!r} is not a file name"))
        else:
            photos.append(PhotoEntry(name, file, "all", captions, where, regions=regions))
    return DatasetContents(tuple(photos), tuple(broken), (Path(images),))


def _box(corners: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(corner) for corner in corners)
    return left, top, right, bottom


DESCRIBED = Reader(
    name="described",
    layout=FILE,
    splits=("all",),
    recognises=lambda folder: (folder / FILE).is_file(),
    contents=_contents,
)
