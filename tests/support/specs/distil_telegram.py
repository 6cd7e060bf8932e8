"""Distils the machine-readable Telegram Bot API into the facts that the tests check.

    python -m tests.support.specs.distil_telegram telegram-bot-api.json

reads the document of PaulSonOfLars/telegram-bot-api-spec (MIT) and writes telegram.json beside
this file: names, types, what is required and which limits hold. No descriptions are kept.

A field is `{"types": [...]}` and, where they hold, `"required": true`, `"length": [min, max]`
(characters of a string, items of an array), `"bytes": [min, max]`, `"range": [min, max]`,
`"choices": [...]`, `"pattern": "..."`, `"max_mb": n` (a file sent along).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("telegram.json")

_SPAN = r"(?<![\d-])(\d+)-(\d+)(?![\d-])"
_LENGTH = re.compile(_SPAN + r" (characters|bytes)", re.IGNORECASE)
_ITEMS = re.compile(rf"(?:list of|must include|array of) {_SPAN}", re.IGNORECASE)
_MOST = re.compile(r"(?:\bup to|at most) (\d+) (?:items|commands|identifiers)", re.IGNORECASE)
_RANGE = re.compile(rf"(?:[;,] |between ){_SPAN}|between (\d+) and (\d+)")
_CONSTANT = re.compile(r"\b[Mm]ust be \"?(\w+)\"?\.?$")
_CHOICES = re.compile(r"must be one of ((?:\"[^\"]+\"[^\"]{0,40})+)")
_MEGABYTES = re.compile(r"(?:up to|at most) (\d+) ?MB")


def distil(document: dict[str, Any]) -> dict[str, Any]:
    """The facts in a machine-readable Bot API document."""
    return {
        "version": document["version"],
        "methods": {
            name: {
                "returns": method["returns"],
                "fields": {
                    field["name"]: _facts(field, " ".join(method["description"]))
                    for field in method.get("fields", ())
                },
            }
            for name, method in document["methods"].items()
        },
        "types": {name: _type(kind) for name, kind in document["types"].items()},
    }


def _type(kind: dict[str, Any]) -> dict[str, Any]:
    if "subtypes" in kind:
        return {"any_of": kind["subtypes"]}
    return {"fields": {field["name"]: _facts(field, "") for field in kind.get("fields", ())}}


def _facts(field: dict[str, Any], about: str) -> dict[str, Any]:
    types, text = field["types"], field["description"]
    facts: dict[str, Any] = {"types": types}
    if field["required"]:
        facts["required"] = True
    if types == ["String"]:
        facts |= _string_limits(field["name"], text)
    elif all(name.startswith("Array of ") for name in types):
        if found := _ITEMS.search(text):
            facts["length"] = [int(found[1]), int(found[2])]
        elif found := _MOST.search(text):
            facts["length"] = [0, int(found[1])]
    elif types in (["Integer"], ["Float"]) and "0x" not in text:
        if found := _RANGE.search(text):
            facts["range"] = [int(number) for number in found.groups() if number is not None]
    elif "InputFile" in types:
        found = _MEGABYTES.search(text) or (field["required"] and _MEGABYTES.search(about))
        if found:
            facts["max_mb"] = int(found[1])
    return facts


def _string_limits(name: str, text: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if found := _LENGTH.search(text):
        unit = "bytes" if found[3].lower() == "bytes" else "length"
        facts[unit] = [int(found[1]), int(found[2])]
    if "only lowercase English letters, digits and underscores" in text:
        facts["pattern"] = "[a-z0-9_]*"
    elif re.search(r"[Oo]nly characters A-Z, a-z, 0-9, _ and - are allowed", text):
        facts["pattern"] = "[A-Za-z0-9_-]*"
    if found := _CHOICES.search(text):
        facts["choices"] = list(dict.fromkeys(re.findall(r'"([^"]+)"', found[1])))
    elif found := _CONSTANT.search(text):
        facts["choices"] = [found[1]]
    elif name == "action" and "Type of action to broadcast" in text:
        facts["choices"] = re.findall(r"\b([a-z]+(?:_[a-z]+)+|typing)\b", text)
    return facts


def main() -> int:
    parser = argparse.ArgumentParser(description="Distil the Bot API into telegram.json.")
    parser.add_argument("document", type=Path, help="telegram-bot-api.json")
    facts = distil(json.loads(parser.parse_args().document.read_text(encoding="utf-8")))
    lines = [f'{{"version": {json.dumps(facts["version"])}']
    for part in ("methods", "types"):
        rows = (
            f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"
            for name, value in facts[part].items()
        )
        lines.append(f',\n"{part}": {{\n' + ",\n".join(rows) + "\n}")
    TARGET.write_text("".join(lines) + "}\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {facts['version']}, {TARGET.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
