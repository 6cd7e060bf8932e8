"""Captions of a data set's photos in another language: `languages/de.json.gz` and the like.

Such a file is an object, {"photo file name": [caption, …]}, as JSON or gzipped JSON. It lies in a
folder `languages/` of the data set or beside it. Where there are several files in a language, the
name says which: "es.mt" is `es.mt.json.gz`, Spanish that a machine translated.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from captioner.language.writing import WRITING
from training.data.parsing import load_object
from training.data.reader_base import CaptionedPhoto, DataError

log = logging.getLogger(__name__)
_SCRIPTS = {"ar": "ARABIC", "zh": "CJK"}  # the others are written in Latin letters
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
    script = _SCRIPTS.get(language, "LATIN")
    fitting = sum(_is_in(script, text) for text in captions)
    if fitting < _MOST * len(captions):
        raise DataError(
            f"{path}: only {fitting} of {len(captions)} captions are in {script.title()} letters, "
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
