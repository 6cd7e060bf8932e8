"""What README.md tells people to type: files, targets and options that there are."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, REPOSITORY, output

_TEXT = (REPOSITORY / "README.md").read_text()
_DOCUMENTS = sorted([REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")])


@pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text()
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, _ = link.partition("#")
        if path and "://" not in path:
            assert (document.parent / path).exists(), link


def test_files_that_commands_name_are_there() -> None:
    blocks = "\n".join(re.findall(r"```(?:sh|console)\n(.*?)```", _TEXT, re.DOTALL))
    named = set(re.findall(r"(?<![\w/.~-])((?:docs|deploy|bot|tests)/[\w./*-]+)", blocks))
    assert any(name.startswith("deploy/") for name in named)
    for name in named:
        assert list(REPOSITORY.glob(name)), name


def test_targets_of_make_and_of_the_dockerfile_are_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    for target in set(re.findall(r"^make (\w+)", _TEXT, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    stages = re.findall(r"^FROM \S+ AS (\S+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert stages[-1] == "run", "docker build without a target makes what README runs"


def test_make_run_uses_the_port_and_the_python_that_it_is_told() -> None:
    said = output("make", "--dry-run", "--always-make", "run", "PORT=8090", "PYTHON=python9")
    assert "CAPTIONBOT_WEB_PORT=8090 .venv/bin/captionbot run" in said
    assert "python9 -m venv .venv" in said
    assert "--quiet" not in said
    assert "CAPTIONBOT_WEB_PORT" not in output("make", "--dry-run", "run", "PYTHON=python9")


def test_make_finds_a_python_and_says_what_to_do_without_one(tmp_path: Path) -> None:
    found = output("make", "--dry-run", "--always-make", "run")
    assert re.search(r"python3?(\.\d+)? -m venv", found)
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(REPOSITORY / name, tmp_path)
    said = output("make", "run", "PYTHON=", folder=tmp_path, status=2)
    assert "needs Python 3.11 or newer" in said
