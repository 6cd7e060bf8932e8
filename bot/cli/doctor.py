"""`captionbot doctor`."""

from __future__ import annotations

import io
import sys
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from bot.doctor import Finding

_CHECKS, _LEVELS = 13, 7  # letters of the longest
_STYLES = {"ok": "green", "note": "cyan", "problem": "bold red"}


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

    from bot.doctor import as_json, count_problems

    if json:
        found = asyncio.run(_all())
        typer.echo(as_json(found))
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # a terminal without arrows is no reason to fail
            sys.stdout.reconfigure(errors="replace")
        found = asyncio.run(_shown())
    raise typer.Exit(1 if count_problems(found) else 0)


async def _all() -> list[Finding]:
    return [finding async for group in _findings() for finding in group]


async def _shown() -> list[Finding]:
    """All findings, each shown as soon as none is left to be shown before it."""
    from rich.console import Console

    console = Console()
    found = []
    with console.status("looking further …"):
        async for group in _findings():
            show(group, console)
            found += group
    show_sum(found, console)
    return found


async def _findings() -> AsyncIterator[list[Finding]]:
    from bot.doctor import examining, problem
    from bot.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        # Nothing else can be looked at: what is written is not what will be in force.
        yield [problem("settings", str(error), "correct .env or the environment, then ask again")]
        return
    async for group in examining(settings):
        yield group


def show(found: Sequence[Finding], console: Console) -> None:
    """Print what one check found: lines that stand below those of the checks before."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(width=_CHECKS, no_wrap=True)
    table.add_column(width=_LEVELS, no_wrap=True)
    table.add_column(overflow="fold")
    for n, finding in enumerate(found):
        told = Text(finding.text)  # no markup: it may quote other machines
        if finding.advice:
            told.append(f"\n→ {finding.advice}", style="dim")
        level = Text(finding.level.value, style=_STYLES[finding.level])
        table.add_row("" if n else Text(finding.check, style="bold"), level, told)
    console.print(table)


def show_sum(found: Sequence[Finding], console: Console) -> None:
    """Print what all findings come to."""
    from rich.text import Text

    from bot.doctor import count_problems

    problems = count_problems(found)
    console.print(
        Text(f"\n{problems} to put right", style=_STYLES["problem"])
        if problems
        else Text("\nnothing stands in the way", style=_STYLES["ok"])
    )
