"""Numbers that were measured several times: their middle, and how far they lie apart."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number: the median of `count` observations and their quartiles."""

    unit: str  # "ms", "s", "×", "MB", "/s", "bytes", "" for a plain count
    median: float
    low: float  # first quartile
    high: float  # third quartile
    count: int

    @classmethod
    def of(cls, values: Sequence[float], unit: str) -> Figure:
        """The figure of some observations; raises ValueError for none."""
        if not values:
            raise ValueError("a figure needs an observation")
        low, middle, high = quartiles(values)
        return cls(unit, middle, low, high, len(values))

    @classmethod
    def exactly(cls, value: float, unit: str) -> Figure:
        """A number that does not vary, or was taken once."""
        return cls(unit, value, value, value, 1)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile of at least one value."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share (0…1) of the values lies, read off the sorted values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def ratios(upper: Sequence[float], lower: Sequence[float]) -> Figure:
    """The figure of `upper` over `lower`, observation by observation: those of one round each."""
    return Figure.of([a / b for a, b in zip(upper, lower, strict=True)], "×")
