from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from benchmarks.__main__ import app
from benchmarks.bars import BARS
from benchmarks.measurements import MEASUREMENTS
from benchmarks.results import Results, Statistic
from tests.benchmarks.results import piece

GIF = "attention-gif"


def command(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_list_names_every_measurement() -> None:
    said = command("list").stdout
    assert all(one.name in said for one in MEASUREMENTS)


def test_run_measures_what_was_asked_for(tmp_path: Path) -> None:
    done = command("run", GIF, "--effort", "0.05", "--results", str(tmp_path))
    assert done.exit_code == 0, done.output
    record = Results(tmp_path).record(GIF, "12 words, 320 px")
    assert record is not None
    assert record.figures["GIF"].median > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "nonsense"), "nonsense: no such measurement"),
        (("run", GIF, "--piece", "nonsense"), "nonsense: name the measurement"),
        (("run", "--piece", "batch 1"), "batch 1: name the measurement"),
        (("run", GIF, "--effort", "0"), "--effort"),
    ],
)
def test_what_cannot_be_measured_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = command(*arguments)
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(
    ("steady", "strict", "status"),
    [(True, False, 1), (True, True, 1), (False, False, 0), (False, True, 1)],
)
def test_check_fails_for_what_a_busy_machine_is_no_excuse_for(
    tmp_path: Path, *, steady: bool, strict: bool, status: int
) -> None:
    bar = next(bar for bar in BARS if bar.at_most and bar.steady is steady)
    kept = piece({bar.figure: Statistic.exactly(1e9, bar.unit)})
    Results(tmp_path).keep(bar.measurement, bar.piece, kept)
    options = ["--strict"] if strict else []
    done = command("check", "--saved", "--results", str(tmp_path), *options)
    assert done.exit_code == status
    assert "missed" in done.output


def test_render_writes_the_pages(tmp_path: Path) -> None:
    done = command("render", "--results", str(tmp_path / "none"), "--docs", str(tmp_path / "docs"))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "docs" / "benchmarks.md").is_file()
