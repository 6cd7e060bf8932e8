"""Photos with named bounding boxes and no captions.

The layout is this project's own: photos in a folder with `boxes.json`, which holds
{"NAME.jpg": [{"name": "dog", "box": [x1, y1, x2, y2]}, …]}; boxes are fractions of the sides.
One photo in five belongs to the split `val`. A hash of its name decides, so the split stays the
same when photos are added or removed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from training.data.parsing import field, load_object
from training.data.reader_base import (
    BrokenEntry,
    DatasetContents,
    PhotoEntry,
    Reader,
    Region,
    path_inside,
)

_FILE = "boxes.json"
_FIFTH = 5


def split_of(name: str) -> str:
    """The split a photo of that name belongs to: "val" or "train"."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    return "train" if number % _FIFTH else "val"


def _contents(folder: Path, split: str | None) -> DatasetContents:
    path = folder / _FILE
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
    layout=f"{_FILE}, photos",
    splits=("train", "val"),
    recognises=lambda folder: (folder / _FILE).is_file(),
    contents=_contents,
)
