"""Flickr30k (Young et al. 2014), in its three usual layouts.

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

from training.data.karpathy import karpathy_contents
from training.data.parsing import SHOWN, first_folder, text_lines, token_captions
from training.data.reader_base import (
    BrokenEntry,
    CaptionEntry,
    DataError,
    DatasetContents,
    Reader,
    photo_entries,
)

_TOKENS = "results_20130124.token"
_TABLES = ("results.csv", "flickr30k_images/results.csv")
_SPLITS = ("dataset_flickr30k.json", "dataset.json")
_IMAGES = (
    "flickr30k_images/flickr30k_images", "flickr30k-images", "flickr30k_images", "images", "Images",
)  # fmt: skip
_ROW = re.compile(r"^(?P<name>[^|]+)\|\s*(?P<number>\d+)\s*\|(?P<caption>.*)$")
_MEANT = re.compile(r"^(?P<name>[^|]+)\|\s*(?P<number>\d+)\s+(?P<caption>[^|]+)$")


def _contents(folder: Path, split: str | None) -> DatasetContents:
    images = first_folder([folder / name for name in _IMAGES], folder)
    splits = _first(folder, _SPLITS)
    if splits is not None:
        own = None if split == "all" else split
        return karpathy_contents(splits, images, own, of="flickr30k")
    if split not in {None, "all"}:
        raise DataError(
            f"{folder}: only {' or '.join(_SPLITS)} says which photos are {split!r}; without it "
            "there is one split, 'all'"
        )
    tokens, table = _first(folder, (_TOKENS,)), _first(folder, _TABLES)
    if tokens is not None:
        captions, broken = token_captions(tokens)
    elif table is not None:
        captions, broken = _table(table)
    else:
        raise DataError(f"{folder}: has none of {_TOKENS}, {_TABLES[0]}, {', '.join(_SPLITS)}")
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
    layout=f"{_TOKENS}, results.csv or dataset_flickr30k.json, flickr30k-images/",
    splits=("train", "val", "test", "all"),
    recognises=lambda folder: _first(folder, (_TOKENS, *_TABLES, *_SPLITS)) is not None,
    contents=_contents,
)
