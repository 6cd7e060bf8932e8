"""`captionbot doctor`."""

from __future__ import annotations

import asyncio
import io
import sys

import typer
from rich.console import Console

from bot.doctor import Finding, examine
from bot.doctor.finding import problem
from bot.doctor.report import as_json, has_problem, show
from bot.settings import SettingsError, load_settings


def doctor(*, json: bool) -> bool:
    """Look at everything and print it; False if something will not work."""
    found = _findings()
    if json:
        typer.echo(as_json(found))
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(
                errors="replace"
            )  # a terminal without arrows is no reason to fail
        show(found, Console())
    return not has_problem(found)


def _findings() -> list[Finding]:
    try:
        settings = load_settings()
    except SettingsError as error:
        # Nothing else can be looked at: what is written is not what will be in force.
        return [problem("settings", str(error), "correct .env or the environment, then ask again")]
    return asyncio.run(examine(settings))
