"""`captionbot weights`."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from bot.errors import UsageError
from captioner.captioner import BUNDLED
from captioner.checkpoint.torch_checkpoint import load_checkpoint


def shrink_checkpoint(source: Path, target: Path) -> None:
    """Write `source` to `target` with int8 weights, and say how large both are."""
    if source.resolve() == target.resolve():
        raise UsageError("the small checkpoint needs another name than the large one")
    load_checkpoint(source).save(target, int8=True)
    typer.echo(
        f"{source}: {source.stat().st_size / 1e6:.1f} MB → "
        f"{target}: {target.stat().st_size / 1e6:.1f} MB"
    )


def show_checkpoint(path: Path | None) -> None:
    """Print what a checkpoint says of itself."""
    checkpoint = load_checkpoint(path or BUNDLED)
    document = checkpoint.describe()
    words = document.pop("vocabulary")
    document["vocabulary_size"] = len(words)
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
