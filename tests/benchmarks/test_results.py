from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.results import Results, ResultsError
from benchmarks.spread import Figure
from tests.benchmarks.results import piece


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    kept = piece({"time": Figure("ms", 3, 2, 4, 5)}, note="on a desk")
    Results(tmp_path).keep("gpu", "batch 1", kept)
    assert Results(tmp_path).pieces("gpu") == {"batch 1": kept}
    assert Results(tmp_path).record("gpu", "batch 1") == kept.record


def test_a_piece_takes_the_place_of_the_older_one_alone(tmp_path: Path) -> None:
    results = Results(tmp_path)
    results.keep("gpu", "batch 1", piece(skipped="no GPU"))
    results.keep("gpu", "batch 2", piece(skipped="no GPU"))
    results.keep("gpu", "batch 1", piece({"time": Figure.exactly(1, "ms")}))
    assert {name: one.record.skipped for name, one in results.pieces("gpu").items()} == {
        "batch 1": "",
        "batch 2": "no GPU",
    }


def test_digits_that_mean_nothing_are_not_kept(tmp_path: Path) -> None:
    Results(tmp_path).keep("gpu", "a", piece({"time": Figure.exactly(1 / 3, "ms")}))
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
