"""What is said of each platform by name holds: adding one means the registry and its folder."""

from __future__ import annotations

import re
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.adapters.registry import BY_NAME, PLATFORMS, Platform
from bot.chat.access_control import AccessControl
from bot.cli import app
from bot.cli.host import check_role
from bot.doctor.runner import CHECKS
from bot.errors import for_operators
from bot.monitoring.server import exposition
from bot.settings import Settings
from captioner.errors import UsageError
from captioner.telemetry import metrics

ROOT = Path(__file__).parents[3]
each = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.name)


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[call-arg]  # pydantic-settings' own


@each
def test_its_settings_are_settings_and_are_explained(platform: Platform) -> None:
    assert not platform.configured(settings())
    assert platform.configured(settings(**{platform.token: "1:a"}))
    assert platform.token in (ROOT / ".env.example").read_text(encoding="utf-8")


@each
def test_its_people_can_be_let_in_and_kept_out(platform: Platform) -> None:
    listed = re.fullmatch(rf"{platform.name}:(.+)", platform.example)
    assert listed
    lists = AccessControl(settings(CAPTIONBOT_ALLOW=platform.example))
    assert lists.may_use(platform.name, person=listed[1])
    assert not lists.may_use(platform.name, person="somebody else")


@each
def test_it_has_a_role_that_says_what_is_missing(platform: Platform) -> None:
    assert platform.name in get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    with pytest.raises(UsageError, match=f"set {platform.token}"):
        check_role(platform.name, settings(REDIS_URL="redis://127.0.0.1:1/0"))


@each
def test_the_doctor_looks_at_it(platform: Platform) -> None:
    assert platform.name in CHECKS
    assert callable(import_module(platform.check).check)


@each
def test_its_library_is_named_where_it_is_missing(platform: Platform) -> None:
    for package in platform.packages:
        assert util.find_spec(package)
        assert "bot" in str(for_operators(ModuleNotFoundError(name=package)))


@each
def test_it_can_be_deployed(platform: Platform) -> None:
    unit = ROOT / "deploy" / "systemd" / f"captionbot-{platform.name}.service"
    assert f"bin/captionbot {platform.name}" in unit.read_text(encoding="utf-8")
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    assert platform.name in compose["services"]
    assert (ROOT / "deploy" / "kubernetes" / "base" / f"{platform.name}.yaml").is_file()
    install = (ROOT / "deploy" / "install.sh").read_text(encoding="utf-8")
    for line in ("run | web |", "for role in web", "has run || has web"):
        (found,) = [one for one in install.splitlines() if line in one]
        assert platform.name in found
    for file in ("monitoring", "compose"):
        scraped = (ROOT / "deploy" / file / "prometheus.yml").read_text(encoding="utf-8")
        assert platform.name in scraped


@each
def test_it_is_documented(platform: Platform) -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"| `captionbot {platform.name}` | `{platform.token}` |" in operations
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"## {platform.title}" in readme
    assert platform.token in readme


@each
def test_it_has_metrics_of_its_own(platform: Platform) -> None:
    metrics.describe_process(platform.name, platforms=(*BY_NAME, "web"))
    assert f'platform="{platform.name}"' in exposition().decode()
    assert metrics.platform_of(f"{platform.name}.another") == platform.name


@each
def test_its_adapter_is_made_from_the_settings(platform: Platform) -> None:
    assert callable(import_module(platform.adapter).make_adapter)
