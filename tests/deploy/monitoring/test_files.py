"""Alerts and dashboard: sound by Prometheus's own tools, and about metrics that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.prometheus import MONITORING

UNIT_TESTS = Path(__file__).with_name("alerts.test.yml")
OPERATIONS = MONITORING.parents[1] / "docs" / "operations.md"
RULES: list[dict[str, Any]] = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"][0][
    "rules"
]
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "grafana-dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def promtool(folder: Path, *arguments: str) -> str:
    program = shutil.which("promtool")
    assert program, "install Debian's prometheus: deploy/install-test-packages.sh"
    done = subprocess.run(
        [program, *arguments], cwd=folder, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_our_example() -> None:
    promtool(MONITORING, "check", "config", "prometheus.yml")


def test_each_alert_is_silent_and_fires_as_it_should(tmp_path: Path) -> None:
    for file in (MONITORING / "alerts.yml", UNIT_TESTS):
        shutil.copy(file, tmp_path)
    assert "SUCCESS" in promtool(tmp_path, "test", "rules", UNIT_TESTS.name)


def test_no_alert_is_without_a_test_or_an_explanation() -> None:
    names = {rule["alert"] for rule in RULES}
    tests = yaml.safe_load(UNIT_TESTS.read_text())["tests"]
    fired = {
        one["alertname"]
        for test in tests
        for one in test.get("alert_rule_test", [])
        if one["exp_alerts"]
    }
    assert fired == names
    explained = OPERATIONS.read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}`" in explained} == names


def test_a_wrong_alert_would_be_noticed(tmp_path: Path) -> None:
    alerts = (MONITORING / "alerts.yml").read_text()
    (tmp_path / "alerts.yml").write_text(
        alerts.replace('{state="ready"}) == 0', '{state="x"}) == 0')
    )
    shutil.copy(UNIT_TESTS, tmp_path)
    with pytest.raises(AssertionError, match="CaptionBotNoWorkers"):
        promtool(tmp_path, "test", "rules", UNIT_TESTS.name)


# --- the dashboard


def expressions() -> list[str]:
    shown = [target["expr"] for panel in PANELS for target in panel["targets"]]
    return [expression.replace("$__rate_interval", "1m") for expression in shown]


def test_prometheus_understands_every_expression(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{n}", "expr": one} for n, one in enumerate(expressions())]
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": [{"name": "all", "rules": rules}]}))
    promtool(tmp_path, "check", "rules", "rules.yml")


def test_panels_neither_overlap_nor_share_an_id() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


def test_every_panel_has_a_title_and_asks_the_chosen_source() -> None:
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)
    for panel in PANELS:
        assert panel["datasource"]["uid"] == "${datasource}", panel["title"]
        for target in panel["targets"]:
            assert target["legendFormat"] or target["format"] == "table", panel["title"]
            named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            grouped = re.search(r"by \(([^)]*)\)", target["expr"])
            if grouped:
                assert named <= {name.strip() for name in grouped[1].split(",")}, panel["title"]
