"""COCO captions (Chen et al. 2015, arXiv 1504.00325) in three layouts, and VizWiz in COCO's.

`coco-captions` is the authors' layout. `annotations/captions_train2017.json`, `…val2014.json` and
so on have `images` (`id`, `file_name`) and `annotations` (`image_id`, `caption`), see "Data format"
on cocodataset.org; the photos are in `train2017/`, `val2014/` … or in such a folder below
`images/`. The file names give the splits.

`coco` is this project's own layout for a part of COCO: `images/COCO_val2014_000000000042.jpg` and
one JSON file, `captions_val2014.json.gz`, with {"image id": [caption, …]}. Captions of photos that
are not in `images/` may serve as text.

`vizwiz` are photos taken by blind people (Gurari et al. 2020, arXiv 2002.08565):
`annotations/train.json` and `val.json` are laid out as COCO's, photos lie in `train/` and `val/`
(vizwiz.org/tasks-and-datasets/image-captioning). Each annotation also has `is_rejected` (spam)
and `is_precanned` ("Quality issues are too severe …"): the authors score without both, and so
both are left out here. `text_detected` only says that there is text in the photo; such captions
stay. Captions of the test split are not public.

`coco-karpathy` has the splits of Karpathy & Fei-Fei (2015), used by most papers: one JSON file a
data set, here `dataset_coco.json`. `images` is a list of `filename`, `split` and `sentences`
(`raw`), for COCO also `filepath`, the folder (`val2014`). From
cs.stanford.edu/people/karpathy/deepimagesent. COCO has four splits: papers train on `train` and
`restval` together, which here are two sources of one run. Flickr30k's file is read in the same way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from training.data.reader_base import (
    BrokenEntry,
    CaptionEntry,
    DataError,
    DatasetContents,
    PhotoEntry,
    Reader,
    field,
    first_folder,
    items,
    load_object,
    path_inside,
)

SPLITS = ("train2014", "val2014", "train2017", "val2017")
_FILE = re.compile(r"captions_(?P<split>\w+)\.json$")


def _contents(folder: Path, split: str | None) -> DatasetContents:
    here = [split] if split else _splits(folder)
    if not here:
        raise DataError(f"{folder}/annotations: has no captions_*.json")
    photos: list[PhotoEntry] = []
    broken: list[BrokenEntry] = []
    folders = []
    for one in here:
        path = folder / "annotations" / f"captions_{one}.json"
        document = load_object(path)
        images = first_folder([folder / one, folder / "images" / one], folder)
        folders.append(images)
        captions, left_out = annotation_captions(path, document, broken)
        photos += image_entries(path, document, one, images, captions, broken, left_out)
    return DatasetContents(tuple(photos), tuple(broken), tuple(folders))


def _splits(folder: Path) -> list[str]:
    found = (_FILE.match(path.name) for path in sorted((folder / "annotations").glob("*.json")))
    return [match["split"] for match in found if match]


def annotation_captions(
    path: Path, document: dict[str, object], broken: list[BrokenEntry]
) -> tuple[dict[int, list[CaptionEntry]], Counter[int]]:
    """The captions of each image in a COCO-like document, and how many of them are left out.

    Those are left out that VizWiz marks as rejected or precanned. Adds invalid entries to `broken`.
    """
    captions: dict[int, list[CaptionEntry]] = {}
    left_out: Counter[int] = Counter()
    for where, item in items(path, document, "annotations"):
        image = field(item, "image_id", int, where, broken)
        text = field(item, "caption", str, where, broken)
        if image is None or text is None:
            continue
        assert isinstance(item, dict)  # for it had fields
        if item.get("is_rejected") or item.get("is_precanned"):
            left_out[image] += 1
        elif text.strip():
            captions.setdefault(image, []).append(CaptionEntry(text, where))
        else:
            broken.append(BrokenEntry(where, f"the caption of image {image} is empty"))
    return captions, left_out


def image_entries(
    path: Path,
    document: dict[str, object],
    split: str,
    images: Path,
    captions: dict[int, list[CaptionEntry]],
    broken: list[BrokenEntry],
    left_out: Mapping[int, int] = MappingProxyType({}),
) -> list[PhotoEntry]:
    """The photos that `images` in a COCO-like document names, with their captions.

    Adds invalid entries, and captions of images that are not named, to `broken`.
    """
    photos: list[PhotoEntry] = []
    seen: dict[int, str] = {}
    for where, item in items(path, document, "images"):
        number = field(item, "id", int, where, broken)
        name = field(item, "file_name", str, where, broken)
        if number is None or name is None:
            continue
        file = path_inside(images, name)
        if number in seen:
            broken.append(
                BrokenEntry(where, f"image {number} is named again, first in {seen[number]}")
            )
        elif file is None:
            broken.append(BrokenEntry(where, f"{name[:60]!r} is not a file name"))
        else:
            own = tuple(captions.get(number, ()))
            photos.append(PhotoEntry(name, file, split, own, where, left_out.get(number, 0)))
        seen.setdefault(number, where)
    for number in captions.keys() - seen.keys():
        where = captions[number][0].where
        broken.append(
            BrokenEntry(where, f"a caption of image {number}, which `images` does not name")
        )
    return photos


COCO_CAPTIONS = Reader(
    name="coco-captions",
    layout="annotations/captions_train2017.json …, train2017/ …",
    splits=SPLITS,
    recognises=lambda folder: bool(_splits(folder)),
    contents=_contents,
)


_NAME = re.compile(r"COCO_\w+_0*(?P<id>\d+)\.jpg$")


def _captions_file(folder: Path) -> Path:
    files = sorted(folder.glob("captions_*.json.gz"))
    if len(files) != 1:
        raise DataError(f"{folder}: needs one captions_*.json.gz, has {len(files)}")
    return files[0]


def _folder_contents(folder: Path, split: str | None) -> DatasetContents:
    path = _captions_file(folder)
    captions = load_object(path)
    images = folder / "images"
    broken: list[BrokenEntry] = []
    photos, ids = [], _photos_by_id(images)
    for photo, key in ids.items():
        found = _folder_captions(captions.get(key, []), f"{path}, {key}", broken)
        if found or split is None:  # to train on, only those with captions; to check, all
            photos.append(PhotoEntry(photo.name, photo, "all", found, str(photo)))
    unused = len(captions.keys() - set(ids.values()))
    notes = (f"captions of {unused} further photos are there as text",) if unused else ()
    return DatasetContents(tuple(photos), tuple(broken), (images,), notes)


def _photos_by_id(images: Path) -> dict[Path, str]:
    """The photos in a folder in the order of their names, and the image id of each."""
    photos = sorted(images.glob("[!.]*.jpg"))  # not what a Mac keeps beside files
    return {one: match["id"] if (match := _NAME.match(one.name)) else "" for one in photos}


def _captions_without_photos(folder: Path) -> list[str]:
    """The captions of all photos that are not in `images/`. Raises DataError."""
    path = _captions_file(folder)
    there = set(_photos_by_id(folder / "images").values())
    broken: list[BrokenEntry] = []
    found = [
        caption.text
        for key, own in load_object(path).items()
        if key not in there
        for caption in _folder_captions(own, f"{path}, {key}", broken)
    ]
    if broken:
        raise DataError(f"{broken[0].where}: {broken[0].text}")
    return found


def _folder_captions(
    own: object, where: str, broken: list[BrokenEntry]
) -> tuple[CaptionEntry, ...]:
    if not isinstance(own, list):
        broken.append(BrokenEntry(where, "not a list of captions"))
        return ()
    found = []
    for index, text in enumerate(own):
        place = f"{where}[{index}]"
        if not isinstance(text, str):
            broken.append(BrokenEntry(place, "not a text"))
        elif not text.strip():
            broken.append(BrokenEntry(place, "the caption is empty"))
        else:
            found.append(CaptionEntry(text, place))
    return tuple(found)


COCO_FOLDER = Reader(
    name="coco",
    layout="captions_*.json.gz, images/",
    splits=("all",),
    recognises=lambda folder: bool(list(folder.glob("captions_*.json.gz"))),
    contents=_folder_contents,
    captions_without_photos=_captions_without_photos,
)


_VIZWIZ_SPLITS = ("train", "val")


def _vizwiz_file(folder: Path, split: str) -> Path:
    return folder / "annotations" / f"{split}.json"


def _vizwiz_contents(folder: Path, split: str | None) -> DatasetContents:
    here = [split] if split else [s for s in _VIZWIZ_SPLITS if _vizwiz_file(folder, s).is_file()]
    if not here:
        raise DataError(f"{folder}/annotations: has neither train.json nor val.json")
    photos: list[PhotoEntry] = []
    broken: list[BrokenEntry] = []
    folders: list[Path] = []
    notes: list[str] = []
    for one in here:
        path = _vizwiz_file(folder, one)
        document = load_object(path)
        images = first_folder([folder / one, folder / "images" / one], folder)
        folders.append(images)
        captions, left_out = annotation_captions(path, document, broken)
        found = image_entries(path, document, one, images, captions, broken, left_out)
        kept = [photo for photo in found if photo.captions or not photo.left_out]
        photos += kept
        if left_out:
            notes.append(
                f"{one}: {left_out.total()} rejected or precanned captions left out, and "
                f"{len(found) - len(kept)} photos that had no other"
            )
    return DatasetContents(tuple(photos), tuple(broken), tuple(folders), tuple(notes))


VIZWIZ = Reader(
    name="vizwiz",
    layout="annotations/train.json …, train/ …",
    splits=_VIZWIZ_SPLITS,
    recognises=lambda folder: any(
        _vizwiz_file(folder, split).is_file() for split in _VIZWIZ_SPLITS
    ),
    contents=_vizwiz_contents,
)


_KARPATHY_SPLITS = ("train", "restval", "val", "test")
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
            broken.append(BrokenEntry(where, _no_such_split(own, meant, splits)))
        own = meant
        captions = _sentences(item, where, broken)
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


def _no_such_split(name: str, meant: str, splits: tuple[str, ...]) -> str:
    said = f"{name[:60]!r} is no split; there are {', '.join(splits)}"
    return f"{said} (read as {meant!r})" if meant in splits else said


def _sentences(item: object, where: str, broken: list[BrokenEntry]) -> tuple[CaptionEntry, ...]:
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


def _karpathy_file(folder: Path) -> Path:
    below = folder / "annotations" / "dataset_coco.json"
    return below if below.is_file() else folder / "dataset_coco.json"


def _coco_karpathy(folder: Path, split: str | None) -> DatasetContents:
    return karpathy_contents(
        _karpathy_file(folder),
        folder,
        split,
        of="coco",
        splits=_KARPATHY_SPLITS,
        alternatives=(folder / "images",),
    )


COCO_KARPATHY = Reader(
    name="coco-karpathy",
    layout="dataset_coco.json, train2014/, val2014/",
    splits=_KARPATHY_SPLITS,
    recognises=lambda folder: _karpathy_file(folder).is_file(),
    contents=_coco_karpathy,
)
