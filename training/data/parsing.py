"""Text and JSON files of data sets; whatever is wrong with one is named with its place."""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from training.data.reader_base import Broken, Caption, DataError

Kind = TypeVar("Kind")
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # of a character; two of them are a whole one
_SAID = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


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
    if _HALF.search(raw) and not _is_whole(found):
        raise DataError(f"{path}: holds half a character: an escape \\ud800 … \\udfff by itself")
    return found


def _is_whole(found: object) -> bool:
    """Whether all its texts can be written to a file again."""
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
    """The items of a list in a document, each with its place. Raises DataError without the list."""
    found = document.get(key)
    if not isinstance(found, list):
        raise DataError(f"{path}: has no list {key!r}")
    return [(f"{path}, {key}[{index}]", item) for index, item in enumerate(found)]


def field(
    item: object, key: str, kind: type[Kind], where: str, broken: list[Broken]
) -> Kind | None:
    """A value of an item, or None where it is not there or of another kind: then it is broken."""
    value = item.get(key) if isinstance(item, dict) else None
    if isinstance(value, kind) and not isinstance(value, bool):
        return value
    broken.append(Broken(where, f"{key!r} is not {_SAID[kind]}"))
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


def token_captions(path: Path) -> tuple[dict[str, list[Caption]], list[Broken]]:
    """The captions of each photo in the file's order, and the lines that are broken.

    Raises DataError where the file cannot be read.
    """
    captions: dict[str, list[Caption]] = {}
    broken: list[Broken] = []
    for number, line in enumerate(text_lines(path), 1):
        if not line.strip():
            continue
        match = _LINE.match(line)
        where = f"{path}:{number}"
        if match is None:
            broken.append(Broken(where, f"not NAME.jpg#K<TAB>CAPTION: {line[:SHOWN]!r}"))
        elif not match["caption"].strip():
            broken.append(Broken(where, f"{match['name']}: the caption is empty"))
        else:
            captions.setdefault(match["name"], []).append(Caption(match["caption"], where))
    return captions, broken


def table_captions(path: Path) -> tuple[dict[str, list[Caption]], list[Broken]]:
    """As `token_captions`, of a file with the heading `image,caption`; quotes are as in CSV."""
    captions: dict[str, list[Caption]] = {}
    broken: list[Broken] = []
    rows = csv.reader(text_lines(path))
    try:
        next(rows, None)
        for row in rows:
            if not any(row):
                continue
            where = f"{path}:{rows.line_num}"
            name, text = row[0].strip(), ",".join(row[1:]).strip()  # a comma may lack its quotes
            if len(row) == 1:
                broken.append(Broken(where, f"not NAME.jpg,CAPTION: {row[0][:SHOWN]!r}"))
            elif not name or not text:
                broken.append(Broken(where, f"{name}: the caption is empty"))
            else:
                captions.setdefault(name, []).append(Caption(text, where))
    except csv.Error as error:
        broken.append(Broken(f"{path}:{rows.line_num}", f"not a table: {error}"))
    return captions, broken
