"""Flickr8k in its original layout (Hodosh, Young & Hockenmaier 2013).

`Flickr8k.token.txt` holds `NAME.jpg#K<TAB>CAPTION`, one caption a line; a text file a split
names its photos; the photos lie in `Images/` (or `Flicker8k_Dataset/`, as the authors wrote it).
"""

from __future__ import annotations

import re
from pathlib import Path

from training.data.photos import CaptionedPhoto, DataError

SPLIT_FILES = {
    "train": "Flickr_8k.trainImages.txt",
    "dev": "Flickr_8k.devImages.txt",
    "test": "Flickr_8k.testImages.txt",
    "unassigned": "Flickr_8k.unassignedImages.txt",
}
_LINE = re.compile(r"^(?P<name>[^#\t]+)#(?P<number>\d+)\t(?P<caption>.*)$")


def read_flickr8k(folder: Path, split: str) -> list[CaptionedPhoto]:
    """The photos of a split ("train", "dev", "test", "unassigned"), in its file's order.

    Raises DataError for a missing file, a broken line (named by number), a photo without a
    caption or without a file, and an empty split.
    """
    if split not in SPLIT_FILES:
        raise DataError(f"Flickr8k has no split {split!r}; it has {', '.join(SPLIT_FILES)}")
    captions = _captions(folder / "Flickr8k.token.txt")
    split_file = folder / SPLIT_FILES[split]
    names = [line.strip() for line in _lines(split_file) if line.strip()]
    if not names:
        raise DataError(f"{split_file}: names no photo")
    images = _image_folder(folder)
    photos = []
    for number, name in enumerate(names, 1):
        if name not in captions:
            raise DataError(f"{split_file}:{number}: {name} has no caption")
        path = images / name
        if not path.is_file():
            raise DataError(f"{split_file}:{number}: {path} is missing")
        photos.append(CaptionedPhoto(name, path, tuple(captions[name])))
    return photos


def _captions(token_file: Path) -> dict[str, list[str]]:
    captions: dict[str, list[str]] = {}
    for number, line in enumerate(_lines(token_file), 1):
        if not line.strip():
            continue
        match = _LINE.match(line)
        if match is None or not match["caption"].strip():
            raise DataError(f"{token_file}:{number}: not NAME.jpg#K<TAB>CAPTION: {line[:60]!r}")
        captions.setdefault(match["name"], []).append(match["caption"].strip())
    return captions


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file; is this a Flickr8k folder?") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text (byte {error.start})") from error


def _image_folder(folder: Path) -> Path:
    for name in ("Images", "Flicker8k_Dataset", "Flickr8k_Dataset"):
        if (folder / name).is_dir():
            return folder / name
    raise DataError(f"{folder}: has neither Images/ nor Flicker8k_Dataset/")
