"""The `captionbot` command.

The bot's own commands are here; `captioner.cli` and `training.cli` bring theirs. Their modules that
hold commands are light, and import what is heavy inside of the commands that need it: so `--help`
and a bot host need no torch.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import captioner.cli
import training.cli
from bot.adapters.registry import PLATFORMS
from bot.cli import commands

if TYPE_CHECKING:
    from bot.settings import Settings

__all__ = ["FAILURE", "USAGE_ERROR", "app", "main"]

FAILURE = 1  # something that a new process may not have; so whoever supervises it starts one
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
USAGE_ERROR = 2  # something that the operator can put right; said in one line


def _settings() -> Settings:
    from bot.settings import load_settings

    return load_settings()


app = typer.Typer(
    name="captionbot",
    help="Send a photo, get a sentence that says what is happening in it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its import alone took half of the time of --help
    context_settings={"help_option_names": ["-h", "--help"], "obj": _settings},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        from captioner.distribution import version

        typer.echo(f"captionbot {version()}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda value: _version(wanted=value),
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """Take the options that belong to no command."""


_COMMANDS: tuple[Callable[..., None], ...] = (
    commands.run,
    *map(commands.role_of, PLATFORMS),
    commands.web,
    commands.worker,
    commands.caption,
    training.cli.train,
    training.cli.evaluate,
    commands.doctor,
)
for command in _COMMANDS:
    app.command()(command)
app.add_typer(commands.queue, name="queue")
app.add_typer(commands.keys, name="keys")
training.cli.add_to_weights(captioner.cli.weights)
app.add_typer(captioner.cli.weights, name="weights")
app.add_typer(training.cli.data, name="data")


def main() -> None:
    """Run the command; what an operator can put right is said in one line, exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no name or caption ends the command
    try:
        status = _guarded(app)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except OSError as error:
        if error.errno not in _FULL or error.filename is not None:
            raise
        status = _no_room(error)
    try:
        if sys.stdout is not None:  # as where it was closed
            sys.stdout.flush()
    except BrokenPipeError:
        status = _no_room()  # whoever read it has seen enough
    except OSError as error:
        status = _no_room(error)
    sys.exit(status)


def _no_room(error: OSError | None = None) -> int:
    """Say that standard output takes no more, as on a full disk, and write no more to it."""
    if error is not None:
        typer.echo(f"captionbot: cannot write: {error.strerror}", err=True)
    with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())  # for what Python writes when it ends
    return FAILURE


def _guarded(command: Callable[[], None]) -> int:
    try:
        command()
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from bot.errors import for_operators, for_supervisors

        if sentence := for_supervisors(error):
            typer.echo(f"captionbot: {sentence}", err=True)
            return FAILURE
        sentence = for_operators(error)
        if sentence is None:
            raise
        typer.echo(f"captionbot: {sentence}", err=True)
        return USAGE_ERROR
    return 0
