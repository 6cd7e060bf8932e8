"""Photos that no person captioned: with boxes, with a model's captions, or with nothing at all.

`boxes` is this project's own layout: photos in a folder with `boxes.json`, which holds
{"NAME.jpg": [{"name": "dog", "box": [x1, y1, x2, y2]}, …]}; boxes are fractions of the sides.
One photo in five belongs to the split `val`. A hash of its name decides, so the split stays the
same when photos are added or removed.

`described` are photos that a model captioned, to train another model on (self-training).
`captionbot data describe` writes `described.json.gz` into a folder: {"folder": the photos' folder,
"photos": {"NAME.jpg": {"captions": [caption, …], "regions": [{"name": "dog", "box": [x1, y1, x2,
y2]}, …]}}}. The photos stay in their folder.

`photos` is a folder of photos alone, for the stages that need no captions.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.data.reader_base import (
    BrokenEntry,
    CaptionedPhoto,
    CaptionEntry,
    DataError,
    DatasetContents,
    PhotoEntry,
    Reader,
    Region,
    field,
    load_object,
    path_inside,
)

_BOXES_FILE = "boxes.json"
_FIFTH = 5


def split_of(name: str) -> str:
    """The split a photo of that name belongs to: "val" or "train"."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    return "train" if number % _FIFTH else "val"


def _boxes_contents(folder: Path, split: str | None) -> DatasetContents:
    path = folder / _BOXES_FILE
    photos: list[PhotoEntry] = []
    broken: list[BrokenEntry] = []
    for name, entries in load_object(path).items():
        where = f"{path}, {name}"
        file = path_inside(folder, name)
        if file is None:
            broken.append(BrokenEntry(where, f"{name[:60]!r} is not a file name"))
        elif split in (None, split_of(name)):
            regions = _regions(entries, where, broken)
            photos.append(PhotoEntry(name, file, split_of(name), (), where, regions=regions))
    return DatasetContents(tuple(photos), tuple(broken), (folder,))


def _regions(entries: object, where: str, broken: list[BrokenEntry]) -> tuple[Region, ...]:
    if not isinstance(entries, list) or not entries:
        broken.append(BrokenEntry(where, "not a list of boxes"))
        return ()
    found = []
    for index, entry in enumerate(entries):
        place = f"{where}[{index}]"
        name, box = field(entry, "name", str, place, broken), _box(entry, place, broken)
        if name is not None and box is not None:
            found.append(Region(name, box))
    return tuple(found)


def _box(
    entry: object, where: str, broken: list[BrokenEntry]
) -> tuple[float, float, float, float] | None:
    corners = field(entry, "box", list, where, broken)
    if corners is None:
        return None
    numbers = [float(c) for c in corners if type(c) in (int, float)]
    if len(corners) == len(numbers) == 4:
        left, top, right, bottom = numbers
        if 0 <= left < right <= 1 and 0 <= top < bottom <= 1:
            return left, top, right, bottom
    broken.append(
        BrokenEntry(where, "'box' is not [left, top, right, bottom] as fractions, 0 to 1")
    )
    return None


BOXES = Reader(
    name="boxes",
    layout=f"{_BOXES_FILE}, photos",
    splits=("train", "val"),
    recognises=lambda folder: (folder / _BOXES_FILE).is_file(),
    contents=_boxes_contents,
)


DESCRIBED_FILE = "described.json.gz"


def write_described(
    folder: Path, photos: Sequence[CaptionedPhoto], captions: Mapping[str, Sequence[str]]
) -> Path:
    """Write the captions of photos, which lie in one folder; returns the file's path.

    Raises DataError where it cannot be written.
    """
    path = folder / DESCRIBED_FILE
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


def _described_contents(folder: Path, _split: str | None) -> DatasetContents:
    path = folder / DESCRIBED_FILE
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
            regions = tuple(
                Region(str(one["name"]), _corners(one["box"])) for one in entry["regions"]
            )
        except (KeyError, TypeError, ValueError):
            broken.append(BrokenEntry(where, "not captions and regions"))
            continue
        if file is None:
            broken.append(BrokenEntry(where, f"{name[:60]!r} is not a file name"))
        else:
            photos.append(PhotoEntry(name, file, "all", captions, where, regions=regions))
    return DatasetContents(tuple(photos), tuple(broken), (Path(images),))


def _corners(corners: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(corner) for corner in corners)
    return left, top, right, bottom


DESCRIBED = Reader(
    name="described",
    layout=DESCRIBED_FILE,
    splits=("all",),
    recognises=lambda folder: (folder / DESCRIBED_FILE).is_file(),
    contents=_described_contents,
)


_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def _photos_contents(folder: Path, _split: str | None) -> DatasetContents:
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"{folder}: cannot be read: {error}") from error
    photos = [
        PhotoEntry(file.name, file, "all", (), str(folder))
        for file in files
        if file.suffix.lower() in _SUFFIXES and not file.name.startswith(".")  # a Mac's notes
    ]
    if not photos:
        raise DataError(f"{folder}: has no photos ({', '.join(sorted(_SUFFIXES))})")
    return DatasetContents(tuple(photos), folders=(folder,))


PHOTOS_ONLY = Reader(
    name="photos",
    layout="photos alone",
    splits=("all",),
    recognises=lambda _: False,  # any other layout has a folder of photos too
    contents=_photos_contents,
    has_captions=False,
)
