"""What is said of each platform by name holds: adding one means the registry and its folder."""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Callable
from dataclasses import replace
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
from bot.doctor import CHECKS
from bot.errors import for_operators
from bot.monitoring.server import exposition
from bot.settings import Settings
from captioner.errors import UsageError
from captioner.telemetry import metrics

ROOT = Path(__file__).parents[3]
_SCRIPT = runpy.run_path(str(ROOT / "deploy" / "platforms.py"))
files: Callable[..., dict[Path, str]] = _SCRIPT["files"]
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
    assert not lists.turned_away(platform.name, person=listed[1])
    assert lists.turned_away(platform.name, person="somebody else")


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


def test_the_files_of_the_deployment_say_what_the_registry_says() -> None:
    for path, text in files(ROOT, PLATFORMS).items():
        assert path.read_text(encoding="utf-8") == text, f"{path}: run `make platforms`"


def test_a_further_platform_is_its_folder_and_a_line_of_the_registry(tmp_path: Path) -> None:
    pigeon = replace(
        BY_NAME["matrix"], name="pigeon", title="Pigeon Post", token="PIGEON_TOKEN",
        packages=("pigeons",), requirement="pigeon-post>=1", further=(),
    )  # fmt: skip
    for path in (*files(ROOT, PLATFORMS), *ROOT.glob("bot/adapters/*/settings.env.example")):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    explained = tmp_path / "bot" / "adapters" / "pigeon" / "settings.env.example"
    explained.parent.mkdir()
    explained.write_text("# Who flies for us.\n# PIGEON_TOKEN=\n")

    found = files(tmp_path, [*PLATFORMS, pigeon])
    written = {str(path.relative_to(tmp_path)): text for path, text in found.items()}
    compose = yaml.safe_load(written["deploy/compose.yaml"])["services"]
    secrets = {one.token for one in PLATFORMS}
    assert compose["pigeon"]["command"] == ["pigeon"]
    assert secrets <= compose["pigeon"]["environment"].keys()
    assert compose["discord"]["environment"]["PIGEON_TOKEN"] == ""
    assert all("pigeon" in compose[server]["profiles"] for server in ("redis", "store"))
    deployment = yaml.safe_load(written["deploy/kubernetes/base/pigeon.yaml"])
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert "PIGEON_TOKEN" in [one["name"] for one in container["env"]]
    resources = yaml.safe_load(written["deploy/kubernetes/base/kustomization.yaml"])["resources"]
    assert "pigeon.yaml" in resources
    assert "bin/captionbot pigeon" in written["deploy/systemd/captionbot-pigeon.service"]
    assert "captionbot-pigeon.service" in written["deploy/systemd/captionbot-redis.service"]
    assert written["deploy/install.sh"].count("pigeon") == 6
    for place in ("compose", "monitoring"):
        assert "pigeon" in str(yaml.safe_load(written[f"deploy/{place}/prometheus.yml"]))
    project = tomllib.loads(written["pyproject.toml"])
    assert "pigeon-post>=1" in project["project"]["optional-dependencies"]["bot"]
    contracts = project["tool"]["importlinter"]["contracts"]
    assert sum("pigeons" in one["forbidden_modules"] for one in contracts) == 2
    assert "# --- Pigeon Post\n\n# Who flies for us." in written[".env.example"]
    assert "| `captionbot pigeon` | `PIGEON_TOKEN` |" in written["docs/operations.md"]
    assert "PIGEON_TOKEN=\n" in written["deploy/kubernetes/secrets.env.example"]


@each
def test_people_read_how_to_set_it_up(platform: Platform) -> None:
    own = ROOT / "bot" / "adapters" / platform.name / "README.md"
    readme = own if own.is_file() else ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    assert platform.title in text
    assert platform.token in text


@each
def test_it_has_metrics_of_its_own(platform: Platform) -> None:
    metrics.describe_process(platform.name, platforms=(*BY_NAME, "web"))
    assert f'platform="{platform.name}"' in exposition().decode()
    assert metrics.platform_of(f"{platform.name}.another") == platform.name


@each
def test_its_adapter_is_made_from_the_settings(platform: Platform) -> None:
    assert callable(import_module(platform.adapter).make_adapter)
