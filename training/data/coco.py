"""COCO photos in a folder, with captions in one JSON file: {"image id": [caption, …]}."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from pathlib import Path

from training.data.photos import CaptionedPhoto, DataError

_NAME = re.compile(r"COCO_\w+_0*(?P<id>\d+)\.jpg$")


def read_coco_folder(folder: Path) -> list[CaptionedPhoto]:
    """Every photo in `folder/images` with its captions from `folder/captions_*.json.gz`.

    Raises DataError where the captions are missing or broken, or no photo has one.
    """
    files = sorted(folder.glob("captions_*.json.gz"))
    if len(files) != 1:
        raise DataError(f"{folder}: needs one captions_*.json.gz, has {len(files)}")
    try:
        with gzip.open(files[0], "rt", encoding="utf-8") as opened:
            captions = json.load(opened)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise DataError(f"{files[0]}: not gzipped JSON: {error}") from error
    photos = []
    for path in sorted((folder / "images").glob("*.jpg")):
        match = _NAME.match(path.name)
        own = captions.get(match["id"]) if match else None
        if own:
            photos.append(CaptionedPhoto(path.name, path, tuple(c.strip() for c in own)))
    if not photos:
        raise DataError(f"{folder}/images: no photo with a caption in {files[0].name}")
    return photos
