from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.measurements import MEASUREMENTS, scaling
from benchmarks.measurements import profile as parts
from benchmarks.measurements.profile import REQUEST, WHOLE
from benchmarks.pages import EXPLAINED, write_pages
from benchmarks.results import COMMITTED, Results, Statistic
from tests.benchmarks.results import piece

REPOSITORY = Path(__file__).parents[2]


def everything(folder: Path, *, others: float = 0.0) -> Results:
    """Results of every measurement, with the figures that pages name."""
    results = Results(folder)
    milliseconds = Statistic("ms", 20, 19, 21, 9)
    named = {
        "counts": {
            "to Redis": Statistic.exactly(50, "kB"),
            "from Redis": Statistic.exactly(40, "kB"),
        },
        "encoder": {"caption, a photo": milliseconds},
        "adapters": {"processor time, a photo": milliseconds},
        "profile": {
            WHOLE: milliseconds, parts.STEPS: Statistic.exactly(97, "%"),
            parts.SENTENCES: Statistic.exactly(2, "%"), parts.PIXELS: Statistic.exactly(1, "%"),
        },
        "queue": {"photos a second and core of Redis": Statistic.exactly(1000, "/s")},
        "scaling-queue": {"enqueue": milliseconds, "dequeue": milliseconds},
        "scaling-workers": {"photos a second": milliseconds},
        "capacity": {
            f"{which}: {name}": Statistic.exactly(2.0 if which == "real" else 2.5, "s")
            for which in ("real", "simulated")
            for name in (
                "photos a second", "half are answered within", "95 % are answered within", "refused"
            )
        },
    }  # fmt: skip
    for one in MEASUREMENTS:
        for name in one.pieces:
            figures = named.get(one.name, {"a photo": milliseconds})
            kept = piece(figures, others=others) if one.name != "gpu" else piece(skipped="no GPU")
            results.keep(one.name, name, kept)
    return results


def pages(results: Results, docs: Path) -> tuple[str, str]:
    write_pages(results, docs)
    return (docs / "benchmarks.md").read_text(), (docs / "capacity.md").read_text()


def test_pages_say_what_was_measured(tmp_path: Path) -> None:
    benchmarks, capacity = pages(everything(tmp_path / "results"), tmp_path)
    assert "Abacus, 2 cores (beads)" in benchmarks
    assert "on 2026-11-24" in benchmarks
    assert "| caption, a photo | 20 ms (19 – 21) |" in benchmarks
    assert "not measured here: no GPU" in benchmarks
    assert "**The machine was busy**" not in benchmarks
    # 50 photos a second and core at 70 %: 1 for 10, 29 for 1,000.
    assert "| workers, if all are: torch float32, full size, 2 cores | 1 | 29 | 2,858 |" in capacity
    assert "| 95 % are answered within | 2 s | 2.5 s | +25 % |" in capacity
    assert "A photo moves 90 kB through Redis" in capacity


def test_where_the_time_goes_is_explained_for_each_large_part(tmp_path: Path) -> None:
    results = everything(tmp_path / "results")
    results.keep("profile", REQUEST, piece(skipped="it failed, with OSError"))
    benchmarks, _ = pages(results, tmp_path)
    assert "### A caption, torch, full size: 20 ms" in benchmarks
    assert f"| {parts.STEPS} | 97 % | {EXPLAINED[parts.STEPS]} |" in benchmarks
    assert "| what is smaller, together | 3 % | |" in benchmarks
    assert "### A request\n\nNot measured here: it failed, with OSError." in benchmarks


def test_a_busy_machine_is_said_to_be_one(tmp_path: Path) -> None:
    benchmarks, _ = pages(everything(tmp_path / "results", others=1.2), tmp_path)
    assert "**The machine was busy**" in benchmarks
    assert "1.2 of its cores" in " ".join(benchmarks.split())


def test_pages_can_be_written_when_nothing_was_measured(tmp_path: Path) -> None:
    benchmarks, capacity = pages(Results(tmp_path / "results"), tmp_path)
    assert "not measured here: never measured" in benchmarks
    assert "It was not compared yet" in capacity


def test_the_same_results_give_the_same_files(tmp_path: Path) -> None:
    results = everything(tmp_path / "results")
    written = [write_pages(results, tmp_path / name) for name in ("one", "two")]
    assert len(written[0]) == 2 + 6
    for one, two in zip(*written, strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_tables_are_whole_whatever_failed(tmp_path: Path) -> None:
    results = everything(tmp_path / "results")
    failed = piece(skipped="it failed, with OSError")
    for beams in scaling.BEAMS:
        results.keep("scaling-beams", f"{beams}", failed)
    for measurement, first in (
        ("scaling-queue", "0"),
        ("encoder", "batch 1"),
        ("counts", "a photo"),
    ):
        results.keep(measurement, first, failed)
    for page in pages(results, tmp_path):
        blocks = re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE)
        assert blocks
        for block in blocks:
            assert len({row.count("|") for row in block.splitlines()}) == 1, block


@pytest.mark.skipif(not COMMITTED.is_dir(), reason="nothing was measured yet")
def test_the_pages_in_the_repository_are_those_of_its_results(tmp_path: Path) -> None:
    for file in write_pages(Results(), tmp_path):
        kept = REPOSITORY / "docs" / file.relative_to(tmp_path)
        assert kept.read_bytes() == file.read_bytes(), f"make bench-pages writes {kept.name} anew"
