"""What a check found, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
