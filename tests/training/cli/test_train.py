"""`captionbot train` as it is typed; what a run does is tested elsewhere."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from captioner.errors import UsageError


def test_runs_that_cannot_be_kept_are_told_of(data: Path, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("no folder")
    arguments = ["train", str(data / "config.toml"), "--data", str(data), "--device", "cpu"]
    error = CliRunner().invoke(app, [*arguments, "--runs", str(tmp_path / "runs")]).exception
    assert isinstance(error, UsageError)
    assert str(error).startswith(f"{tmp_path / 'runs'}")
    assert "cannot be written" in str(error)
