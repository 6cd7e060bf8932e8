"""What the tests of the doctor do again and again."""

from __future__ import annotations

from collections.abc import Iterable

from bot.doctor import CHECKS, LONGEST, Finding, Level, examining
from bot.settings import Settings

OK, NOTE, PROBLEM = Level.OK, Level.NOTE, Level.PROBLEM


def settings(**values: str) -> Settings:
    """Settings by their names in the environment, and nothing else."""
    return Settings(_env_file=None, **values)  # type: ignore[call-arg, arg-type]  # by alias


def one(found: Iterable[Finding], piece: str) -> Finding:
    """The one finding whose text contains a piece."""
    texts = [f"{f.level}: {f.text}" for f in found]
    fitting = [f for f in found if piece in f.text]
    assert len(fitting) == 1, f"{piece!r} is not once in {texts}"
    return fitting[0]


def problems(found: Iterable[Finding]) -> list[str]:
    return [f.text for f in found if f.level is PROBLEM]


def everything(found: Iterable[Finding]) -> str:
    return "\n".join(f"{f.text} {f.advice}" for f in found)


async def examine(
    given: Settings, checks: tuple[str, ...] = CHECKS, *, seconds: float = LONGEST
) -> list[Finding]:
    """All that checks find."""
    groups = [found async for found in examining(given, checks, seconds=seconds)]
    return [finding for found in groups for finding in found]
