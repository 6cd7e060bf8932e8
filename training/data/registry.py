"""Data sets by name, and their captions in other languages.

A source is `READER:FOLDER[:SPLIT[@LANGUAGE][:lenient]]`. Captions of its photos in another language
are in a file `languages/de.json.gz` and the like: an object, {"photo file name": [caption, …]}, as
JSON or gzipped JSON. It lies in a folder `languages/` of the data set or beside it. Where there are
several files in a language, the name says which: "es.mt" is `es.mt.json.gz`, Spanish that a machine
translated.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from captioner.language.writing import ENGLISH, WRITING
from training.data.coco import COCO_CAPTIONS, COCO_FOLDER, COCO_KARPATHY, VIZWIZ
from training.data.flickr import FLICKR8K, FLICKR30K
from training.data.reader_base import (
    CaptionedPhoto,
    DataError,
    Reader,
    captioned_photos,
    load_object,
)
from training.data.uncaptioned import BOXES, DESCRIBED, PHOTOS_ONLY

READERS = {
    reader.name: reader
    for reader in (
        FLICKR8K,
        FLICKR30K,
        COCO_CAPTIONS,
        COCO_KARPATHY,
        COCO_FOLDER,
        VIZWIZ,
        BOXES,
        DESCRIBED,
        PHOTOS_ONLY,
    )
}
_ALIASES = {"dev": "val", "val": "dev"}  # the same thing in different data sets


def read_source(source: str, base: Path) -> list[CaptionedPhoto]:
    """The photos of a source `READER:FOLDER[:SPLIT[@LANGUAGE][:lenient]]`, relative to `base`.

    Examples: `flickr8k:flickr8k:train`, `coco-karpathy:coco:restval`, `coco:coco`. The split may be
    omitted if the data set has only one. With a language, as in `flickr8k:flickr8k:train@de`, the
    photos have the captions of `in_language`, which takes `@es.mt` as well. With
    `lenient`, broken entries are skipped instead of refused. Raises DataError.
    """
    name, _, rest = source.partition(":")
    folder, *more = rest.split(":")
    if not folder or len(more) > 2 or more[1:] not in ([], ["lenient"]):
        raise DataError(
            f"{source!r} is not a source; write READER:FOLDER[:SPLIT[@LANGUAGE][:lenient]]"
        )
    try:
        reader = get_reader(name)
        return read_folder(
            base / folder, more[0] if more else "", reader=reader, lenient=len(more) == 2
        )
    except DataError as error:
        raise DataError(f"{source!r}: {error}") from error


def read_sources(sources: tuple[str, ...], base: Path) -> list[CaptionedPhoto]:
    """The photos of several sources, one after the other."""
    return [photo for source in sources for photo in read_source(source, base)]


def source_in(source: str, language: str) -> str:
    """The same source with the captions of another language."""
    parts = [*source.split(":"), "", ""]
    split = parts[2].partition("@")[0]
    lenient = [":lenient"] if "lenient" in parts[3:] else []
    return ":".join([*parts[:2], f"{split}@{language}"]) + "".join(lenient)


def read_texts(name: str, base: Path) -> list[str]:
    """Captions without photos: `READER:FOLDER`, or a file of `languages/text-only/`.

    `coco:coco` are the captions of that data set's photos that are not in its folder, so that no
    caption is there both with and without its photo; `fr.translated` is a file. Raises DataError.
    """
    reader, colon, folder = name.partition(":")
    if not colon:
        return texts_in(name, base)
    try:
        read = get_reader(reader).captions_without_photos
        if read is None:
            others = ", ".join(r.name for r in READERS.values() if r.captions_without_photos)
            raise DataError(f"{reader} has no captions without photos; there are those of {others}")
        found = [" ".join(text.split()) for text in read(base / folder)]
        if not found:
            raise DataError("has no captions without photos")
    except DataError as error:
        raise DataError(f"{name!r}: {error}") from error
    return found


def language_of_texts(name: str) -> str:
    """The language of captions without photos, by their name in `read_texts`."""
    return ENGLISH if ":" in name else name.partition(".")[0]


def read_folder(
    folder: Path, split: str, *, reader: Reader | None = None, lenient: bool = False
) -> list[CaptionedPhoto]:
    """The photos of a split of a folder; without a reader, it is guessed from the layout.

    "dev" and "val" are each other where a data set has only one of them; `SPLIT@de` is of German
    captions. Raises DataError.
    """
    reader = reader or guess_reader(folder)
    split, at, language = split.partition("@")
    own = resolve_split(reader, split)
    contents = reader.contents(folder, own)
    photos = captioned_photos(
        contents, f"{folder}, split {own}", lenient=lenient, has_captions=reader.has_captions
    )
    return in_language(photos, language, folder) if at and language != ENGLISH else photos


def read_photos_only(folder: Path, split: str, *, reader: str | None) -> list[CaptionedPhoto]:
    """The photos of a split of a folder, without captions; raises DataError."""
    own = get_reader(reader) if reader else guess_reader(folder)
    contents = own.contents(folder, resolve_split(own, split))
    if contents.broken:
        raise DataError(f"{contents.broken[0].where}: {contents.broken[0].text}")
    if not contents.photos:
        raise DataError(f"{folder}, split {split}: names no photo")
    return [CaptionedPhoto(p.name, p.path, (), p.regions) for p in contents.photos]


def get_reader(name: str) -> Reader:
    """The reader of that name; raises DataError, listing the known readers."""
    if name not in READERS:
        raise DataError(f"there is no reader {name!r}; there are {', '.join(READERS)}")
    return READERS[name]


def resolve_split(reader: Reader, split: str) -> str:
    """A split by its reader's name for it ("" is the only one); raises DataError, listing all."""
    if split in reader.splits:
        return split
    if _ALIASES.get(split) in reader.splits:
        return _ALIASES[split]
    if not split and len(reader.splits) == 1:
        return reader.splits[0]
    asked = f"has no split {split!r}; it has" if split else "needs a split:"
    raise DataError(f"{reader.name} {asked} {', '.join(reader.splits)}")


