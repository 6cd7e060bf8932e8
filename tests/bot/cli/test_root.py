"""The root command: its version, its completion, and what works without torch."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli import app
from captioner.distribution import version


def test_the_version() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.stdout == f"captionbot {version()}\n"


@pytest.mark.parametrize("group", [(), ("queue",), ("keys",), ("weights",), ("data",)])
def test_what_each_command_does_fits_into_its_line(group: tuple[str, ...]) -> None:
    said = CliRunner().invoke(app, [*group, "--help"], terminal_width=80).stdout
    commands = said.partition("Commands:\n")[2].splitlines()
    assert len(commands) >= 2
    for line in commands:
        assert line.endswith("."), line
        assert not line.endswith("..."), line


def test_completion_can_be_installed() -> None:
    assert "--install-completion" in CliRunner().invoke(app, ["--help"]).stdout


def test_a_checkpoint_is_shown_without_torch() -> None:
    program = (
        "import sys\n"
        "sys.modules['torch'] = None\n"  # importing it fails, as where it is not installed
        "from bot.cli import app\n"
        "app(['weights', 'show'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=100
    )
    shown = json.loads(done.stdout)
    assert shown["vocabulary_size"] > 1000
    assert "provenance" in shown
