"""The model card's tables about training: saved evaluations compared, and a run's stages."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from training.data.reader_base import DataError
from training.resume_state import load_metadata

_BREAK = 600.0  # seconds between two log records; a longer gap is an interruption


@dataclass(frozen=True)
class SavedEvaluation:
    """A saved evaluation: the output of `captionbot evaluate --json` for a checkpoint."""

    name: str
    scores: Mapping[str, Any]
    split: str
    beam_size: int
    photos: int


@dataclass(frozen=True)
class StageLog:
    """The course of a stage, from its log."""

    name: str
    steps: int
    hours: float  # of training and validation, without interruptions
    first: Mapping[str, float]  # the first validation; may be empty
    kept: Mapping[str, float]  # the validation of the final weights; empty before there are any


def load_evaluation(text: str) -> SavedEvaluation:
    """A saved evaluation, given as `FILE` or `NAME=FILE`; raises DataError, naming the file."""
    name, _, file = text.rpartition("=")
    path = Path(file)
    try:
        line = path.read_text(encoding="utf-8").strip().splitlines()[-1]
        found = json.loads(line)
        return SavedEvaluation(
            name=name or path.stem,
            scores=dict(found["scores"]),
            split=str(found["split"]),
            beam_size=int(found["beam_size"]),
            photos=int(found["photos"]),
        )
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(
            f"{path}: its last line is not what `captionbot evaluate --json` prints"
        ) from error


def read_run(folder: Path) -> list[StageLog]:
    """The stages of a run's folder, in order; raises DataError if there are none."""
    logs = [
        path for path in folder.glob("*-*/log.jsonl") if path.parent.name.split("-")[0].isdigit()
    ]
    if not logs:
        raise DataError(f"{folder}: no run's folder: there is no stage with a log in it")
    return [_stage(path) for path in sorted(logs, key=lambda p: int(p.parent.name.split("-")[0]))]


def _stage(path: Path) -> StageLog:
    records = list(_records(path))
    times = [float(record["time"]) for record in records]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    validations = [record["validation"] for record in records if "validation" in record]
    return StageLog(
        name=path.parent.name.partition("-")[2],
        steps=max((int(record["step"]) for record in records), default=0),
        hours=sum(gap for gap in gaps if 0 < gap < _BREAK) / 3600,
        first=validations[0] if validations else {},
        kept=_kept(path.with_name("weights.safetensors")),
    )


def _kept(weights: Path) -> Mapping[str, float]:
    if not weights.is_file():
        return {}
    try:
        return {str(name): float(value) for name, value in load_metadata(weights)["scores"].items()}
    except (SafetensorError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataError(f"{weights}: damaged, or no weights of a stage") from error


def _records(path: Path) -> Iterator[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            float(record["time"]), int(record["step"])
        except (ValueError, LookupError, TypeError) as error:
            if number == len(lines):  # the process was killed while it wrote
                return
            raise DataError(f"{path}:{number}: no record of a run") from error
        yield record


_COLUMNS = (
    ("BLEU-1", "bleu_1", ".1f"), ("BLEU-4", "bleu_4", ".1f"), ("ROUGE-L", "rouge_l", ".3f"),
    ("CIDEr-D", "cider_d", ".3f"), ("METEOR", "meteor", ".3f"), ("distinct", "distinct", "d"),
    ("copied", "copied", ".0%"),
)  # fmt: skip


def comparison_table(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """A Markdown table of several models' scores, one a row; empty columns are left out."""
    columns = [c for c in _COLUMNS if any(s.get(c[1]) is not None for _, s in rows)]
    return [
        "| | " + " | ".join(title for title, _, _ in columns) + " |",
        "|---|" + "---:|" * len(columns),
        *(
            f"| {name} | " + " | ".join(_cell(scores, key, form) for _, key, form in columns) + " |"
            for name, scores in rows
        ),
    ]


def run_table(stages: Sequence[StageLog]) -> list[str]:
    """A Markdown table of a run's stages."""
    return [
        "| stage | steps | hours | first validation | that of the weights kept |",
        "|---|---:|---:|---|---|",
        *(
            f"| {one.name} | {one.steps} | {one.hours:.1f} | {_validation(one.first)} | "
            f"{_validation(one.kept)} |"
            for one in stages
        ),
    ]


def _cell(scores: Mapping[str, Any], key: str, form: str) -> str:
    value = scores.get(key)
    return "–" if value is None else format(value, form)


def _validation(scores: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in scores.items()) or "–"
