"""What `/stats` shows an owner: counts, errors, and how long people waited."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

BOUNDS = (1, 2, 5, 10, 30, 60, 300)  # seconds
_LONGER = "longer"
_WITHIN = re.compile(rf"(.+)\.within\.(\d+|{_LONGER})")
_FAILED = re.compile(r"(.+)\.failed\..+")


def waited(seconds: float) -> str:
    """The name under which a reply counts that came so long after its request."""
    return f"within.{next((bound for bound in BOUNDS if seconds <= bound), _LONGER)}"


def summary(counts: Mapping[str, int]) -> list[str]:
    """A line for each count, then for each platform its errors and how long people waited.

    Of the waits no more is kept than how many there were up to each bound, so what is said is
    a bound: half of the people, and 95 of 100, waited no longer.
    """
    lines = [f"{name}: {n}" for name, n in sorted(counts.items()) if not _WITHIN.fullmatch(name)]
    errors: dict[str, int] = defaultdict(int)
    waits: dict[str, dict[str, int]] = defaultdict(dict)
    for name, n in counts.items():
        if found := _FAILED.fullmatch(name):
            errors[found[1]] += n
        elif found := _WITHIN.fullmatch(name):
            waits[found[1]][found[2]] = n
    for platform in sorted(errors.keys() | waits.keys()):
        lines.append(f"{platform} errors: {errors[platform]}")
        if within := waits.get(platform):
            half, most = _bound(within, 0.5), _bound(within, 0.95)
            lines.append(f"{platform} seconds: 50 % {half}, 95 % {most}")
    return lines


def _bound(within: Mapping[str, int], share: float) -> str:
    """Within which of the bounds so large a share of the replies came."""
    needed = share * sum(within.values())
    so_far = 0
    for bound in BOUNDS:
        so_far += within.get(str(bound), 0)
        if so_far >= needed:
            return f"≤ {bound}"
    return f"> {BOUNDS[-1]}"
