"""`captionbot train`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from captioner.cli.options import Device
from captioner.errors import OperatorError, UsageError

if TYPE_CHECKING:
    import torch

    from training.distributed import ProcessGroup

_USAGE_ERROR = 2  # as bot.cli has it


def train(
    config: Annotated[Path, typer.Argument(help="A run's TOML file, see training/configs/.")],
    data: Annotated[
        Path | None, typer.Option(help="The folder of data sets; the file's `data` otherwise.")
    ] = None,
    runs: Annotated[Path, typer.Option(help="Where run folders are made.")] = Path("runs"),
    cache: Annotated[
        Path | None, typer.Option(help="Where decoded photos are kept; in the run otherwise.")
    ] = None,
    device: Device = None,
    save_every: Annotated[
        float, typer.Option(min=0, help="Seconds between two saves of where it stands.")
    ] = 60.0,
    accept_changed_data: Annotated[
        bool,
        typer.Option("--accept-changed-data", help="Go on though data sets are not as they were."),
    ] = False,
) -> None:
    """Train a checkpoint, or resume a run that was stopped.

    Stopping (Ctrl-C, SIGTERM, even a kill) loses a minute at most: give the same command again.

    On several GPUs: torchrun --standalone --nproc-per-node=gpu -m bot.cli train CONFIG.
    """
    from rich.console import Console

    from captioner.engines.torch_engine import pick_device
    from training.config import load_config
    from training.distributed import ProcessLost
    from training.loop import STOP_EXIT_CODE, Stopped
    from training.run import Run

    with _main_process_reports_errors():
        configuration = load_config(config)
        with _process_group(pick_device(device or "auto")) as (processes, own_device):
            folder = runs / configuration.name
            run = Run(
                configuration,
                folder=folder,
                data=data or Path(configuration.data),
                device=own_device,
                console=Console(stderr=True, quiet=not processes.is_main, log_path=False),
                cache=cache,
                save_every=save_every,
                processes=processes,
                accept_changed_data=accept_changed_data,
            )
            if processes.is_main:
                _keep_configuration(config, folder)
            try:
                checkpoint = run.train()
            except (Stopped, ProcessLost) as stopped:
                if processes.is_main or isinstance(stopped, ProcessLost):
                    typer.echo(f"captionbot: {stopped}; give the same command to resume", err=True)
                raise typer.Exit(STOP_EXIT_CODE) from stopped
            if processes.is_main:
                typer.echo(str(checkpoint))


def _keep_configuration(path: Path, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.resolve() != (folder / "config.toml").resolve():
            shutil.copyfile(path, folder / "config.toml")
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror}") from error


def _started_by_torchrun() -> bool:
    import torch

    return torch.distributed.is_torchelastic_launched() and int(os.environ["WORLD_SIZE"]) > 1


@contextmanager
def _process_group(device: torch.device) -> Iterator[tuple[ProcessGroup, torch.device]]:
    from training.distributed import SINGLE_PROCESS, TorchrunProcessGroup

    if not _started_by_torchrun():
        yield SINGLE_PROCESS, device
        return
    processes = TorchrunProcessGroup(device)
    yield processes, processes.device
    processes.end()


@contextmanager
def _main_process_reports_errors() -> Iterator[None]:
    """Let only the main process print an error that all of them raise."""
    from training.loop import OutOfMemory

    try:
        yield
    except (OperatorError, ModuleNotFoundError) as error:
        is_main = not _started_by_torchrun() or os.environ["RANK"] == "0"
        if is_main or isinstance(error, OutOfMemory):
            raise
        raise typer.Exit(_USAGE_ERROR) from error
