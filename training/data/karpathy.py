"""The splits of Karpathy & Fei-Fei (2015), used by most papers: one JSON file a data set.

`images` is a list of `filename`, `split` and `sentences` (`raw`), for COCO also `filepath`, the
folder (`val2014`). From cs.stanford.edu/people/karpathy/deepimagesent. COCO has four splits:
papers train on `train` and `restval` together, which here are two sources of one run.
"""

from __future__ import annotations

from pathlib import Path

from training.data.parsing import field, items, load_object
from training.data.reader_base import (
    BrokenEntry,
    CaptionEntry,
    DataError,
    DatasetContents,
    PhotoEntry,
    Reader,
    path_inside,
)

_COCO_SPLITS = ("train", "restval", "val", "test")
_MEANT = {"validation": "val", "valid": "val", "dev": "val"}


def karpathy_contents(
    path: Path,
    images: Path,
    split: str | None,
    *,
    of: str,
    splits: tuple[str, ...] = ("train", "val", "test"),
    alternatives: tuple[Path, ...] = (),
) -> DatasetContents:
    """What a Karpathy file names; photos lie in `images`, or where `filepath` says below it.

    `of` is the data set it must be about. Another split than those in `splits` is reported, once
    each, where all are asked for. Raises DataError where it is about another data set.
    """
    document = load_object(path)
    if document.get("dataset", of) != of:
        raise DataError(f"{path}: is about {document['dataset']!r}, not {of!r}")
    photos: list[PhotoEntry] = []
    broken: list[BrokenEntry] = []
    roots = (images, *alternatives)
    strange: set[str] = set()
    for where, item in items(path, document, "images"):
        name = field(item, "filename", str, where, broken)
        own = field(item, "split", str, where, broken)
        if name is None or own is None:
            continue
        meant = _MEANT.get(own, own) if own not in splits else own
        if split is None and own not in splits and own not in strange:
            strange.add(own)
            broken.append(BrokenEntry(where, _no_split(own, meant, splits)))
        own = meant
        captions = _captions(item, where, broken)
        if split is not None and own != split:
            continue
        below = item.get("filepath", "") if isinstance(item, dict) else ""
        full = f"{below}/{name}" if below else name
        found = [file for root in roots if (file := path_inside(root, full))]
        if found:
            file = next((one for one in found if one.is_file()), found[0])
            photos.append(PhotoEntry(full, file, own, captions, where))
        else:
            broken.append(BrokenEntry(where, f"{full[:60]!r} is not a file name"))
    folders = tuple(dict.fromkeys(photo.path.parent for photo in photos))
    return DatasetContents(tuple(photos), tuple(broken), folders)


def _no_split(name: str, meant: str, splits: tuple[str, ...]) -> str:
    said = f"{name[:60]!r} is no split; there are {', '.join(splits)}"
    return f"{said} (read as {meant!r})" if meant in splits else said


def _captions(item: object, where: str, broken: list[BrokenEntry]) -> tuple[CaptionEntry, ...]:
    found = []
    sentences = field(item, "sentences", list, where, broken)
    for index, sentence in enumerate(sentences or []):
        place = f"{where}.sentences[{index}]"
        raw = field(sentence, "raw", str, place, broken)
        if raw is not None and raw.strip():
            found.append(CaptionEntry(raw, place))
        elif raw is not None:
            broken.append(BrokenEntry(place, "the caption is empty"))
    return tuple(found)


def _coco_file(folder: Path) -> Path:
    below = folder / "annotations" / "dataset_coco.json"
    return below if below.is_file() else folder / "dataset_coco.json"


def _coco(folder: Path, split: str | None) -> DatasetContents:
    return karpathy_contents(
        _coco_file(folder),
        folder,
        split,
        of="coco",
        splits=_COCO_SPLITS,
        alternatives=(folder / "images",),
    )


COCO_KARPATHY = Reader(
    name="coco-karpathy",
    layout="dataset_coco.json, train2014/, val2014/",
    splits=_COCO_SPLITS,
    recognises=lambda folder: _coco_file(folder).is_file(),
    contents=_coco,
)
