"""The table of the paper's equations in docs/architecture.md: each is tagged where it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
_ROW = re.compile(r"^\| ([\d, ]+) \| [^|]+ \| `([\w/]+\.py)`, ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_TAG = re.compile(r"\beqs?\. (\d+)(?:(-| and )(\d+))?")
_OPENVINO = "captioner/engines/decoder_graph.py"


def rows() -> list[tuple[set[int], str, str, str]]:
    """Numbers, file, names in it, and what is said of OpenVINO."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return [
        ({int(one) for one in numbers.split(",")}, file, names, graph)
        for numbers, file, names, graph in _ROW.findall(text)
    ]


def tagged(file: str, name: str) -> set[int]:
    """The equations whose numbers stand in a function, by its qualified name."""
    text = (ROOT / file).read_text(encoding="utf-8")
    (node,) = [found for qualified, found in functions(ast.parse(text)) if qualified.endswith(name)]
    source = "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
    numbers: set[int] = set()
    for first, between, last in _TAG.findall(source):
        numbers |= {int(first), int(last or first)}
        if between == "-":
            numbers |= set(range(int(first), int(last)))
    return numbers


def functions(node: ast.AST, name: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield f"{name}.{child.name}", child
        elif isinstance(child, ast.ClassDef):
            yield from functions(child, f"{name}.{child.name}")


def test_all_that_are_numbered_are_in_the_table() -> None:
    assert sorted(number for numbers, *_ in rows() for number in numbers) == [*range(1, 15)]


def test_each_is_tagged_where_the_table_says() -> None:
    for numbers, file, names, graph in rows():
        for name in re.findall(r"`([\w.]+)`", names):
            assert numbers <= tagged(file, f".{name}"), (file, name)
        if graph != "training only":
            (name,) = re.findall(r"`(\w+)`", graph)
            assert numbers <= tagged(_OPENVINO, f".{name}"), (_OPENVINO, name)