def guess_reader(folder: Path) -> Reader:
    """The reader that recognises a folder's layout; raises DataError if none or several do."""
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder")
    found = [reader for reader in READERS.values() if reader.recognises(folder)]
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(reader.name for reader in found)
        raise DataError(f"{folder}: may be read as {names}; say which")
    known = "; ".join(f"{reader.name} ({reader.layout})" for reader in READERS.values())
    raise DataError(f"{folder}: not the layout of a known data set; known are {known}")


log = logging.getLogger(__name__)
# How Unicode calls letters, and what people call them; other languages are in Latin letters.
_SCRIPTS = {"ar": ("ARABIC", "Arabic letters"), "zh": ("CJK", "Chinese characters")}
_LATIN = ("LATIN", "Latin letters")
_MOST = 0.8  # of the captions


def in_language(photos: Sequence[CaptionedPhoto], name: str, folder: Path) -> list[CaptionedPhoto]:
    """Those of a data set's photos that have captions in a language, "de" or "es.mt", with these.

    Raises DataError where the language is not known here, where its file is missing or damaged,
    where no photo has a caption in it, and where it is written in another script.
    """
    language = name.partition(".")[0]
    if language not in WRITING or "/" in name:
        known = ", ".join(WRITING)
        raise DataError(f"captions in {name!r} cannot be read; there are {known}")
    path = _file(name, folder)
    captions = load_object(path)
    found = [
        replace(photo, captions=_texts(captions[photo.name], path, photo.name), language=language)
        for photo in photos
        if captions.get(photo.name)
    ]
    if not found:
        raise DataError(f"{path}: has captions of none of the {len(photos)} photos in {folder}")
    _check_script([text for photo in found for text in photo.captions], language, path)
    if len(found) < len(photos):
        log.info("%s: has captions of %d of %d photos", path, len(found), len(photos))
    return found


def _file(name: str, folder: Path) -> Path:
    folders = [folder / "languages", folder.parent / "languages"]
    for place in folders:
        for file in (f"{name}.json.gz", f"{name}.json"):
            if (place / file).is_file():
                return place / file
    raise DataError(f"{folders[0]} and {folders[1]}: neither has {name}.json.gz")


def _texts(found: object, path: Path, name: str) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise DataError(f"{path}: {name} has no list of captions")
    texts = tuple(" ".join(text.split()) for text in found if text.strip())
    if not texts:
        raise DataError(f"{path}: {name} has empty captions only")
    return texts


def _check_script(captions: Sequence[str], language: str, path: Path) -> None:
    script, letters = _SCRIPTS.get(language, _LATIN)
    fitting = sum(_is_in(script, text) for text in captions)
    if fitting < _MOST * len(captions):
        raise DataError(
            f"{path}: only {fitting} of {len(captions)} captions are in {letters}, "
            f"as {WRITING[language].name} is written"
        )


def _is_in(script: str, text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    own = sum(unicodedata.name(letter, "").startswith(script) for letter in letters)
    return 2 * own > len(letters)


def texts_in(name: str, data: Path) -> list[str]:
    """The captions of `languages/text-only/NAME.json.gz`, whose photos are not there.

    Raises DataError where the file is missing or damaged, or written in another script.
    """
    path = data / "languages" / "text-only" / f"{name}.json.gz"
    captions = load_object(path)
    found = [text for photo in captions for text in _texts(captions[photo], path, photo)]
    if not found:
        raise DataError(f"{path}: has no captions")
    _check_script(found, name.partition(".")[0], path)
    return found
