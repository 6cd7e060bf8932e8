"""What was found, as a table for people or as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.doctor.finding import Finding, Level

_STYLES = {Level.OK: "green", Level.NOTE: "cyan", Level.PROBLEM: "bold red"}


def has_problem(found: Sequence[Finding]) -> bool:
    """Whether something will not work."""
    return any(finding.level is Level.PROBLEM for finding in found)


def as_json(found: Sequence[Finding]) -> str:
    """One object: how many problems, and every finding."""
    document = {
        "problems": sum(finding.level is Level.PROBLEM for finding in found),
        "findings": [
            {
                "check": finding.check,
                "level": finding.level.value,
                "text": finding.text,
                "advice": finding.advice,
            }
            for finding in found
        ],
    }
    return json.dumps(document, indent=2)


def show(found: Sequence[Finding], console: Console) -> None:
    """Print the findings as a table, and what they come to."""
    table = Table(show_lines=False, pad_edge=False)
    table.add_column("check", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("how it is, and what to do", overflow="fold")
    for check, findings in groupby(found, key=lambda finding: finding.check):
        for n, finding in enumerate(findings):
            told = Text(finding.text)  # no markup: it may quote other machines
            if finding.advice:
                told.append(f"\n→ {finding.advice}", style="dim")
            level = Text(finding.level.value, style=_STYLES[finding.level])
            table.add_row("" if n else Text(check, style="bold"), level, told)
        table.add_section()
    console.print(table)
    problems = sum(finding.level is Level.PROBLEM for finding in found)
    console.print(
        Text(f"{problems} to put right", style=_STYLES[Level.PROBLEM])
        if problems
        else Text("nothing stands in the way", style=_STYLES[Level.OK])
    )
