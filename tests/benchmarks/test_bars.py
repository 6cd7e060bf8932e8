from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bars import BARS, Bar, Verdict, judge, missed
from benchmarks.measurements import find
from benchmarks.results import Results, Statistic
from tests.benchmarks.results import piece

_LEAST = Bar(what="", measurement="", piece="", figure="", unit="×", bar=3, aim=5, at_most=False)
_MOST = Bar(what="", measurement="", piece="", figure="", unit="ms", bar=25, aim=12, at_most=True)


@pytest.mark.parametrize("bar", BARS, ids=lambda bar: bar.what)
def test_every_bar_belongs_to_something_that_is_measured(bar: Bar) -> None:
    measurement = find(bar.measurement)
    assert measurement is not None
    assert bar.piece in measurement.pieces
    assert bar.aim <= bar.bar if bar.at_most else bar.aim >= bar.bar


@pytest.mark.parametrize(
    ("bar", "value", "verdict"),
    [
        (_LEAST, 5, Verdict.AIM), (_LEAST, 4.9, Verdict.BAR), (_LEAST, 2.9, Verdict.MISSED),
        (_MOST, 12, Verdict.AIM), (_MOST, 12.1, Verdict.BAR), (_MOST, 25.1, Verdict.MISSED),
    ],
)  # fmt: skip
def test_the_median_decides(bar: Bar, value: float, verdict: Verdict) -> None:
    assert bar.verdict(Statistic(bar.unit, value, 0, 100, 9)) is verdict


def test_what_was_not_measured_is_neither_met_nor_missed(tmp_path: Path) -> None:
    results = Results(tmp_path)
    results.keep("gpu", "batch 256", piece(skipped="no GPU"))
    judged = judge(results)
    assert {one.verdict for one in judged} == {Verdict.UNKNOWN}
    assert {one.why_not for one in judged} == {"never measured", "no GPU"}
    assert missed(judged, among=lambda _: True) == []


def test_missed_are_those_below_the_bar_among_those_that_count(tmp_path: Path) -> None:
    results, bar = Results(tmp_path), next(bar for bar in BARS if bar.steady and bar.at_most)
    results.keep(bar.measurement, bar.piece, piece({bar.figure: Statistic.exactly(1e9, bar.unit)}))
    assert [one.bar for one in missed(judge(results), among=lambda _: True)] == [bar]
    assert missed(judge(results), among=lambda bar: not bar.steady) == []
