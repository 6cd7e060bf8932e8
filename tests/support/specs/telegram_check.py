"""Whether the real Telegram would take a call, by the facts in telegram.json.

`TelegramSpec.refusals` says what is wrong with a call that came over HTTP: an unknown method or
parameter, a missing one, a wrong type down into nested objects, a text that is too long.
`TelegramSpec.flaws` says the same of a JSON object, which keeps the loopback server honest too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("telegram.json")
_SCALARS: dict[str, type | tuple[type, ...]] = {
    "String": str, "Integer": int, "Float": (int, float), "Boolean": bool, "True": bool,
}  # fmt: skip
_ARRAY = "Array of "
_BUTTON_LOOKS = {"text", "icon_custom_emoji_id", "style"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as a part of a multipart body."""

    name: str
    data: bytes
    content_type: str = ""


class TelegramSpec:
    """The Bot API's methods and types."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.methods: Mapping[str, Any] = facts["methods"]
        self._types: Mapping[str, Any] = facts["types"]

    @classmethod
    def load(cls) -> TelegramSpec:
        return cls(json.loads(FACTS.read_text(encoding="utf-8")))

    def refusals(
        self, method: str, values: Mapping[str, object], files: Mapping[str, Upload]
    ) -> list[str]:
        """Why the real service would refuse the call; [] if it would take it.

        `values` are the parameters as sent: strings in a form, JSON values in a JSON body.
        """
        if method not in self.methods:
            return [f"no such method: {method}"]
        fields = self.methods[method]["fields"]
        wrong = [
            f"{name}: required and missing"
            for name, facts in fields.items()
            if facts.get("required") and name not in values and name not in files
        ]
        for name, value in values.items():
            if name not in fields:
                wrong.append(f"{name}: no such parameter")
                continue
            try:
                meant = parse_parameter(value, fields[name]["types"])
            except ValueError as error:
                wrong.append(f"{name}: {error}")
                continue
            wrong += self._value(meant, fields[name], name)
            if name.endswith("chat_id") and isinstance(meant, str) and meant[:1] != "@":
                wrong.append(f"{name}: must be a number or a @username")
        return wrong + _files_wrong(fields, values, files)

    def flaws(self, value: object, kind: str) -> list[str]:
        """What keeps a JSON value from being a `kind`, such as "Update" or "Array of Update"."""
        return self._one(value, kind, kind)

    def needed(self, kind: str) -> list[str]:
        """The fields that every object of a type has."""
        fields = self._types[kind]["fields"]
        return [name for name, facts in fields.items() if facts.get("required")]

    def _value(self, value: object, facts: Mapping[str, Any], where: str) -> list[str]:
        attempts = [self._one(value, kind, where) for kind in facts["types"]]
        wrong = min(attempts, key=len)
        return wrong or _limits_wrong(value, facts, where)

    def _one(self, value: object, kind: str, where: str) -> list[str]:
        if kind.startswith(_ARRAY):
            if not isinstance(value, list):
                return [f"{where}: must be an array, is {type(value).__name__}"]
            inner = kind.removeprefix(_ARRAY)
            return [w for i, v in enumerate(value) for w in self._one(v, inner, f"{where}[{i}]")]
        if kind == "InputFile":
            return [f"{where}: must be a file, sent as a part of its own"]
        if kind in _SCALARS:
            is_bool = isinstance(value, bool) and kind not in ("Boolean", "True")
            fits = isinstance(value, _SCALARS[kind]) and not is_bool
            return [] if fits else [f"{where}: must be {kind}, is {type(value).__name__}"]
        about = self._types[kind]
        if "any_of" in about:
            return min((self._one(value, sub, where) for sub in about["any_of"]), key=len)
        return self._object(value, kind, where)

    def _object(self, value: object, kind: str, where: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: must be {kind}, is {type(value).__name__}"]
        fields = self._types[kind]["fields"]
        wrong = [
            f"{where}.{name}: required and missing"
            for name, facts in fields.items()
            if facts.get("required") and name not in value
        ]
        for name, inner in value.items():
            if name in fields:
                wrong += self._value(inner, fields[name], f"{where}.{name}")
            else:
                wrong.append(f"{where}.{name}: {kind} has no such field")
        if kind == "InlineKeyboardButton" and len(set(value) - _BUTTON_LOOKS) != 1:
            wrong.append(f"{where}: a button does exactly one thing")
        return wrong


def parse_parameter(value: object, types: list[str]) -> object:
    """The value that a parameter stands for; raises ValueError where it cannot be read.

    Everything in a form is a string: numbers and booleans are spelt out, objects are JSON.
    """
    if not isinstance(value, str) or "String" in types:
        as_id = isinstance(value, str) and "Integer" in types and re.fullmatch(r"-?\d+", value)
        return int(value) if as_id and isinstance(value, str) else value
    if types == ["Integer"]:
        return int(value)
    if types == ["Float"]:
        return float(value)
    if types in (["Boolean"], ["True"]):
        if value not in ("true", "false"):
            raise ValueError(f"must be true or false, is {value[:20]!r}")
        return value == "true"
    return json.loads(value)


def _limits_wrong(value: object, facts: Mapping[str, Any], where: str) -> list[str]:
    wrong = []
    if isinstance(value, str | list) and (span := facts.get("length")):
        size = _characters(value) if isinstance(value, str) else len(value)
        if not span[0] <= size <= span[1]:
            wrong.append(f"{where}: length {size}, must be {span[0]}-{span[1]}")
        elif isinstance(value, str) and span[0] and not value.strip():
            wrong.append(f"{where}: nothing but white space")
    if isinstance(value, str):
        size = len(value.encode())
        if (span := facts.get("bytes")) and not span[0] <= size <= span[1]:
            wrong.append(f"{where}: {size} bytes, must be {span[0]}-{span[1]}")
        if (choices := facts.get("choices")) and value not in choices:
            wrong.append(f"{where}: {value[:40]!r} is none of {', '.join(choices)}")
        if (pattern := facts.get("pattern")) and not re.fullmatch(pattern, value):
            wrong.append(f"{where}: {value[:40]!r} has characters that are not allowed")
    span = facts.get("range")
    if span and isinstance(value, int | float) and not span[0] <= value <= span[1]:
        wrong.append(f"{where}: {value}, must be {span[0]}-{span[1]}")
    return wrong


def _characters(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _files_wrong(
    fields: Mapping[str, Any], values: Mapping[str, object], files: Mapping[str, Upload]
) -> list[str]:
    mentioned = set(re.findall(r"attach://([\w.-]+)", " ".join(map(str, values.values()))))
    wrong = [f"attach://{name}: no such part" for name in sorted(mentioned - set(files))]
    for name, file in files.items():
        facts = fields.get(name)
        if name not in mentioned and (facts is None or "InputFile" not in facts["types"]):
            wrong.append(f"{name}: a file that nothing asks for")
        if not file.data:
            wrong.append(f"{name}: the file is empty")
        if not file.name:
            wrong.append(f"{name}: the file has no name")
        if facts and len(file.data) > facts.get("max_mb", 50) * 1_000_000:
            wrong.append(f"{name}: {len(file.data)} bytes, at most {facts.get('max_mb', 50)} MB")
    return wrong
