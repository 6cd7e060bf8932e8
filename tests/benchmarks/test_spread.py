from __future__ import annotations

import pytest

from benchmarks.running import number, spoken
from benchmarks.spread import Figure, percentile, ratios


def test_a_figure_is_the_median_and_the_quartiles() -> None:
    assert Figure.of([5, 1, 3, 2, 4], "ms") == Figure("ms", 3, 2, 4, 5)
    assert Figure.of([7], "ms") == Figure.exactly(7, "ms")


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="observation"):
        Figure.of([], "ms")


def test_a_ratio_is_one_of_contenders_in_the_same_round() -> None:
    # A machine that became twice as slow has changed nothing.
    assert ratios([2, 4, 4], [1, 2, 2]) == Figure("×", 2, 2, 2, 3)


def test_a_ratio_needs_both_in_each_round() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratios([1, 2], [1])


@pytest.mark.parametrize(("share", "value"), [(0, 0), (0.5, 50), (0.99, 99), (1, 100)])
def test_percentiles_are_read_off_the_sorted_values(share: float, value: float) -> None:
    assert percentile([float(n) for n in reversed(range(101))], share) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1.2345, "1.23"), (0.012345, "0.0123"), (999.4, "999"), (12345.6, "12,300")],
)
def test_numbers_are_told_in_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_a_figure_is_told_with_its_spread_where_there_is_one() -> None:
    assert spoken(Figure("ms", 3, 2, 4, 5)) == "3 ms (2 – 4)"
    assert spoken(Figure.exactly(7, "")) == "7"
