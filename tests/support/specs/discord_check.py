"""Checks calls to Discord's REST interface against the facts in `discord.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]

MAX_CONTENT = 2000  # characters for an application; the document gives what paying people may send
MAX_FILES = 10
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_JSON, _MULTIPART = "application/json", "multipart/form-data"

# What discord.py always sends although the document does not know it there, and Discord ignores.
_LIBRARY_EXTRAS = {
    "IncomingWebhookUpdateRequestPartial": {"tts"},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts"},
    "MessageEditRequestPartial": {"tts"},
    # discord.py sends what it would send for a guild command, and older names of fields
    "ApplicationCommandUpdateRequest": {"nsfw"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One REST call as it arrived: multipart bodies already taken apart."""

    method: str
    path: str  # without the base, without the query
    query: Mapping[str, str] = field(default_factory=dict)
    content_type: str = ""
    body: Any = None  # JSON of the body or of `payload_json`; None where there was none
    files: Sequence[str] = ()  # names of the form's file fields
    authorised: bool = False  # a bot token was sent


@cache
def facts() -> dict[str, Any]:
    """What `distil_discord.py` wrote."""
    loaded: dict[str, Any] = json.loads(
        Path(__file__).with_name("discord.json").read_text(encoding="utf-8")
    )
    return loaded


def violations(call: Call) -> list[str]:
    """Why Discord would refuse the call, a line each; [] where it would take it."""
    found = _operation(call)
    if isinstance(found, str):
        return [found]
    operation, parameters = found
    problems = []
    if operation["token"] and not call.authorised:
        problems.append("no bot token")
    for name, value in parameters.items():
        problems += _check(operation["path"][name], value, name)
    problems += _query(operation.get("query", {}), call.query)
    problems += _body(operation.get("body"), call)
    return [f"{call.method} {call.path}: {problem}" for problem in problems]


@cache
def _routes() -> list[tuple[re.Pattern[str], str]]:
    """Every path as a pattern, those with the fewest placeholders first."""
    templates = sorted(facts()["paths"], key=lambda path: (path.count("{"), path))
    return [
        (
            re.compile(
                "".join(
                    re.escape(part) if index % 2 == 0 else f"(?P<{part}>[^/]+)"
                    for index, part in enumerate(_PLACEHOLDER.split(template))
                )
            ),
            template,
        )
        for template in templates
    ]


def _operation(call: Call) -> tuple[dict[str, Any], dict[str, str]] | str:
    """The operation called and the path's parameters, or what is wrong."""
    for pattern, template in _routes():
        match = pattern.fullmatch(call.path)
        if match:
            operation = facts()["paths"][template].get(call.method.lower())
            if operation is not None:
                return operation, match.groupdict()
            return f"{call.method} {call.path}: {template} has no {call.method}"
    return f"{call.method} {call.path}: no such path"


def _query(known: Mapping[str, Schema], given: Mapping[str, str]) -> Iterator[str]:
    for name, schema in known.items():
        if schema.get("required") and name not in given:
            yield f"query: {name} is missing"
    for name, text in given.items():
        if name not in known:
            yield f"query: unknown parameter {name}"
        else:
            yield from _check(known[name], _from_text(known[name], text), f"query: {name}")


def _from_text(schema: Schema, text: str) -> Any:
    """A query parameter's text as the type that it stands for, or as it is."""
    kind = _resolve(schema).get("type")
    if kind == "boolean" and text.lower() in {"0", "1", "true", "false"}:
        return text.lower() in {"1", "true"}
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text


def _body(described: Mapping[str, Any] | None, call: Call) -> Iterator[str]:
    sent = call.body is not None or bool(call.files)
    if described is None:
        if sent:
            yield "takes no body"
        return
    if not sent:
        if described["required"]:
            yield "the body is missing"
        return
    # Discord compares the type letter by letter; a charset is refused.
    kind = call.content_type if call.content_type == _JSON else call.content_type.split(";")[0]
    if kind not in described["types"] or (kind == _JSON) != (call.content_type == _JSON):
        yield f"content type {call.content_type!r}"
    if call.body is not None and "schema" in described:
        yield from _check(described["schema"], call.body, "body")
    yield from _files(call)
    yield from _content(call.body, "body")


def _files(call: Call) -> Iterator[str]:
    """Files are named `files[n]`, and each that the body describes is there."""
    for name in call.files:
        if not re.fullmatch(r"files\[[0-9]\]", name):
            yield f"file field {name!r}"
    if call.files and call.content_type.split(";")[0] != _MULTIPART:
        yield "files outside multipart/form-data"
    message = call.body if isinstance(call.body, dict) else {}
    if isinstance(message.get("data"), dict):
        message = message["data"]
    uploads = {f"files[{a.get('id')}]" for a in message.get("attachments") or [] if _is_new(a)}
    for name in sorted(uploads - set(call.files)):
        yield f"attachments describe {name}, which is not sent"


