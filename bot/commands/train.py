"""`captionbot train`."""

from __future__ import annotations

import shutil
from pathlib import Path

import typer
from rich.console import Console

from captioner.captioner import pick_device
from training.config import load_config
from training.loop import STOP_EXIT_CODE, Stopped
from training.run import Run


def train_run(
    path: Path, *, data: Path | None, runs: Path, cache: Path | None, device: str | None
) -> None:
    """Train what a configuration says, with progress on standard error."""
    config = load_config(path)
    console = Console(stderr=True)
    folder = runs / config.name
    run = Run(
        config,
        folder=folder,
        data=data or Path(config.data),
        device=pick_device(device or "auto"),
        console=console,
        cache=cache,
    )
    folder.mkdir(parents=True, exist_ok=True)
    if path.resolve() != (folder / "config.toml").resolve():
        shutil.copyfile(path, folder / "config.toml")
    try:
        checkpoint = run.train()
    except Stopped as stopped:
        typer.echo(f"captionbot: {stopped}; give the same command to go on", err=True)
        raise typer.Exit(STOP_EXIT_CODE) from stopped
    typer.echo(str(checkpoint))
