"""One version, and no hint that leads to the stranger's package on PyPI."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from captioner import distribution
from captioner.distribution import how_to_install

_REPOSITORY = Path(__file__).parents[2]
_PROJECT = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text())["project"]
# Without a folder in front of it (`.[bot]`), pip would look for these names on PyPI.
_FROM_PYPI = re.compile(r"pip3? install[^\n`]*?['\" ](?:captionbot|caption-bot)\b")


def _written() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=_REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [_REPOSITORY / name for name in listed.stdout.splitlines()]
    kinds = {".py", ".md", ".sh", ".yaml", ".yml", ".toml", ".example", ".ftl", ".html", ".js", ""}
    return [path for path in paths if path.suffix in kinds and path.is_file()]


def test_the_name_is_the_projects() -> None:
    assert _PROJECT["name"] == distribution.NAME


def test_the_version_is_the_projects() -> None:
    assert distribution.version() == _PROJECT["version"], "make run or make test installs it anew"


def test_code_that_was_only_copied_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "NAME", "no-such-distribution-of-ours")
    assert distribution.version() == "unknown"


def test_no_text_sends_people_to_the_strangers_package() -> None:
    found = [
        f"{path.relative_to(_REPOSITORY)}: {hint}"
        for path in _written()
        if path != Path(__file__)
        for hint in _FROM_PYPI.findall(path.read_text(errors="replace"))
    ]
    assert not found


def test_such_a_text_would_be_found() -> None:
    assert _FROM_PYPI.search("OpenVINO is missing: pip install 'captionbot[openvino]'")
    assert _FROM_PYPI.search("pip install --upgrade captionbot")
    assert not _FROM_PYPI.search("pip install -c constraints.txt -e '.[bot]'")


@pytest.mark.parametrize("extra", sorted(_PROJECT["optional-dependencies"]))
def test_every_extra_can_be_had_from_the_checkout(extra: str) -> None:
    assert f"-e '.[{extra}]'" in how_to_install(extra)


def test_the_environment_of_make_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "/home/somebody/captionbot/.venv")
    assert ".venv/bin/pip install" in how_to_install("bot")
    monkeypatch.setattr(sys, "prefix", "/usr")
    assert "run pip install" in how_to_install("bot")
