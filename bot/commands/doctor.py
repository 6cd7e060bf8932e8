"""`captionbot doctor`."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator

import typer
from rich.console import Console

from bot.doctor import Finding, examining
from bot.doctor.report import as_json, has_problem, show, show_sum
from bot.doctor.result import problem
from bot.settings import SettingsError, load_settings


def doctor(*, json: bool) -> bool:
    """Look at everything and print it; False if something will not work."""
    if json:
        found = asyncio.run(_all())
        typer.echo(as_json(found))
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(
                errors="replace"
            )  # a terminal without arrows is no reason to fail
        found = asyncio.run(_told(Console()))
    return not has_problem(found)


async def _all() -> list[Finding]:
    return [finding async for group in _findings() for finding in group]


async def _told(console: Console) -> list[Finding]:
    """All findings, each told as soon as there is no other to be told before it."""
    found = []
    with console.status("looking further …"):
        async for group in _findings():
            show(group, console)
            found += group
    show_sum(found, console)
    return found


async def _findings() -> AsyncIterator[list[Finding]]:
    try:
        settings = load_settings()
    except SettingsError as error:
        # Nothing else can be looked at: what is written is not what will be in force.
        yield [problem("settings", str(error), "correct .env or the environment, then ask again")]
        return
    async for group in examining(settings):
        yield group
