"""The caption files of the University of Illinois: `NAME.jpg#K<TAB>CAPTION`, one a line.

And what Kaggle's copy of Flickr8k made of its file: a table of comma-separated values.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from training.data.parsing import text_lines
from training.data.reader_base import Broken, Caption

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
