from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measurement import BenchContext, Measurement, Run
from benchmarks.results import Record, Results, Statistic
from benchmarks.running import measure, tasks_of


class Pieces:
    """Measurements that note that they were made; those in `broken` fail."""

    def __init__(self, *names: str) -> None:
        self.made: list[str] = []
        self.broken: set[str] = set()
        one = Measurement("m", "M", "About m.", {name: self._piece(name) for name in names})
        self.tasks = tasks_of([one])

    def _piece(self, name: str) -> Run:
        def run(bench: BenchContext) -> Record:
            self.made.append(name)
            if name in self.broken:
                raise RuntimeError("it broke")
            assert not list(bench.folder.iterdir()), "of another piece"
            (bench.folder / "dump.rdb").touch()
            return Record({"time": Statistic.exactly(1, "ms")})

        return run


def test_a_piece_that_fails_is_told_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pieces, results = Pieces("a", "b", "c"), Results(tmp_path)
    pieces.broken = {"b"}
    assert not measure(pieces.tasks, results)
    kept = {name: one.record for name, one in results.pieces("m").items()}
    assert kept["b"] == Record(skipped="it failed, with RuntimeError")
    assert kept["a"].figures
    assert kept["c"].figures
    assert "[2/3] m: b  failed: RuntimeError: it broke" in capsys.readouterr().err


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    pieces, results = Pieces("a", "b", "c"), Results(tmp_path)
    pieces.broken = {"b"}
    assert not measure(pieces.tasks, results, resumable=True)
    pieces.broken, pieces.made = set(), []
    assert measure(pieces.tasks, results, resumable=True)
    assert pieces.made == ["b"]
    assert measure(pieces.tasks, results, resumable=True)
    assert pieces.made == ["b", "a", "b", "c"]  # that was finished: this is another run


def test_results_say_when_and_where_but_not_whose(tmp_path: Path) -> None:
    pieces, results = Pieces("a"), Results(tmp_path)
    measure(pieces.tasks, results)
    one = results.pieces("m")["a"]
    assert one.machine["processor"]
    assert "Python 3." in str(one.machine["software"])
    assert str(Path.home()) not in (tmp_path / "m.json").read_text()


def test_effort_scales_rounds_but_leaves_enough_for_a_median(tmp_path: Path) -> None:
    assert BenchContext(tmp_path, tmp_path, 2.0).rounds(10) == 20
    assert BenchContext(tmp_path, tmp_path, 0.05).rounds(10) == 3
    assert BenchContext(tmp_path, tmp_path, 0.5).seconds(60) == 30
