"""`captionbot evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.commands.model import open_captioner
from training.data.flickr8k import read_flickr8k
from training.evaluate import Evaluation, evaluate
from training.model_card import CardFacts, most_common, write_model_card


def evaluate_checkpoint(
    checkpoint: Path | None,
    *,
    data: Path,
    split: str,
    beam_size: int,
    limit: int | None,
    captions_file: Path | None,
    as_json: bool,
    device: str | None,
    model_card: Path | None = None,
) -> None:
    """Caption a split by beam search and print the scores."""
    total = len(read_flickr8k(data, split)[:limit])
    captioner = open_captioner(checkpoint, device)
    console = Console(stderr=True)
    result: Evaluation | None = None
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("captioning", total=total)
        for news in evaluate(captioner, data, split=split, beam_size=beam_size, limit=limit):
            if isinstance(news, Evaluation):
                result = news
            else:
                progress.update(bar, completed=news)
    assert result is not None
    if captions_file is not None:
        lines = (
            json.dumps({"photo": name, "caption": caption}, ensure_ascii=False)
            for name, caption in result.captions.items()
        )
        captions_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if model_card is not None:
        file = captioner.path
        facts = CardFacts(
            name=captioner.model,
            size_bytes=file.stat().st_size if file else 0,
            document=captioner.describe(),
            evaluation=result,
            examples=most_common(result.captions),
        )
        write_model_card(model_card, facts)
    if as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        _print(result, captioner.model)


def _print(result: Evaluation, model: str) -> None:
    table = Table(
        title=f"{len(result.captions)} photos of {result.split}, {result.beam_size} beams"
    )
    for heading in ("", model, "best constant caption"):
        table.add_column(heading, justify="left" if not heading else "right")
    own, constant = result.as_json()["scores"], result.as_json()["constant"]
    assert isinstance(own, dict)
    assert isinstance(constant, dict)
    for name, value in own.items():
        other = constant["scores"][name]
        table.add_row(name, *("-" if v is None else f"{v:.4g}" for v in (value, other)))
    console = Console()
    console.print(table)
    console.print(f"best constant caption: {result.constant_caption}", markup=False)
