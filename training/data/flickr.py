"""Flickr8k (Hodosh, Young & Hockenmaier 2013) and Flickr30k (Young et al. 2014), in all layouts.

Flickr8k comes in two:

- the authors': `Flickr8k.token.txt` holds `NAME.jpg#K<TAB>CAPTION`, one caption a line; a text file
  a split names its photos; the photos lie in `Images/` (or `Flicker8k_Dataset/`, as the authors
  wrote it);
- Kaggle's (adityajn105/flickr8k): `captions.txt`, comma-separated with the heading `image,caption`,
  and `Images/`; it has no splits, so all photos are one, `all`, unless the authors' files that name
  splits lie beside it.

Flickr30k in three:

- the authors': `results_20130124.token`, as Flickr8k's token file, and `flickr30k-images/`;
- Kaggle's (hsankesara/flickr-image-dataset): `results.csv` with the heading
  `image_name| comment_number| comment` and no quoting, in a folder that holds
  `flickr30k_images/` once more. Its line 20001 is broken: `2199200615.jpg| 4   A dog runs …`
  lacks the second separator, and is read as it was meant only where the source says `lenient`;
- Karpathy's: `dataset_flickr30k.json` (`dataset.json` in his archive), the only one with splits.

If a folder has several, Karpathy's is preferred, then the authors'.
"""

from __future__ import annotations

import re
from pathlib import Path

from training.data.coco import karpathy_contents
from training.data.reader_base import (
    SHOWN,
    BrokenEntry,
    CaptionEntry,
    DataError,
    DatasetContents,
    Reader,
    first_folder,
    photo_entries,
    table_captions,
    text_lines,
    token_captions,
)

_SPLITS_8K = {
    "train": "Flickr_8k.trainImages.txt",
    "dev": "Flickr_8k.devImages.txt",
    "test": "Flickr_8k.testImages.txt",
    "unassigned": "Flickr_8k.unassignedImages.txt",
}
_TOKENS_8K = "Flickr8k.token.txt"
_TABLE_8K = "captions.txt"
_HEADING = re.compile(rb"(\xef\xbb\xbf)?image,\s*caption\b", re.IGNORECASE)
_ALL = "all"
_IMAGES_8K = ("Images", "Flicker8k_Dataset", "Flickr8k_Dataset", "images")


def _contents_8k(folder: Path, split: str | None) -> DatasetContents:
    is_table = not (folder / _TOKENS_8K).is_file() and _is_table(folder / _TABLE_8K)
    captions, broken = (
        table_captions(folder / _TABLE_8K) if is_table else token_captions(folder / _TOKENS_8K)
    )
    images = first_folder([folder / name for name in _IMAGES_8K], folder)
    here = [s for s, name in _SPLITS_8K.items() if (folder / name).is_file()]
    if split == _ALL or (split is None and is_table and not here):
        all_names = {name: own[0].where for name, own in captions.items()}
        photos = photo_entries(_ALL, all_names, captions, images, broken)
        return DatasetContents(tuple(photos), tuple(broken), (images,))
    if split is not None and is_table and split not in here:
        raise DataError(
            f"{folder}: only {_SPLITS_8K[split]} says which photos are {split!r}; without it "
            f"there is one split, {_ALL!r}"
        )
    if split is None and not here:
        raise DataError(f"{folder}: has no file that names a split, such as {_SPLITS_8K['train']}")
    photos = []
    for one in here if split is None else [split]:
        path = folder / _SPLITS_8K[one]
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
    layout=f"{_TOKENS_8K}, Flickr_8k.trainImages.txt …, or {_TABLE_8K}; Images/",
    splits=(*_SPLITS_8K, _ALL),
    recognises=lambda folder: (folder / _TOKENS_8K).is_file() or _is_table(folder / _TABLE_8K),
    contents=_contents_8k,
)


_TOKENS_30K = "results_20130124.token"
_TABLES_30K = ("results.csv", "flickr30k_images/results.csv")
_SPLITS_30K = ("dataset_flickr30k.json", "dataset.json")
_IMAGES_30K = (
    "flickr30k_images/flickr30k_images", "flickr30k-images", "flickr30k_images", "images", "Images",
)  # fmt: skip
_ROW = re.compile(r"^(?P<name>[^|]+)\|\s*(?P<number>\d+)\s*\|(?P<caption>.*)$")
_MEANT = re.compile(r"^(?P<name>[^|]+)\|\s*(?P<number>\d+)\s+(?P<caption>[^|]+)$")


def _contents_30k(folder: Path, split: str | None) -> DatasetContents:
    images = first_folder([folder / name for name in _IMAGES_30K], folder)
    splits = _first(folder, _SPLITS_30K)
    if splits is not None:
        own = None if split == "all" else split
        return karpathy_contents(splits, images, own, of="flickr30k")
    if split not in {None, "all"}:
        raise DataError(
            f"{folder}: only {' or '.join(_SPLITS_30K)} says which photos are {split!r}; without "
            "it there is one split, 'all'"
        )
    tokens, table = _first(folder, (_TOKENS_30K,)), _first(folder, _TABLES_30K)
    if tokens is not None:
        captions, broken = token_captions(tokens)
    elif table is not None:
        captions, broken = _table(table)
    else:
        raise DataError(
            f"{folder}: has none of {_TOKENS_30K}, {_TABLES_30K[0]}, {', '.join(_SPLITS_30K)}"
        )
    names = {name: own[0].where for name, own in captions.items()}
    photos = photo_entries("all", names, captions, images, broken)
    return DatasetContents(tuple(photos), tuple(broken), (images,))


def _table(path: Path) -> tuple[dict[str, list[CaptionEntry]], list[BrokenEntry]]:
    captions: dict[str, list[CaptionEntry]] = {}
    broken: list[BrokenEntry] = []
    for number, line in enumerate(text_lines(path), 1):
        if not line.strip() or (number == 1 and line.startswith("image_name|")):
            continue
        where = f"{path}:{number}"
        match = _ROW.match(line)
        if match is None:
            match = _MEANT.match(line)
            fault = "lacks its second separator" if match else "not NAME.jpg| K| CAPTION"
            broken.append(BrokenEntry(where, f"{fault}: {line[:SHOWN]!r}"))
        if match is None:
            continue
        name, text = match["name"].strip(), match["caption"].strip()
        if text:
            captions.setdefault(name, []).append(CaptionEntry(text, where))
        else:
            broken.append(BrokenEntry(where, f"{name}: the caption is empty"))
    return captions, broken


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)


FLICKR30K = Reader(
    name="flickr30k",
    layout=f"{_TOKENS_30K}, results.csv or dataset_flickr30k.json, flickr30k-images/",
    splits=("train", "val", "test", "all"),
    recognises=lambda folder: _first(folder, (_TOKENS_30K, *_TABLES_30K, *_SPLITS_30K)) is not None,
    contents=_contents_30k,
)
