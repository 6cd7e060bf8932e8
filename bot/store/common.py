"""What both forms of the store do alike."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

PREFERENCES_FOR = 365 * 86_400.0  # seconds from the last time they were set or looked at
COUNTS_FOR = 90  # days
SECRET_BYTES = 32
_COUNT = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,99}")


def today() -> date:
    """The day that is counted on: everybody's, for it is UTC's."""
    return datetime.now(UTC).date()


def last_days(end: date, days: int) -> list[date]:
    """So many days that end with one, as far as counts are kept; raises ValueError below one."""
    if days < 1:
        raise ValueError("counts are of one day at least")
    return [end - timedelta(days=n) for n in range(min(days, COUNTS_FOR))]


def check_turn(limit: int, seconds: float) -> None:
    """Raises ValueError for a limit that nobody could ever keep, or that is none."""
    if limit < 1 or not 0 < seconds <= PREFERENCES_FOR:
        raise ValueError(f"{limit} turns in {seconds} s is no limit")


def check_period(seconds: float) -> None:
    """Raises ValueError for a time that is none."""
    if not 0 < seconds <= PREFERENCES_FOR:
        raise ValueError(f"{seconds} s is no time to remember something for")


def check_count(name: str) -> None:
    """Raises ValueError for what is no name of ours: nothing of a person's may be counted by."""
    if not _COUNT.fullmatch(name):
        raise ValueError("a count's name is short and plain, like telegram.caption")
