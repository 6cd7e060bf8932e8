"""Data sets by name."""

from __future__ import annotations

from pathlib import Path

from training.data.coco import read_coco_folder
from training.data.flickr8k import read_flickr8k
from training.data.photos import CaptionedPhoto, DataError


def read_source(source: str, base: Path) -> list[CaptionedPhoto]:
    """The photos of a source written `READER:FOLDER[:SPLIT]`, the folder relative to `base`.

    For example `flickr8k:flickr8k:train` or `coco:coco`. Raises DataError.
    """
    reader, _, rest = source.partition(":")
    folder, _, split = rest.partition(":")
    if reader == "flickr8k" and split:
        return read_flickr8k(base / folder, split)
    if reader == "coco" and not split:
        return read_coco_folder(base / folder)
    raise DataError(f"{source!r} is no source; write flickr8k:FOLDER:SPLIT or coco:FOLDER")


def read_sources(sources: tuple[str, ...], base: Path) -> list[CaptionedPhoto]:
    """The photos of several sources, one after the other."""
    return [photo for source in sources for photo in read_source(source, base)]
