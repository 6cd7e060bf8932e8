"""The workflows of GitHub Actions: by their schema, by zizmor, and against what they name.

The workflow `Test` runs actionlint besides, whose package downloads its program from GitHub.
"""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.files import DEPLOY, REPOSITORY, output, tool

_WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
_RELEASE = runpy.run_path(str(DEPLOY / "release.py"))


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((REPOSITORY / ".github" / "workflows" / name).read_text())
    return read


def _checked(*paths: Path, status: int = 0) -> str:
    schema = ("--builtin-schema", "vendor.github-workflows")
    return output(tool("check-jsonschema"), *schema, *paths, status=status)


def test_the_schema_agrees() -> None:
    assert len(_WORKFLOWS) == 2
    _checked(*_WORKFLOWS)


def test_a_mistake_would_be_found(tmp_path: Path) -> None:
    text = _WORKFLOWS[0].read_text()
    broken = tmp_path / "broken.yml"
    broken.write_text(text.replace("runs-on:", "run-on:", 1))
    assert text != broken.read_text()
    _checked(broken, status=1)


def test_zizmor_finds_no_weakness(tmp_path: Path) -> None:
    """Unpinned actions, tokens that are left lying, expressions that become code, and so on."""
    zizmor = (tool("zizmor"), "--offline", "--no-progress", "--min-severity", "medium")
    assert "No findings to report" in output(*zizmor, *_WORKFLOWS)
    weak = tmp_path / ".github" / "workflows" / "weak.yml"
    weak.parent.mkdir(parents=True)
    weak.write_text(re.sub(r"@[0-9a-f]{40} # v6\S*", "@main", _WORKFLOWS[1].read_text()))
    assert "unpinned-uses" in output("sh", "-c", f"{' '.join(map(str, zizmor))} {weak}; true")


def test_actions_are_pinned_by_their_commit_and_say_their_version() -> None:
    for path in _WORKFLOWS:
        for used in re.findall(r"uses: (.*)$", path.read_text(), re.MULTILINE):
            assert used.startswith("./") or re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used)


def test_every_supported_python_is_tested() -> None:
    matrix = _read("test.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert matrix == ["3.11", "3.12", "3.13"]
    assert f'requires-python = ">={matrix[0]}"' in (REPOSITORY / "pyproject.toml").read_text()


def test_every_image_is_published_for_both_kinds_of_processor() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    ends = set(re.findall(r"^FROM \S+ AS (\S+)\n(?:(?!^FROM ).*\n)*CMD ", text, re.MULTILINE))
    included = _read("release.yml")["jobs"]["images"]["strategy"]["matrix"]["include"]
    assert {one["target"] for one in included} == ends == {"run", "bot", "worker-cpu", "worker-gpu"}
    for one in included:
        both = one["platforms"] == "linux/amd64,linux/arm64"
        assert both or one["target"] == "worker-gpu"
    steps = _read("release.yml")["jobs"]["images"]["steps"]
    (push,) = (step["with"] for step in steps if "build-push-action" in step.get("uses", ""))
    assert push["sbom"] is True
    assert push["provenance"] == "mode=max"


def test_a_release_knows_its_version_and_its_notes() -> None:
    number = _RELEASE["version"]((REPOSITORY / "pyproject.toml").read_text())
    assert re.fullmatch(r"\d+\.\d+\.\d+", number)
    assert output("python3", DEPLOY / "release.py", "version") == f"{number}\n"
    changelog = (REPOSITORY / "CHANGELOG.md").read_text()
    assert _RELEASE["notes"](changelog, "0.1.0").startswith("The version before")
    with pytest.raises(ValueError, match=r"no section for 9\.9\.9"):
        _RELEASE["notes"](changelog, "9.9.9")
    with pytest.raises(ValueError, match="no section"):
        _RELEASE["notes"]("## [1.0.0]\n\n## [0.9.0]\n\ntext\n", "1.0.0")


def test_versions_of_the_changelog_are_in_order_and_unreleased_comes_first() -> None:
    titles = re.findall(r"^## \[(.+?)]", (REPOSITORY / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert titles[0] == "Unreleased"
    numbers = [tuple(map(int, title.split("."))) for title in titles[1:]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers)
