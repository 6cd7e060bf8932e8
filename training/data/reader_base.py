"""What a data-set reader is, and what parses its files: a `Reader` makes `DatasetContents`.

Training and `captionbot data check` use the same readers. A reader does not stop at a broken entry
but records it with its place; the caller decides what to do about it. `captioned_photos` turns the
contents into `CaptionedPhoto`s for training. Readers are listed in `training.data.registry`.

The functions at the end parse what data sets are written in: text, CSV and JSON. Their errors name
the file and the place in it.
"""

from __future__ import annotations

import csv
import gzip
import json
import logging
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

from captioner.errors import OperatorError

log = logging.getLogger(__name__)
LONGEST_NAME = 255  # bytes
_LONGEST_REASON = 600  # characters: a file must not fill a screen with what it holds


class DataError(OperatorError, ValueError):
    """A data set is missing, incomplete or damaged; the message names file and line."""

    def __init__(self, text: str) -> None:
        super().__init__(shortened(text))


def shortened(text: str) -> str:
    """A message that may quote a file, cut to a length that fits a terminal."""
    shown = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
    return shown.encode(errors="backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class CaptionEntry:
    """A caption as written in the file, and its place: `FILE:LINE` or `FILE, KEY[INDEX]`."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Region:
    """A named object and its box: left, top, right, bottom as fractions of the photo's sides."""

    name: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """A photo that a split names; its file and its captions may be missing."""

    name: str
    path: Path
    split: str
    captions: tuple[CaptionEntry, ...]
    where: str  # where the split names it
    left_out: int = 0  # captions that the data set itself marks as not to be used
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """An entry of a file that breaks the format; it is still used if its meaning is clear."""

    where: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", shortened(self.where))
        object.__setattr__(self, "text", shortened(self.text))


@dataclass(frozen=True)
class DatasetContents:
    """Everything that a reader found in a folder."""

    photos: tuple[PhotoEntry, ...]
    broken: tuple[BrokenEntry, ...] = ()
    folders: tuple[Path, ...] = ()  # where its photos lie
    notes: tuple[str, ...] = ()  # worth knowing, nothing to correct


@dataclass(frozen=True)
class Reader:
    """How one kind of data set is recognised and read."""

    name: str
    layout: str  # what its folder looks like, in a line
    splits: tuple[str, ...]  # those that exist; a folder may hold fewer
    recognises: Callable[[Path], bool]
    contents: Callable[
        [Path, str | None], DatasetContents
    ]  # of one split, or of all that are there
    has_captions: bool = True  # or its photos are for stages that need none
    # Captions of photos that are not in the folder, where its files have any. Raises DataError.
    captions_without_photos: Callable[[Path], list[str]] | None = None


@dataclass(frozen=True)
class CaptionedPhoto:
    """A photo file and its captions, as written in the data set."""

    name: str
    path: Path
    captions: tuple[str, ...]  # none where the photo has regions only
    regions: tuple[Region, ...] = ()
    language: str = "en"  # of the captions


def photo_entries(
    split: str,
    names: Mapping[str, str],
    captions: Mapping[str, list[CaptionEntry]],
    images: Path,
    broken: list[BrokenEntry],
) -> list[PhotoEntry]:
    """The photos of a split, from {name: where it is named}; invalid names go to `broken`."""
    photos = []
    for name, where in names.items():
        path = path_inside(images, name)
        if path is None:
            broken.append(BrokenEntry(where, f"{name[:60]!r} is not a file name"))
        else:
            photos.append(PhotoEntry(name, path, split, tuple(captions.get(name, ())), where))
    return photos


def path_inside(folder: Path, name: str) -> Path | None:
    """The path of a file below `folder`; None for a name that leads out of it or is invalid."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or not name.isprintable():
        return None
    if len(name.encode()) > LONGEST_NAME:  # the system could not even look for it
        return None
    return folder.joinpath(*parts)


def captioned_photos(
    contents: DatasetContents, what: str, *, lenient: bool, has_captions: bool = True
) -> list[CaptionedPhoto]:
    """The photos for training: each has a file, and captions or regions if `has_captions`.

    White space in captions becomes single spaces. `what` names the source in messages. Raises
    DataError for the first broken entry, for a photo without a file or without captions and
    regions, and if there is no photo. With `lenient`, broken entries and photos without captions
    are skipped, and the log says how many.
    """
    if contents.broken and not lenient:
        first, more = contents.broken[0], len(contents.broken) - 1
        others = f" (and {more} more like it)" if more else ""
        raise DataError(f"{first.where}: {first.text}{others}")
    photos, bare = [], 0
    for one in contents.photos:
        if has_captions and not one.captions and not one.regions:
            if not lenient:
                raise DataError(f"{one.where}: {one.name} has no caption")
            bare += 1
            continue
        if not one.path.is_file():
            raise DataError(f"{one.where}: {one.path} is missing")
        texts = tuple(" ".join(caption.text.split()) for caption in one.captions)
        photos.append(CaptionedPhoto(one.name, one.path, texts, one.regions))
    if contents.broken or bare:
        log.warning(
            "%s: passed over %d broken entries and %d photos without captions",
            what, len(contents.broken), bare,
        )  # fmt: skip
    if not photos:
        raise DataError(f"{what}: names no photo that has a caption")
    return photos


Kind = TypeVar("Kind")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")  # only a pair of them is a character
_TYPE_NAMES = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


def text_lines(path: Path) -> list[str]:
    """The lines of a text file, without their ends. Raises DataError naming file, line and byte."""
    raw = _bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(f"{path}:{line}: not UTF-8 text (byte {error.start})") from error
    return text.replace("\r\n", "\n").split("\n")  # not splitlines: a caption may hold U+2028


def load_json(path: Path) -> object:
    """What a JSON file holds, also one in gzip. Raises DataError naming file, line and column."""
    raw = _bytes(path)
    if path.suffix == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{path}: not gzipped JSON: {error}") from error
    try:
        found: object = json.loads(raw)
    except json.JSONDecodeError as error:
        raise DataError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except RecursionError as error:
        raise DataError(f"{path}: not a data set: nested too deep") from error
    except ValueError as error:
        raise DataError(f"{path}: not a data set: a number of too many digits") from error
    if _SURROGATE.search(raw) and not _is_encodable(found):
        raise DataError(f"{path}: holds half a character: an escape \\ud800 … \\udfff by itself")
    return found


def _is_encodable(found: object) -> bool:
    """Whether all its texts can be written as UTF-8: none has half of a surrogate pair."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def load_object(path: Path) -> dict[str, object]:
    """As load_json, for a file that must hold one JSON object."""
    found = load_json(path)
    if not isinstance(found, dict):
        raise DataError(f"{path}: holds no JSON object")
    return found


def items(path: Path, document: dict[str, object], key: str) -> list[tuple[str, object]]:
    """The items of a list in a document, each with its place; raises DataError if there is none."""
    found = document.get(key)
    if not isinstance(found, list):
        raise DataError(f"{path}: has no list {key!r}")
    return [(f"{path}, {key}[{index}]", item) for index, item in enumerate(found)]


def field(
    item: object, key: str, kind: type[Kind], where: str, broken: list[BrokenEntry]
) -> Kind | None:
    """A value of an item; None, and an entry in `broken`, if it is missing or of another type."""
    value = item.get(key) if isinstance(item, dict) else None
    if isinstance(value, kind) and not isinstance(value, bool):
        return value
    broken.append(BrokenEntry(where, f"{key!r} is not {_TYPE_NAMES[kind]}"))
    return None


def first_folder(choices: Sequence[Path], folder: Path) -> Path:
    """The first of several folders that exists. Raises DataError naming them all."""
    for choice in choices:
        if choice.is_dir():
            return choice
    *others, last = (f"{choice.relative_to(folder)}/" for choice in choices)
    raise DataError(f"{folder}: has neither {', '.join(others)} nor {last}")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error


_LINE = re.compile(r"^(?P<name>[^#\t]+)#(?P<number>\d+)\t(?P<caption>.*)$")
SHOWN = 60  # characters of a broken line that are repeated in its error


def token_captions(path: Path) -> tuple[dict[str, list[CaptionEntry]], list[BrokenEntry]]:
    """The captions of each photo, in the file's order, and the broken lines of a token file.

    This is the University of Illinois's format: `NAME.jpg#K<TAB>CAPTION`, one caption a line.
    Raises DataError if the file cannot be read.
    """
    captions: dict[str, list[CaptionEntry]] = {}
    broken: list[BrokenEntry] = []
    for number, line in enumerate(text_lines(path), 1):
        if not line.strip():
            continue
        match = _LINE.match(line)
        where = f"{path}:{number}"
        if match is None:
            broken.append(BrokenEntry(where, f"not NAME.jpg#K<TAB>CAPTION: {line[:SHOWN]!r}"))
        elif not match["caption"].strip():
            broken.append(BrokenEntry(where, f"{match['name']}: the caption is empty"))
        else:
            captions.setdefault(match["name"], []).append(CaptionEntry(match["caption"], where))
    return captions, broken


def table_captions(path: Path) -> tuple[dict[str, list[CaptionEntry]], list[BrokenEntry]]:
    """As `token_captions`, for a CSV file with the heading `image,caption` (Kaggle's Flickr8k)."""
    captions: dict[str, list[CaptionEntry]] = {}
    broken: list[BrokenEntry] = []
    rows = csv.reader(text_lines(path))
    try:
        next(rows, None)
        for row in rows:
            if not any(row):
                continue
            where = f"{path}:{rows.line_num}"
            name, text = row[0].strip(), ",".join(row[1:]).strip()  # a comma may lack its quotes
            if len(row) == 1:
                broken.append(BrokenEntry(where, f"not NAME.jpg,CAPTION: {row[0][:SHOWN]!r}"))
            elif not name or not text:
                broken.append(BrokenEntry(where, f"{name}: the caption is empty"))
            else:
                captions.setdefault(name, []).append(CaptionEntry(text, where))
    except csv.Error as error:
        broken.append(BrokenEntry(f"{path}:{rows.line_num}", f"not a table: {error}"))
    return captions, broken
