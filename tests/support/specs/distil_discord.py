"""Distils Discord's OpenAPI document into the facts that the tests check.

    python -m tests.support.specs.distil_discord PATH/TO/openapi.json

writes `discord.json` beside this file: for each path and method the parameters, whether a bot
token is needed and the shape of the body, plus the schemas that bodies refer to. Names, types,
what is required and limits are kept; prose, answers and everything else is left out.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).with_name("discord.json")

_METHODS = ("get", "put", "post", "patch", "delete")
_REF = "#/components/schemas/"
_LIMITS = (
    "type", "format", "pattern", "minimum", "maximum", "minLength", "maxLength",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "const",
)  # fmt: skip

Schema = dict[str, Any]


def distil(document: dict[str, Any]) -> dict[str, Any]:
    """The facts of an OpenAPI document, smallest form first to last: deterministic."""
    paths: dict[str, Any] = {}
    for template, item in sorted(document["paths"].items()):
        shared = item.get("parameters", [])
        paths[template] = {
            method: _operation(item[method], shared) for method in _METHODS if method in item
        }
    wanted: dict[str, Schema] = {}
    _collect(paths, document["components"]["schemas"], wanted)
    return {
        "api": document["info"]["version"],
        "paths": paths,
        "schemas": dict(sorted(wanted.items())),
    }


def _operation(operation: dict[str, Any], shared: list[dict[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = {"token": {} not in operation.get("security", [{}])}
    for parameter in [*shared, *operation.get("parameters", [])]:
        described = _schema(parameter["schema"])
        if parameter.get("required"):
            described["required"] = True
        facts.setdefault(parameter["in"], {})[parameter["name"]] = described
    body = operation.get("requestBody")
    if body:
        content = body["content"]
        kinds = [kind for kind in content if kind != "application/x-www-form-urlencoded"]
        facts["body"] = {"required": body.get("required", False), "types": kinds}
        if "application/json" in content:
            facts["body"]["schema"] = _schema(content["application/json"]["schema"])
    return facts


def _schema(schema: Schema) -> Schema:
    """One schema without its prose."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"].removeprefix(_REF)}
    out: Schema = {name: schema[name] for name in _LIMITS if name in schema}
    for name in ("oneOf", "anyOf", "allOf"):
        if name not in schema:
            continue
        choices = [_schema(choice) for choice in schema[name]]
        if (
            name != "allOf"
            and all(set(choice) <= {"const", "type"} for choice in choices)
            and all("const" in choice for choice in choices)
        ):
            out["enum"] = [choice["const"] for choice in choices]
        else:
            out["allOf" if name == "allOf" else "anyOf"] = choices
    if "enum" in schema:
        out["enum"] = schema["enum"]
    if "items" in schema:
        out["items"] = _schema(schema["items"])
    if "properties" in schema:
        out["properties"] = {name: _schema(value) for name, value in schema["properties"].items()}
    extra = schema.get("additionalProperties")
    if extra is not None:
        out["additionalProperties"] = _schema(extra) if isinstance(extra, dict) else extra
    return out


def _collect(node: Any, schemas: dict[str, Schema], wanted: dict[str, Schema]) -> None:
    """Add every schema that the node refers to, and those that these refer to."""
    if isinstance(node, list):
        for value in node:
            _collect(value, schemas, wanted)
    elif isinstance(node, dict):
        name = node.get("$ref")
        if isinstance(name, str) and name not in wanted:
            wanted[name] = _schema(schemas[name])
            _collect(wanted[name], schemas, wanted)
        for value in node.values():
            _collect(value, schemas, wanted)


def dumps(facts: dict[str, Any]) -> str:
    """Compact JSON, one path or schema a line, so that a new version of it can be reviewed."""
    lines = [f'{{"api":{json.dumps(facts["api"])}']
    for part in ("paths", "schemas"):
        entries = [
            f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}"
            for name, value in facts[part].items()
        ]
        lines.append(f',"{part}":{{\n' + ",\n".join(entries) + "\n}")
    return "".join(lines) + "}\n"


def main() -> None:
    """Read the document named on the command line and write the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("document", type=Path)
    document = json.loads(parser.parse_args().document.read_text(encoding="utf-8"))
    text = dumps(distil(document))
    if re.search(r'"description":"', text):
        raise SystemExit("prose slipped through")
    OUTPUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
