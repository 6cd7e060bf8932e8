"""The settings that the deployment's files name are settings that there are."""

from __future__ import annotations

import re

from bot.adapters.registry import PLATFORMS
from bot.settings import Settings
from tests.deploy.files import DEPLOY, REPOSITORY

_PREFIXES = "|".join(["CAPTIONBOT", *(platform.name.upper() for platform in PLATFORMS)])
_SETTING = rf"\b(?:{_PREFIXES})_[A-Z0-9_]+\b"


def test_all_are_known() -> None:
    known = {str(field.alias) for field in Settings.model_fields.values()}
    found = {
        name
        for path in DEPLOY.rglob("*")
        if path.is_file() and path.suffix != ".json"
        for name in re.findall(_SETTING, path.read_text())
    }
    assert "CAPTIONBOT_METRICS_PORT" in found
    assert found <= known, found - known


def test_what_compose_reads_is_explained() -> None:
    read = set(re.findall(r"(?<!\$)\$\{?([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    example = (REPOSITORY / ".env.example").read_text().partition("\n# --- Docker Compose alone")[2]
    assert read == set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
