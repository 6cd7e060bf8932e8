"""A folder of photos without captions, for the stages that need none."""

from __future__ import annotations

from pathlib import Path

from training.data.reader_base import DataError, DatasetContents, PhotoEntry, Reader

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def _contents(folder: Path, _split: str | None) -> DatasetContents:
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
    contents=_contents,
    has_captions=False,
)
