"""Flickr8k (Hodosh, Young & Hockenmaier 2013), in its two usual layouts.

`Flickr8k.token.txt` holds `NAME.jpg#K<TAB>CAPTION`, one caption a line; a text file a split
names its photos; the photos lie in `Images/` (or `Flicker8k_Dataset/`, as the authors wrote it).
Kaggle's copy (adityajn105/flickr8k) holds `captions.txt`, comma-separated with the heading
`image,caption`, and `Images/`; it has no splits, so all photos are one, `all`, unless the authors'
files that name splits lie beside it.
"""

from __future__ import annotations

import re
from pathlib import Path

from training.data.parsing import first_folder, table_captions, text_lines, token_captions
from training.data.reader_base import (
    BrokenEntry,
    CaptionedPhoto,
    DataError,
    DatasetContents,
    Reader,
    captioned_photos,
    photo_entries,
)

SPLIT_FILES = {
    "train": "Flickr_8k.trainImages.txt",
    "dev": "Flickr_8k.devImages.txt",
    "test": "Flickr_8k.testImages.txt",
    "unassigned": "Flickr_8k.unassignedImages.txt",
}
_TOKENS = "Flickr8k.token.txt"
_TABLE = "captions.txt"
_HEADING = re.compile(rb"(\xef\xbb\xbf)?image,\s*caption\b", re.IGNORECASE)
_ALL = "all"
_IMAGES = ("Images", "Flicker8k_Dataset", "Flickr8k_Dataset", "images")


def read_flickr8k(folder: Path, split: str) -> list[CaptionedPhoto]:
    """The photos of a split ("train", "dev", "test", "unassigned"), in its file's order.

    Raises DataError for a missing file, a broken line (named by number), a photo without a
    caption or without a file, and an empty split.
    """
    if split not in SPLIT_FILES:
        raise DataError(f"Flickr8k has no split {split!r}; it has {', '.join(SPLIT_FILES)}")
    what = str(folder / SPLIT_FILES[split])
    return captioned_photos(_contents(folder, split), what, lenient=False)


def _contents(folder: Path, split: str | None) -> DatasetContents:
    is_table = not (folder / _TOKENS).is_file() and _is_table(folder / _TABLE)
    captions, broken = (
        table_captions(folder / _TABLE) if is_table else token_captions(folder / _TOKENS)
    )
    images = first_folder([folder / name for name in _IMAGES], folder)
    here = [s for s, name in SPLIT_FILES.items() if (folder / name).is_file()]
    if split == _ALL or (split is None and is_table and not here):
        all_names = {name: own[0].where for name, own in captions.items()}
        photos = photo_entries(_ALL, all_names, captions, images, broken)
        return DatasetContents(tuple(photos), tuple(broken), (images,))
    if split is not None and is_table and split not in here:
        raise DataError(
            f"{folder}: only {SPLIT_FILES[split]} says which photos are {split!r}; without it "
            f"there is one split, {_ALL!r}"
        )
    if split is None and not here:
        raise DataError(f"{folder}: has no file that names a split, such as {SPLIT_FILES['train']}")
    photos = []
    for one in here if split is None else [split]:
        path = folder / SPLIT_FILES[one]
        names: dict[str, str] = {}
        for number, line in enumerate(text_lines(path), 1):
            name, where = line.strip(), f"{path}:{number}"
            if name in names:
                broken.append(BrokenEntry(where, f"{name} is named again, first in {names[name]}"))
            elif name:
                names[name] = where
        photos += photo_entries(one, names, captions, images, broken)
    unused = len(captions.keys() - {photo.name for photo in photos}) if split is None else 0
    notes = (f"{unused} photos have captions but are in no split",) if unused else ()
    return DatasetContents(tuple(photos), tuple(broken), (images,), notes)


def _is_table(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _HEADING.match(file.readline(100)) is not None
    except OSError:
        return False


FLICKR8K = Reader(
    name="flickr8k",
    layout=f"{_TOKENS}, Flickr_8k.trainImages.txt …, or {_TABLE}; Images/",
    splits=(*SPLIT_FILES, _ALL),
    recognises=lambda folder: (folder / _TOKENS).is_file() or _is_table(folder / _TABLE),
    contents=_contents,
)
