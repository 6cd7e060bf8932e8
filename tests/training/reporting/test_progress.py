"""What is logged of a stage is in TensorBoard's event files too."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from training.reporting.progress import ProgressReporter

Scalars = dict[tuple[str, int], float]


def logged(folder: Path) -> Scalars:
    """What `log.jsonl` says, the last line of a step counting."""
    found: Scalars = {}
    for line in map(json.loads, (folder / "log.jsonl").read_text().splitlines()):
        validation = line.get("validation")
        numbers = validation or {
            k: v for k, v in line.items() if k not in {"time", "stage", "step"}
        }
        group = "validation" if validation else "train"
        found |= {(f"{group}/{k}", line["step"]): v for k, v in numbers.items()}
    return found


def events(folder: Path) -> Scalars:
    """What TensorBoard reads."""
    read = EventAccumulator(str(folder))
    read.Reload()
    return {
        (tag, event.step): event.value
        for tag in read.Tags()["scalars"]
        for event in read.Scalars(tag)
    }


def report(folder: Path, *, begin: int, end: int, slope: float, writes: bool = True) -> None:
    console = Console(quiet=True)
    with ProgressReporter(console, "teach", 100, folder, writes=writes) as shown:
        shown.begin(begin)
        for step in range(begin + 1, end + 1):
            shown.step(step, {"loss": slope * step, "entropy": 1 / step})
            if step % 50 == 0:
                shown.validation(step, step / 50, {"cider_d": step / 100, "distinct": 7.0})


def test_every_number_of_the_log_is_an_event(tmp_path: Path) -> None:
    report(tmp_path, begin=0, end=100, slope=0.5)
    found = events(tmp_path)
    assert found == pytest.approx(logged(tmp_path))
    assert found["train/loss", 40] == pytest.approx(20)
    assert found["validation/cider_d", 100] == pytest.approx(1)


def test_after_a_kill_events_are_those_of_the_run_that_went_on(tmp_path: Path) -> None:
    """It had come to step 80 and saved at 50: what follows 50 is as it was the second time."""
    report(tmp_path, begin=0, end=80, slope=1.0)
    report(tmp_path, begin=50, end=50, slope=2.0)  # killed again before it logged anything
    assert max(step for _, step in events(tmp_path)) == 50
    report(tmp_path, begin=50, end=100, slope=2.0)
    found = events(tmp_path)
    assert found == pytest.approx(logged(tmp_path))
    assert [found["train/loss", step] for step in (40, 60, 80)] == pytest.approx([40, 120, 160])


@pytest.mark.parametrize("share", [0.05, 0.25, 0.4, 0.5, 1 / 3, 0.75, 0.95])
def test_steps_of_two_kinds_are_named_whatever_their_share(tmp_path: Path, share: float) -> None:
    """With many shares, every twentieth step is of one kind: see `WithTexts` of frozen encoders."""
    said = io.StringIO()
    with ProgressReporter(Console(file=said, width=200), "teach", 200, tmp_path) as shown:
        shown.begin(0)
        for step in range(200):
            kind = "entropy" if int(step * share) == int((step + 1) * share) else "text_entropy"
            shown.step(step + 1, {"loss": float(step), kind: float(step)})
    records = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [record["step"] for record in records] == [*range(20, 201, 20)]
    for record in records:
        assert {record["entropy"], record["text_entropy"]} <= {*range(record["step"])}
        assert max(record["entropy"], record["text_entropy"]) == record["step"] - 1
        assert record["loss"] == record["step"] - 1
        assert min(record["entropy"], record["text_entropy"]) >= record["step"] - 20
    assert " entropy " in said.getvalue()
    assert " text_entropy " in said.getvalue()
    assert events(tmp_path) == pytest.approx(logged(tmp_path))


def test_a_kind_of_step_that_has_ended_is_named_no_longer(tmp_path: Path) -> None:
    with ProgressReporter(Console(quiet=True), "teach", 50, tmp_path) as shown:
        shown.begin(0)
        for step in range(1, 51):
            shown.step(step, {"early" if step <= 25 else "late": 1.0})
    records = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [sorted({"early", "late"} & record.keys()) for record in records] == [
        ["early"], ["early", "late"], ["late"],
    ]  # fmt: skip


def test_one_process_of_several_writes(tmp_path: Path) -> None:
    report(tmp_path, begin=0, end=100, slope=1.0, writes=False)
    assert not list(tmp_path.iterdir())


def test_without_tensorboard_there_is_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch.utils.tensorboard", None)
    report(tmp_path, begin=0, end=100, slope=1.0)
    assert [p.name for p in tmp_path.iterdir()] == ["log.jsonl"]
