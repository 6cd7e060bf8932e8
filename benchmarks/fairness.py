"""In which order people are served, and whether that was fair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Served:
    """A job that was taken from the queue; times in seconds by any one clock."""

    person: str
    queued: float
    taken: float


def latest_before_a_first(served: Sequence[Served]) -> int:
    """The highest number of a photo that was taken while another person's first one waited.

    Photos are numbered by person in the order in which they were queued, from 1. Fair is what
    keeps this small: 20 means that somebody's first photo waited behind another's twentieth.
    """
    numbers: Counter[str] = Counter()
    numbered: list[tuple[int, Served]] = []
    for one in sorted(served, key=lambda one: one.queued):
        numbers[one.person] += 1
        numbered.append((numbers[one.person], one))
    firsts = [one for number, one in numbered if number == 1]
    return max(
        (
            number
            for number, one in numbered
            for first in firsts
            if first.person != one.person and first.queued < one.taken < first.taken
        ),
        default=0,
    )
