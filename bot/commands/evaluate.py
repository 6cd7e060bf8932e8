"""`captionbot evaluate`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.chat.confidence import UNSURE_BELOW
from bot.commands.model import open_captioner
from bot.errors import UsageError
from captioner.captioner import Captioner
from training.data.registry import reader_named
from training.evaluation.evaluate import Evaluation, evaluate
from training.reporting.card_steps import read_measured, read_run
from training.reporting.gallery import write_gallery
from training.reporting.model_card import CardFacts, write_model_card

_MOST_BEAMS = 20


@dataclass(frozen=True, kw_only=True)
class EvaluateOptions:
    """What the command line said."""

    data: Path
    split: str = "dev"
    reader: str | None = None
    beam_size: int = 5
    beam_sizes: str | None = None  # "1-10" or "1,3,5"
    limit: int | None = None
    captions_file: Path | None = None
    gallery: Path | None = None
    model_card: Path | None = None
    run: Path | None = None
    compare: Sequence[str] = ()  # NAME=FILE
    float32: Path | None = None
    as_json: bool = False
    device: str | None = None


def evaluate_checkpoint(checkpoint: Path | None, options: EvaluateOptions) -> None:
    """Caption a split by beam search, print the scores, and write what was asked for."""
    sizes = _sizes(options.beam_sizes) if options.beam_sizes else []
    for_card = (options.run, options.compare, options.float32)
    if any(for_card) and not options.model_card:
        raise UsageError("--run, --compare and --float32 are for --model-card; say where it goes")
    # before the long part, so that a wrong path is told at once
    run = read_run(options.run) if options.run else []
    others = [read_measured(text) for text in options.compare]
    float32 = read_measured(f"float32={options.float32}") if options.float32 else None
    captioner = open_captioner(checkpoint, options.device)
    result = evaluated(captioner, options, sizes)
    if options.captions_file is not None:
        _write_captions(options.captions_file, result)
    if options.gallery is not None:
        write_gallery(options.gallery, result, model=captioner.model, unsure_below=UNSURE_BELOW)
    if options.model_card is not None:
        facts = CardFacts(
            name=captioner.model,
            size_bytes=captioner.path.stat().st_size if captioner.path else 0,
            document=captioner.describe(),
            evaluation=result,
            run=run,
            others=others,
            float32=float32,
        )
        write_model_card(options.model_card, facts)
    if options.as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        _print(result, captioner.model)


def evaluated(
    captioner: Captioner,
    options: EvaluateOptions,
    beam_sizes: Sequence[int] = (),
    *,
    meteor: bool = True,
) -> Evaluation:
    """The evaluation, with a bar on a terminal. Raises DataError."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("captioning", total=None)
        for news in evaluate(
            captioner,
            options.data,
            split=options.split,
            beam_size=options.beam_size,
            reader=reader_named(options.reader) if options.reader else None,
            beam_sizes=beam_sizes,
            limit=options.limit,
            meteor=meteor,
        ):
            if isinstance(news, Evaluation):
                return news
            done, total = news
            progress.update(bar, completed=done, total=total)
    raise AssertionError("an evaluation ends with one")


def _sizes(text: str) -> list[int]:
    """`1-10` or `1,3,5`; raises UsageError."""
    first, dash, last = text.partition("-")
    parts = [first, last] if dash else text.split(",")
    if not all(part.strip().isdecimal() and len(part) < 4 for part in parts):
        raise UsageError("--beam-sizes is a range like 1-10, or a list like 1,3,5")
    numbers = [int(part) for part in parts]
    sizes = list(range(numbers[0], numbers[1] + 1)) if dash else numbers
    if not sizes or not all(1 <= size <= _MOST_BEAMS for size in sizes):
        raise UsageError(f"--beam-sizes go from 1 to {_MOST_BEAMS}, the smaller one first")
    return sizes


def _write_captions(path: Path, result: Evaluation) -> None:
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


def _print(result: Evaluation, model: str) -> None:
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
