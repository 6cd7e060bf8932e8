"""Parses the files of data sets (text, CSV, JSON); errors name the file and the place in it."""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from training.data.reader_base import BrokenEntry, CaptionEntry, DataError

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
