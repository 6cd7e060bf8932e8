"""`captionbot doctor`."""

from __future__ import annotations

import io
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.doctor import Finding


def doctor(
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Look at everything the bot needs, and say what to do.

    Settings, tokens and permissions, Redis, checkpoint, GPU, photos and videos, disk and ports.
    Exit status 1 if something will not work.
    """
    import asyncio

    from bot.doctor.result import as_json, has_problem

    if json:
        found = asyncio.run(_all())
        typer.echo(as_json(found))
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # a terminal without arrows is no reason to fail
            sys.stdout.reconfigure(errors="replace")
        found = asyncio.run(_shown())
    raise typer.Exit(1 if has_problem(found) else 0)


async def _all() -> list[Finding]:
    return [finding async for group in _findings() for finding in group]


async def _shown() -> list[Finding]:
    """All findings, each shown as soon as none is left to be shown before it."""
    from rich.console import Console

    from bot.doctor.result import show, show_sum

    console = Console()
    found = []
    with console.status("looking further …"):
        async for group in _findings():
            show(group, console)
            found += group
    show_sum(found, console)
    return found


async def _findings() -> AsyncIterator[list[Finding]]:
    from bot.doctor import examining
    from bot.doctor.result import problem
    from bot.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        # Nothing else can be looked at: what is written is not what will be in force.
        yield [problem("settings", str(error), "correct .env or the environment, then ask again")]
        return
    async for group in examining(settings):
        yield group
