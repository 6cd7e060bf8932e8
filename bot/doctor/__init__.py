"""`captionbot doctor`: looks at everything the bot needs, and says what to do about it.

All checks run at once; where one cannot be made, that is said too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pkgutil import resolve_name

from pydantic import SecretStr

from bot.adapters.registry import PLATFORMS
from bot.errors import for_operators
from bot.settings import Settings

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


def count_problems(found: Sequence[Finding]) -> int:
    """How many things will not work."""
    return sum(finding.level is Level.PROBLEM for finding in found)


def as_json(found: Sequence[Finding]) -> str:
    """One object: how many problems, and every finding."""
    document = {
        "problems": count_problems(found),
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


Check = Callable[[Settings], Awaitable[list[Finding]]]

# Where a check is; the others are functions `check` of modules with their names. They are imported
# one by one, for a host with only a part of the packages has only a part of the checks.
_PLATFORMS = {platform.name: f"{platform.check}:check" for platform in PLATFORMS}
_PLACES = _PLATFORMS | {
    "configuration": "bot.doctor.host:check_settings",
    "photos": "bot.doctor.checkpoint:check_photos",
    "languages": "bot.doctor.checkpoint:check_languages",
    "device": "bot.doctor.host:check_device",
}
CHECKS = (  # in the order in which they are shown
    "configuration", *_PLATFORMS, "redis", "checkpoint", "photos", "languages", "device", "media",
    "host",
)  # fmt: skip
LONGEST = 60.0  # seconds for one check
_SHORTEST_SECRET = 6  # what is shorter is in every sentence


async def examining(
    settings: Settings, checks: tuple[str, ...] = CHECKS, *, seconds: float = LONGEST
) -> AsyncIterator[list[Finding]]:
    """The findings of one check after the other, each as soon as it and those before are done.

    Raises nothing: a check that fails is a finding. No finding holds a secret of the settings.
    """
    secrets = [
        value.get_secret_value()
        for value in (getattr(settings, name) for name in type(settings).model_fields)
        if isinstance(value, SecretStr) and len(value.get_secret_value()) >= _SHORTEST_SECRET
    ]
    for task in [asyncio.create_task(_checked(name, settings, seconds)) for name in checks]:
        yield [_without(finding, secrets) for finding in await task]


async def _checked(name: str, settings: Settings, seconds: float) -> list[Finding]:
    try:
        # In a thread: what one check imports does not hold up what another has to say.
        place = _PLACES.get(name, f"bot.doctor.{name}:check")
        check: Check = await asyncio.to_thread(resolve_name, place)
        async with asyncio.timeout(seconds):
            return await check(settings)
    except TimeoutError:
        return [problem(name, f"the check took longer than {seconds:.0f} s", "try again later")]
    except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody
        text = f"the check itself failed ({type(error).__name__})"
        return [problem(name, text, for_operators(error) or "this is a bug: please report it")]


def _without(finding: Finding, secrets: list[str]) -> Finding:
    """The finding without secrets: what other machines say is quoted, and they know some."""
    text, advice = finding.text, finding.advice
    for secret in secrets:
        text, advice = text.replace(secret, "…"), advice.replace(secret, "…")
    return replace(finding, text=text, advice=advice)
