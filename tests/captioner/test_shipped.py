"""Names of checkpoints that come with CaptionBot stand wherever a path may."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from captioner import distribution
from captioner.checkpoint.file import read_file
from captioner.checkpoint.metadata import CheckpointError
from captioner.distribution import BUNDLED, checkpoint_path


def test_a_name_is_the_file_that_is_shipped() -> None:
    assert checkpoint_path(Path("bundled")) == BUNDLED
    assert read_file(Path("bundled")).path == BUNDLED


def test_a_file_of_that_name_goes_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bundled").write_bytes(b"mine")
    assert checkpoint_path(Path("bundled")) == Path("bundled")


@pytest.mark.parametrize("given", ["bundles", "./bundled", "x/bundled", "bundled.safetensors"])
def test_what_is_no_name_stays_a_path(given: str, tmp_path: Path) -> None:
    assert checkpoint_path(tmp_path / given) == tmp_path / given


def test_a_name_that_does_not_exist_is_told_those_that_do() -> None:
    with pytest.raises(CheckpointError, match=r"^resnet51: no such checkpoint; .*names: bundled"):
        read_file(Path("resnet51"))


def test_further_files_have_names_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("bundled", "small"):
        (tmp_path / f"{name}.safetensors").touch()
    monkeypatch.setattr(distribution, "_FOLDER", tmp_path)
    monkeypatch.setattr(distribution, "BUNDLED", tmp_path / "bundled.safetensors")
    assert list(distribution.shipped()) == ["bundled", "small"]
    assert checkpoint_path(Path("small")) == tmp_path / "small.safetensors"


def test_they_are_listed_and_shown_by_name() -> None:
    listed = CliRunner().invoke(app, ["weights", "list"])
    assert listed.exit_code == 0
    line = next(line for line in listed.output.splitlines() if line.startswith("bundled: "))
    assert line.endswith("(default)")
    assert f"{BUNDLED.stat().st_size / 1e6:.1f} MB" in line
    named = CliRunner().invoke(app, ["weights", "show", "bundled"])
    unnamed = CliRunner().invoke(app, ["weights", "show"])
    assert json.loads(named.output) == json.loads(unnamed.output)
