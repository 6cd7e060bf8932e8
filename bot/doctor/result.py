"""What a check found, in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rich.console import Console
from rich.table import Table
from rich.text import Text

_LONGEST = 600  # characters of a sentence; some come from elsewhere


class Level(StrEnum):
    """How it is."""

    OK = "ok"
    NOTE = "note"  # good to know; nothing is broken
    PROBLEM = "problem"  # something will not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str  # what was looked at: "telegram", "redis"…
    level: Level
    text: str  # how it is
    advice: str = ""  # what to do about it


def ok(check: str, text: str) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, clean(text))


def note(check: str, text: str, advice: str = "") -> Finding:
    """Good to know."""
    return Finding(check, Level.NOTE, clean(text), clean(advice))


def problem(check: str, text: str, advice: str) -> Finding:
    """Something will not work, and what to do about it."""
    return Finding(check, Level.PROBLEM, clean(text), clean(advice))


def clean(text: str) -> str:
    """The text in one line without what could steer a terminal: it may quote other machines."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(line.split())[:_LONGEST]


_CHECKS, _LEVELS = 13, 7  # letters of the longest
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
    """Print what one check found: lines that stand below those of the checks before."""
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
    problems = sum(finding.level is Level.PROBLEM for finding in found)
    console.print(
        Text(f"\n{problems} to put right", style=_STYLES[Level.PROBLEM])
        if problems
        else Text("\nnothing stands in the way", style=_STYLES[Level.OK])
    )