def _is_new(attachment: Any) -> bool:
    """Whether an attachment's id is an index into the files sent, not a snowflake."""
    return isinstance(attachment, dict) and len(str(attachment.get("id", ""))) <= 2


def _content(node: Any, at: str) -> Iterator[str]:
    """An application's own limit on the text of a message, wherever the message lies."""
    if isinstance(node, dict):
        text = node.get("content")
        if isinstance(text, str) and len(text) > MAX_CONTENT:
            yield f"{at}.content: {len(text)} characters, at most {MAX_CONTENT}"
        if isinstance(node.get("data"), dict):
            yield from _content(node["data"], f"{at}.data")


def _resolve(schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = facts()["schemas"][schema["$ref"]]
    return schema


def _check(schema: Schema, value: Any, at: str) -> list[str]:
    """What is wrong with a value, a line each."""
    extras: set[str] = _LIBRARY_EXTRAS.get(schema.get("$ref", ""), set())
    schema = _resolve(schema)
    if "anyOf" in schema:
        best = _closest(schema["anyOf"], value, at)
        if best:
            return best
    problems = [line for part in schema.get("allOf", ()) for line in _check(part, value, at)]
    if not _accepts(schema, value):
        return [*problems, f"{at}: {_name(value)}, wanted {' or '.join(_types(schema))}"]
    if "enum" in schema and value is not None and value not in schema["enum"]:
        problems.append(f"{at}: {value!r} is none of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        problems.append(f"{at}: {value!r} is not {schema['const']!r}")
    if isinstance(value, str):
        problems += _text(schema, value, at)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        problems += _number(schema, value, at)
    elif isinstance(value, list):
        problems += _list(schema, value, at)
    elif isinstance(value, dict):
        problems += _object(schema, value, at, extras)
    return problems


def _closest(choices: Sequence[Schema], value: Any, at: str) -> list[str]:
    """What is wrong by the choice that fits best; [] if one fits."""
    tried = [
        (not _accepts(_resolve(choice), value), _check(choice, value, at)) for choice in choices
    ]
    return min(tried, key=lambda one: (bool(one[1]), one[0], len(one[1])))[1]


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _accepts(schema: Schema, value: Any) -> bool:
    """Whether a value is of the schema's type, if it has one."""
    types, form = _types(schema), schema.get("format", "")
    return not types or any(_is(kind, value, form) for kind in types)


def _is(kind: str, value: Any, form: str) -> bool:
    if kind == "string":
        # The real service takes integers for snowflakes, and discord.py sends them.
        whole = isinstance(value, int) and not isinstance(value, bool)
        return isinstance(value, str) or (form == "snowflake" and whole and value >= 0)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    kinds: dict[str, type] = {"boolean": bool, "array": list, "object": dict, "null": type(None)}
    return isinstance(value, kinds[kind])


def _text(schema: Schema, value: str, at: str) -> Iterator[str]:
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
    if len(value) < shortest or (longest is not None and len(value) > longest):
        yield f"{at}: {len(value)} characters, wanted {shortest} to {longest}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at}: does not match {schema['pattern']}"
    if schema.get("format") == "uri" and not re.match(r"[a-z][a-z0-9+.-]*:", value):
        yield f"{at}: is no address"


def _number(schema: Schema, value: float, at: str) -> Iterator[str]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if schema.get("format") == "int32":
        least = -(2**31) if least is None else least
        most = 2**31 - 1 if most is None else most
    if (least is not None and value < least) or (most is not None and value > most):
        yield f"{at}: {value}, wanted {least} to {most}"


def _list(schema: Schema, value: list[Any], at: str) -> Iterator[str]:
    fewest, most = schema.get("minItems", 0), schema.get("maxItems")
    if len(value) < fewest or (most is not None and len(value) > most):
        yield f"{at}: {len(value)} items, wanted {fewest} to {most}"
    if schema.get("uniqueItems") and len({json.dumps(v, sort_keys=True) for v in value}) < len(
        value
    ):
        yield f"{at}: items are repeated"
    for index, item in enumerate(value):
        yield from _check(schema.get("items", {}), item, f"{at}[{index}]")


def _object(schema: Schema, value: dict[str, Any], at: str, extras: set[str]) -> Iterator[str]:
    known: Mapping[str, Schema] = schema.get("properties", {})
    more = schema.get("additionalProperties")
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}.{name}: is missing"
    for name, item in value.items():
        if name in known:
            yield from _check(known[name], item, f"{at}.{name}")
        elif isinstance(more, dict):
            yield from _check(more, item, f"{at}.{name}")
        elif name not in extras and known:
            yield f"{at}.{name}: unknown field"


def _name(value: Any) -> str:
    return "null" if value is None else type(value).__name__
