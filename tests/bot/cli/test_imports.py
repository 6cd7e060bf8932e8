"""What the command imports: a person who asks for help or a check waits for all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.registry import BY_NAME, PLATFORMS
from tests.support.command import environment

LIBRARIES = {package for platform in PLATFORMS for package in platform.packages}
HEAVY = {"PIL", "aiohttp", "av", "numpy", "redis", "torch", *LIBRARIES}


@pytest.mark.parametrize("arguments", [["--help"], ["worker", "--help"], ["doctor", "--help"]])
def test_help_imports_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    heavy = HEAVY | {"asyncio", "rich"}
    assert imported(tmp_path, "from bot.cli import app", f"app({arguments})", heavy) == "[]"


def test_what_cannot_be_asked_is_not_imported_to_ask_it(tmp_path: Path) -> None:
    checks = ("configuration", *BY_NAME, "redis", "checkpoint", "device", "host")
    imports = (
        "import asyncio, bot.settings; from bot.doctor import examining\n"
        "async def examine(*given): return [found async for found in examining(*given)]"
    )
    examined = f"asyncio.run(examine(bot.settings.load_settings(None), {checks}))"
    assert imported(tmp_path, imports, examined, HEAVY) == "[]"


def imported(folder: Path, imports: str, call: str, modules: set[str]) -> str:
    """Which of some modules are there after a call in a process of its own."""
    code = (
        f"import sys\n{imports}\n"
        f"try: {call}\n"
        f"finally: print(sorted({modules} & {{*sys.modules}}), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment(), capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    return ran.stderr.strip()
