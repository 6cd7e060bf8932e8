from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.results import Results, ResultsError, Statistic, percentile, ratios
from benchmarks.running import number, spoken
from tests.benchmarks.results import piece


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    kept = piece({"time": Statistic("ms", 3, 2, 4, 5)}, note="on a desk")
    Results(tmp_path).keep("gpu", "batch 1", kept)
    assert Results(tmp_path).pieces("gpu") == {"batch 1": kept}
    assert Results(tmp_path).record("gpu", "batch 1") == kept.record


def test_a_piece_takes_the_place_of_the_older_one_alone(tmp_path: Path) -> None:
    results = Results(tmp_path)
    results.keep("gpu", "batch 1", piece(skipped="no GPU"))
    results.keep("gpu", "batch 2", piece(skipped="no GPU"))
    results.keep("gpu", "batch 1", piece({"time": Statistic.exactly(1, "ms")}))
    assert {name: one.record.skipped for name, one in results.pieces("gpu").items()} == {
        "batch 1": "",
        "batch 2": "no GPU",
    }


def test_digits_that_mean_nothing_are_not_kept(tmp_path: Path) -> None:
    Results(tmp_path).keep("gpu", "a", piece({"time": Statistic.exactly(1 / 3, "ms")}))
    assert "0.333333," in (tmp_path / "gpu.json").read_text()


def test_pieces_that_are_no_longer_measured_are_forgotten(tmp_path: Path) -> None:
    results = Results(tmp_path)
    for name in ("old", "new"):
        results.keep("gpu", name, piece())
    results.forget_others("gpu", ["new", "newer"])
    assert list(results.pieces("gpu")) == ["new"]


def test_nothing_measured_is_no_error(tmp_path: Path) -> None:
    results = Results(tmp_path / "not there")
    assert results.pieces("gpu") == {}
    assert results.record("gpu", "batch 1") is None
    assert results.done() == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"batch 1": {"record": 7}}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "gpu.json").write_text(text)
    with pytest.raises(ResultsError, match=r"gpu\.json cannot be read .*measure it again"):
        Results(tmp_path).pieces("gpu")


def test_a_figure_is_the_median_and_the_quartiles() -> None:
    assert Statistic.of([5, 1, 3, 2, 4], "ms") == Statistic("ms", 3, 2, 4, 5)
    assert Statistic.of([7], "ms") == Statistic.exactly(7, "ms")


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="observation"):
        Statistic.of([], "ms")


def test_a_ratio_is_one_of_contenders_in_the_same_round() -> None:
    # A machine that became twice as slow has changed nothing.
    assert ratios([2, 4, 4], [1, 2, 2]) == Statistic("×", 2, 2, 2, 3)


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
    assert spoken(Statistic("ms", 3, 2, 4, 5)) == "3 ms (2 – 4)"
    assert spoken(Statistic.exactly(7, "")) == "7"
