"""The code in docs/training.md on how to add a data set is a reader that works."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import layouts
from tests.support.layouts import Layout
from training.data.reader_base import DataError, Reader
from training.data.registry import READERS, guess_reader, read_folder, read_source

GUIDE = (Path(__file__).parents[3] / "docs" / "training.md").read_text(encoding="utf-8")
BLOCKS = {
    name: textwrap.dedent(code)
    for name, code in re.findall(r"^ *```python (\w+\.py)\n(.*?)^ *```$", GUIDE, re.M | re.S)
}


def ran(code: str, known: dict[str, Any]) -> dict[str, Any]:
    names = dict(known)
    exec(compile(code, "docs/training.md", "exec", dont_inherit=True), names)
    return names


@pytest.fixture
def layout(monkeypatch: pytest.MonkeyPatch) -> Layout:
    """The guide's example of its reader, which is one of the readers."""
    reader = ran(BLOCKS["snapshots.py"], {})["SNAPSHOTS"]
    assert isinstance(reader, Reader)
    monkeypatch.setitem(READERS, reader.name, reader)
    known = ran(BLOCKS["layouts.py"], vars(layouts))
    entry = re.search(r"`\"snapshots\": (Layout\(.*?\))`", GUIDE)
    assert entry
    found = eval(entry[1], known)
    assert isinstance(found, Layout)
    return found


def test_its_folder_is_recognised_and_read(layout: Layout, tmp_path: Path) -> None:
    folder = layout.make(tmp_path / "data")
    assert guess_reader(folder).name == layout.reader
    assert (folder / layout.file).is_file()
    assert len(read_folder(folder, layout.split)) == layout.photos
    photos = [*read_source("snapshots:data:train", tmp_path), *read_folder(folder, "val")]
    assert [one.captions for one in photos] == [
        ("A disc .", "A red disc ."),
        ("A square .",),
        ("A green disc .",),
    ]
    assert {one.split for one in READERS[layout.reader].contents(folder, None).photos} == {
        "train",
        "dev",
    }


def heading_alone(text: str) -> str:
    return text.partition("\n")[0]


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (lambda _: "", r"captions\.tsv:1: its columns are not image_id, split, caption"),
        (heading_alone, "names no photo"),
        (lambda text: text + "c\tdev\n", r"captions\.tsv:6: not ID<TAB>SPLIT<TAB>CAPTION: 'c"),
        (lambda text: text + "c\tdve\tA disc .\n", r"captions\.tsv:6: not ID<TAB>SPLIT"),
        (lambda text: text + "c\tdev\t \n", r"captions\.tsv:6: not ID<TAB>SPLIT"),
        (lambda text: text + "../c\tdev\tA disc .\n", r"captions\.tsv:6: '\.\./c\.jpg' is not a"),
        (lambda text: text + "d\tdev\tA disc .\n", r"captions\.tsv:6: .*d\.jpg is missing"),
    ],
)
def test_what_is_broken_is_named(
    layout: Layout, tmp_path: Path, broken: Callable[[str], str], complaint: str
) -> None:
    folder = layout.make(tmp_path)
    table = folder / layout.file
    table.write_text(broken(table.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        read_folder(folder, "dev")
