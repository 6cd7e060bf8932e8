"""What workers tell of their engines, and what a bot believes of it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from typing import Any

import pytest

from captioner.capabilities import Capabilities, CapabilitiesError

GOOD: dict[str, Any] = {
    "languages": ["en", "de", "pt-BR"],
    "attention": True,
    "confidence": True,
    "questions": False,
    "lengths": ["short"],
}


def test_they_come_back_from_json() -> None:
    one = Capabilities(("en", "zh"), True, False, True, ("short", "long"))
    assert Capabilities.from_json(one.to_json()) == one
    assert Capabilities.from_json(one.to_json().encode()) == one
    assert one.language == "en"
    away = dataclasses.replace(one, sends_photos_to=("api.example", "2001:db8::1"))
    assert Capabilities.from_json(away.to_json()) == away


def test_fields_of_newer_versions_are_passed_over() -> None:
    found = Capabilities.from_json(json.dumps(GOOD | {"poems": True}))
    assert found == Capabilities(("en", "de", "pt-BR"), True, True, False, ("short",))


@pytest.mark.parametrize(
    "change",
    [
        {"languages": []},
        {"languages": ["en"] * 41},
        {"languages": ["EN"]},
        {"languages": ["en\n"]},
        {"languages": ["../etc"]},
        {"languages": "en"},
        {"languages": [1]},
        {"attention": "yes"},
        {"confidence": 1},
        {"questions": None},
        {"lengths": []},
        {"lengths": ["Short!"]},
        {"lengths": ["a"] * 9},
        {"sends_photos_to": "api.example"},
        {"sends_photos_to": ["api.example and nowhere else"]},
        {"sends_photos_to": ["-"]},
        {"sends_photos_to": ["a"] * 9},
    ],
    ids=str,
)
def test_hostile_ones_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(CapabilitiesError, match=f"capabilities: {next(iter(change))}"):
        Capabilities.from_json(json.dumps(GOOD | change))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "{" * 3000, b"\xff", " " * 5000])
def test_what_is_no_description_is_refused(text: str | bytes) -> None:
    with pytest.raises(CapabilitiesError, match="capabilities"):
        Capabilities.from_json(text)


def test_nonsense_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least 1 item"):
        Capabilities((), True, True, False, ("short",))


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, captioner.capabilities\n"
        "heavy = {'torch', 'numpy', 'safetensors', 'openvino', 'PIL', 'telegram', 'discord'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
