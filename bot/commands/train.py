"""`captionbot train`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
import typer
from rich.console import Console

from bot.errors import for_operators
from captioner.engines.torch_engine import pick_device
from training.config import load_config
from training.distributed.processes import ALONE, Processes, ProcessLost
from training.loop import STOP_EXIT_CODE, Stopped
from training.oom import OutOfMemory
from training.run import Run

_USAGE_ERROR = 2  # as bot.cli has it


@dataclass(frozen=True)
class TrainOptions:
    """What `captionbot train` was asked beside the configuration; see its help."""

    data: Path | None
    runs: Path
    cache: Path | None
    device: str | None
    save_every: float = 60.0  # seconds
    accept_changed_data: bool = False


def train_run(path: Path, options: TrainOptions) -> None:
    """Train what a configuration says, with progress on standard error.

    In several processes where `torchrun` started this one as one of them.
    """
    with _one_voice():
        config = load_config(path)
        device = pick_device(options.device or "auto")
        with _joined(device) as (processes, own_device):
            console = Console(stderr=True, quiet=not processes.is_main)
            folder = options.runs / config.name
            run = Run(
                config,
                folder=folder,
                data=options.data or Path(config.data),
                device=own_device,
                console=console,
                cache=options.cache,
                save_every=options.save_every,
                processes=processes,
                accept_changed_data=options.accept_changed_data,
            )
            if processes.is_main:
                _keep_configuration(path, folder)
            try:
                checkpoint = run.train()
            except (Stopped, ProcessLost) as stopped:
                if processes.is_main or isinstance(stopped, ProcessLost):
                    typer.echo(f"captionbot: {stopped}; give the same command to go on", err=True)
                raise typer.Exit(STOP_EXIT_CODE) from stopped
            if processes.is_main:
                typer.echo(str(checkpoint))


def _keep_configuration(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if path.resolve() != (folder / "config.toml").resolve():
        shutil.copyfile(path, folder / "config.toml")


def _started_by_torchrun() -> bool:
    return torch.distributed.is_torchelastic_launched() and int(os.environ["WORLD_SIZE"]) > 1


@contextmanager
def _joined(device: torch.device) -> Iterator[tuple[Processes, torch.device]]:
    if not _started_by_torchrun():
        yield ALONE, device
        return
    from training.distributed.torchrun import Torchrun  # noqa: PLC0415  # Accelerate is for several processes

    processes = Torchrun(device)
    yield processes, processes.device
    processes.end()


@contextmanager
def _one_voice() -> Iterator[None]:
    """Let the main process alone say what all of them would say."""
    try:
        yield
    except Exception as error:
        is_main = not _started_by_torchrun() or os.environ["RANK"] == "0"
        if is_main or isinstance(error, OutOfMemory) or not for_operators(error):
            raise
        raise typer.Exit(_USAGE_ERROR) from error
