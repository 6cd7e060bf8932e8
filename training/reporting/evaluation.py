"""An evaluation on a terminal: its progress, its tables, and its captions as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from captioner.captioner import Captioner
from training.data.registry import reader_named
from training.evaluation.evaluate import Evaluation, evaluate


def evaluate_with_progress(
    captioner: Captioner,
    data: Path,
    *,
    split: str,
    reader: str | None = None,
    beam_size: int = 5,
    beam_sizes: Sequence[int] = (),
    limit: int | None = None,
    meteor: bool = True,
) -> Evaluation:
    """The evaluation, with a bar on a terminal. Raises DataError."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("captioning", total=None)
        for news in evaluate(
            captioner,
            data,
            split=split,
            beam_size=beam_size,
            reader=reader_named(reader) if reader else None,
            beam_sizes=beam_sizes,
            limit=limit,
            meteor=meteor,
        ):
            if isinstance(news, Evaluation):
                return news
            done, total = news
            progress.update(bar, completed=done, total=total)
    raise AssertionError("an evaluation ends with one")


def write_captions(path: Path, result: Evaluation) -> None:
    """Write each photo's caption, as JSON lines."""
    lines = (
        json.dumps(
            {
                "photo": one.photo.name,
                "caption": one.caption,
                "confidence": round(one.found.confidence, 4),
                "cider_d": round(one.cider_d, 4),
            },
            ensure_ascii=False,
        )
        for one in result.told
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def print_scores(result: Evaluation, model: str) -> None:
    """Print the scores beside those of the best constant caption."""
    console = Console()
    beams = f"{result.beam_size} beam{'' if result.beam_size == 1 else 's'}"
    table = Table(title=f"{len(result.told)} photos of {result.reader}, {result.split}, {beams}")
    for heading in ("", model, "best constant caption"):
        table.add_column(heading, justify="left" if not heading else "right")
    own, constant = asdict(result.scores), asdict(result.constant_scores)
    for name, value in own.items():
        table.add_row(name, *("-" if v is None else f"{v:.4g}" for v in (value, constant[name])))
    console.print(table)
    console.print(f"best constant caption: {result.constant_caption}", markup=False)
    if len(result.by_beam_size) > 1:
        console.print(_beam_table(result))
    sure = result.reliability
    console.print(
        f"confidence: {sure.fitting:.0%} of captions fit; calibration error {sure.ece:.3f}, "
        f"Brier score {sure.brier:.3f}, AUC {'-' if sure.auc is None else f'{sure.auc:.3f}'}",
        soft_wrap=True,
        highlight=False,
    )


def _beam_table(result: Evaluation) -> Table:
    table = Table(title="by the number of beams")
    keys = ("bleu_1", "bleu_4", "cider_d", "distinct", "copied")
    for heading in ("beams", *keys):
        table.add_column(heading, justify="right")
    for size, scores in result.by_beam_size.items():
        values = asdict(scores)
        cells = ("-" if values[key] is None else f"{values[key]:.4g}" for key in keys)
        table.add_row(str(size), *cells)
    return table
