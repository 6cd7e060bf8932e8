"""Where the deployment's files lie, and how its tools are started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"
_PATIENCE = 110  # seconds; a busy machine takes its time


def tool(name: str) -> Path:
    """A program that a package of the `dev` extra brings."""
    return Path(sys.executable).parent / name


def output(*command: str | Path, status: int = 0, folder: Path = REPOSITORY) -> str:
    """What a command writes, errors included; fails where its exit status is another."""
    ended = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )
    assert ended.returncode == status, ended.stdout
    return ended.stdout
