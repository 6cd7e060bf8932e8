"""What an operator is told of errors: one line that says what to do, without a traceback.

Of settings that are wrong it is the name, what is wrong with it, and what to do; never the value,
which may be a secret, or a piece of one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.adapters.registry import PLATFORMS
from captioner.distribution import how_to_install
from captioner.errors import OperatorError, RestartError

PREFIX = "CAPTIONBOT_"
_NAME = re.compile(r"[A-Z_0-9]{1,50}|[a-z_0-9]{1,50}")
_SEE = "see .env.example"
_NOT_A_NUMBER = {"int_parsing", "int_from_float", "int_type", "float_parsing", "finite_number"}
_OUT_OF_RANGE = {"greater_than_equal", "less_than_equal", "int_parsing_size"}


def for_operators(error: BaseException) -> str | None:
    """The sentence to print for an error, or None for one that is a bug of ours."""
    if isinstance(error, OperatorError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_package(error.name.partition(".")[0])
    return None


def for_supervisors(error: BaseException) -> str | None:
    """The sentence for an error that a new process may not have, or None for any other."""
    return str(error) if isinstance(error, RestartError) else None


def _missing_package(name: str) -> str | None:
    extras = {
        "torch": "worker",
        "torchvision": "train",
        "safetensors": "worker",
        "aiohttp": "bot",
        "fluent": "bot",
        "opentelemetry": "otel",
        "spacy": "train",
        "pycocoevalcap": "train",
        "sklearn": "train",
        "jinja2": "train",
        "accelerate": "train",
        "filelock": "worker",
    }
    extras |= {package: "bot" for platform in PLATFORMS for package in platform.packages}
    extra = extras.get(name)
    return f"{name} is not installed: {how_to_install(extra)}" if extra else None


def misspelt(names: Iterable[str], known: Iterable[str]) -> str | None:
    """What to say of names that begin like ours and are none; None if there are no such."""
    ours = sorted(known)
    strangers = sorted(
        {name for name in names if name.upper().startswith(PREFIX) and name.upper() not in ours}
    )
    if not strangers:
        return None
    said = []
    for name in strangers:
        rests = [one.removeprefix(PREFIX) for one in ours if one.startswith(PREFIX)]
        near = get_close_matches(name.upper().removeprefix(PREFIX), rests, n=1, cutoff=0.75)
        meant = f", did you mean {PREFIX}{near[0]}?" if near else ""
        said.append(f"{_without_a_value(name, ours)}: no such setting{meant}")
    return "; ".join(said) + f"; {_SEE} for those there are"


def _without_a_value(name: str, known: Iterable[str]) -> str:
    """A name, without what belongs to a value: a line that lost its `=` has both in its name."""
    start = max((one for one in known if name.upper().startswith(one)), key=len, default="")
    match = _NAME.match(name)
    end = match.end() if match else 0
    if start and len(name) > len(start) + 2:
        end = len(start)
    return name if end == len(name) else f"{name[:end]}…"


def given_twice(env_file: Path) -> str | None:
    """What to say of names that a file gives two values; None if there are no such."""
    values: defaultdict[str, set[str | None]] = defaultdict(set)
    with env_file.open(encoding="utf-8") as file:
        for binding in parse_stream(file):
            if binding.key is not None:
                values[binding.key].add(binding.value)
    names = sorted(name for name, given in values.items() if len(given) > 1)
    twice = ", ".join(_without_a_value(name, ()) for name in names)
    return f"{twice}: given twice in {env_file}; keep one of the lines" if twice else None


def unreadable_line(env_file: Path) -> str | None:
    """What to say of the first line of a file that is no setting; None if there is no such."""
    with env_file.open(encoding="utf-8") as file:
        for binding in parse_stream(file):
            if binding.error:
                text = binding.original.string
                line = binding.original.line + len(text) - len(text.lstrip("\n"))
                return (
                    f"{env_file}, line {line}: not a setting; each line is NAME=value, with quotes "
                    "around a value that has spaces or a #"
                )
    return None


def sentence_of(error: ValidationError, fields: Mapping[str, FieldInfo]) -> str:
    """All that is wrong, in one line."""
    by_name = {field.alias: field for field in fields.values()}
    said = []
    for found in error.errors(include_input=False, include_url=False):
        name = str(found["loc"][0]) if found["loc"] else ""
        text = _problem(found["type"], found["msg"], found.get("ctx", {}), by_name.get(name))
        said.append(f"{name}: {text}" if name else text)  # one about several names them itself
    return "; ".join(said) + f"; {_SEE}"


def _problem(kind: str, message: str, facts: Mapping[str, Any], field: FieldInfo | None) -> str:
    if kind in _OUT_OF_RANGE | _NOT_A_NUMBER and field:
        return _number_problem(kind, field)
    if kind == "literal_error":
        return f"it must be one of {facts['expected'].replace(chr(39), '')}"
    if kind == "bool_parsing":
        return "it must be true or false"
    if kind in {"string_too_short", "too_short"}:
        return f"it is too short; it must have at least {facts['min_length']} characters"
    if kind == "string_pattern_mismatch" and field and field.description:
        return field.description
    return message.removeprefix("Value error, ")


def _number_problem(kind: str, field: FieldInfo) -> str:
    if kind in _OUT_OF_RANGE:
        return f"it is out of range; it must be {_range(field)}"
    whole = "whole " if kind.startswith("int") else ""
    return f"it is no {whole}number; it must be one {_range(field)}"


def _range(field: FieldInfo) -> str:
    low = next((limit.ge for limit in field.metadata if hasattr(limit, "ge")), None)
    high = next((limit.le for limit in field.metadata if hasattr(limit, "le")), None)
    return " ".join([f"from {low}"] * (low is not None) + [f"to {high}"] * (high is not None))
