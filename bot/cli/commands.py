"""`captionbot caption`, the roles of a process, `captionbot queue`, `keys` and `doctor`.

This module is light: what a command needs is imported when it runs.
"""

from __future__ import annotations

import io
import json as json_module
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.adapters.registry import Platform
from captioner.cli.options import BeamSize, CheckpointOption, Device
from captioner.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.doctor import Finding

# Of the doctor's table.
_CHECKS, _LEVELS = 13, 7  # letters of the longest
_STYLES = {"ok": "green", "note": "cyan", "problem": "bold red"}


def caption(
    photos: Annotated[
        list[Path],
        typer.Argument(
            help="Photos, videos, or folders of them; - reads one from standard input.",
            show_default=False,
        ),
    ],
    beam_size: BeamSize = 5,
    n_best: Annotated[
        int, typer.Option(min=1, max=20, help="Captions for each photo, the best one first.")
    ] = 1,
    language: Annotated[
        str | None,
        typer.Option(
            help="Language of the captions, as en or de; the model's first one otherwise.",
            show_default=False,
        ),
    ] = None,
    length: Annotated[
        Literal["short", "alt", "long"],
        typer.Option(
            help="One sentence, an alt text of one or two, or a paragraph, if the model writes it."
        ),
    ] = "short",
    question: Annotated[
        str | None,
        typer.Option(
            help="Answer this question about each photo instead, if the model answers questions.",
            show_default=False,
        ),
    ] = None,
    attention_gif: Annotated[
        Path | None,
        typer.Option(help="Write an animation of where the model looked, a .gif, of one photo."),
    ] = None,
    attention_sheet: Annotated[
        Path | None, typer.Option(help="The same as a still .png, one panel a word.")
    ] = None,
    json: Annotated[  # the option is called --json
        bool, typer.Option("--json", help="One JSON object a line on standard output.")
    ] = False,
    batch_size: Annotated[int, typer.Option(min=1, max=512, help="Photos at a time.")] = 8,
    checkpoint: CheckpointOption = None,
    device: Device = None,
) -> None:
    """Caption photos, videos, and all of them in folders.

    Of a video or an animation the key moments are captioned: a line for each, with its time.
    Exit status 1 if any file could not be captioned; each is named on standard error.
    """
    from bot.cli.caption_files import FileCaptioner

    captioner = FileCaptioner(
        beam_size=beam_size,
        n_best=n_best,
        language=language,
        length=length,
        question=question,
        attention_gif=attention_gif,
        attention_sheet=attention_sheet,
        json=json,
        batch_size=batch_size,
        checkpoint=checkpoint,
        device=device,
    )
    failed = captioner.caption_files(photos)
    raise typer.Exit(1 if failed else 0)


def _serve(role: str) -> None:
    from bot.cli.host import serve

    serve(role)


def run() -> None:
    """Everything in one process: the page, the bots, a worker.

    A chat platform is there where its token is set. The queue lives in the process unless
    REDIS_URL is set.
    """
    _serve("run")


def role_of(platform: Platform) -> Callable[[], None]:
    """The command that runs a platform's bot alone."""

    def command() -> None:
        _serve(platform.name)

    command.__name__ = platform.name
    command.__doc__ = f"The {platform.title} bot alone; needs {platform.token} and REDIS_URL."
    return command


def web() -> None:
    """The web page and the HTTP interface alone; needs REDIS_URL."""
    _serve("web")


def worker() -> None:
    """A worker alone: captions the photos of the queue at REDIS_URL."""
    _serve("worker")


queue = typer.Typer(
    help="Look at the queue at REDIS_URL, and at what was given up.",
    invoke_without_command=True,
)
Letters = Annotated[
    list[str] | None, typer.Argument(metavar="ID", help="Dead letters, as `queue` lists them.")
]
AllLetters = Annotated[bool, typer.Option("--all", help="All dead letters.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether that is meant.")]


@queue.callback()
def show_queue(
    context: typer.Context,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Depth, lanes, workers, held photos and dead letters; never what people sent."""
    if context.invoked_subcommand is None:
        from bot.cli.queue_inspection import show_queue as show

        show(as_json=json)


@queue.command()
def retry(letters: Letters = None, everything: AllLetters = False, yes: Yes = False) -> None:
    """Put dead letters on the queue again, where their photos were kept.

    Exit status 1 if one of them could not be.
    """
    from bot.cli.queue_inspection import retry_letters

    fine = retry_letters(letters or [], everything=everything, sure=yes)
    raise typer.Exit(0 if fine else 1)


@queue.command()
def drop(letters: Letters = None, everything: AllLetters = False, yes: Yes = False) -> None:
    """Forget dead letters, with the photos kept of them.

    Exit status 1 if one of them is not there.
    """
    from bot.cli.queue_inspection import drop_letters

    fine = drop_letters(letters or [], everything=everything, sure=yes)
    raise typer.Exit(0 if fine else 1)


# --- keys

keys = typer.Typer(
    help="Keys and passwords for a page that is not for everybody.",
    no_args_is_help=True,
)

FileOption = Annotated[
    Path | None, typer.Option("--file", help="The file of keys; CAPTIONBOT_WEB_KEYS otherwise.")
]
Name = Annotated[str, typer.Argument(help="Whose it is, such as alice.", show_default=False)]


@keys.command()
def add(
    name: Name,
    per_minute: Annotated[
        int | None,
        typer.Option(
            min=1, max=10_000, help="Photos a minute; CAPTIONBOT_WEB_PER_MINUTE otherwise."
        ),
    ] = None,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password instead of making a key.")
    ] = False,
    file: FileOption = None,
) -> None:
    """Let somebody in by a new key, or by a password.

    A key is shown once.
    In a browser, the name and the secret are what the page asks for; a program sends the header
    `Authorization: Bearer SECRET`. A page that runs with this file lets them in at once.
    """
    from bot.adapters.web import keys as ring

    path = _path(file)
    kept = ring.read_keys(path)
    if password:
        secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        key = ring.new_password(name, secret, per_minute=per_minute)
        ring.write_keys(path, ring.added(kept, key))
        typer.echo(f"{name} may come in with that password.", err=True)
        return
    key, secret = ring.new_key(name, per_minute=per_minute)
    ring.write_keys(path, ring.added(kept, key))
    typer.echo(f"The key of {name}, which is shown only now:", err=True)
    typer.echo(secret)


@keys.command("list")
def list_keys(
    json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
    file: FileOption = None,
) -> None:
    """List who may come in; their secrets are not kept."""
    from bot.adapters.web import keys as ring

    path = _path(file)
    found = [
        {"name": key.name, "kind": key.kind, "per_minute": key.per_minute, "added": key.added}
        for key in ring.read_keys(path)
    ]
    if json:
        typer.echo(json_module.dumps(found, ensure_ascii=False))
        return
    if not found:
        typer.echo(f"{path} has no keys.")
    for one in found:
        limit = f", {one['per_minute']} a minute" if one["per_minute"] else ""
        typer.echo(f"{one['name']}: {one['kind']}{limit}, added {one['added']}")


@keys.command()
def remove(name: Name, file: FileOption = None) -> None:
    """Let somebody in no longer.

    A page that runs with this file refuses them at once.
    """
    from bot.adapters.web import keys as ring

    path = _path(file)
    ring.write_keys(path, ring.removed(ring.read_keys(path), name))
    typer.echo(f"{name} may come in no longer.", err=True)


def _path(file: Path | None) -> Path:
    from bot.settings import load_settings

    path = file or load_settings().web_keys
    if path is None:
        raise UsageError("set CAPTIONBOT_WEB_KEYS to a file for the keys, or give --file")
    return path


# --- doctor


def doctor(
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Look at everything the bot needs, and say what to do.

    Settings, tokens and permissions, Redis, checkpoint, GPU, photos and videos, disk and ports.
    Exit status 1 if something will not work.
    """
    import asyncio

    from bot.doctor import as_json, count_problems

    if json:
        found = asyncio.run(_all())
        typer.echo(as_json(found))
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # a terminal without arrows is no reason to fail
            sys.stdout.reconfigure(errors="replace")
        found = asyncio.run(_shown())
    raise typer.Exit(1 if count_problems(found) else 0)


async def _all() -> list[Finding]:
    return [finding async for group in _findings() for finding in group]


async def _shown() -> list[Finding]:
    """All findings, each shown as soon as none is left to be shown before it."""
    from rich.console import Console

    console = Console()
    found = []
    with console.status("looking further …"):
        async for group in _findings():
            show(group, console)
            found += group
    show_sum(found, console)
    return found


async def _findings() -> AsyncIterator[list[Finding]]:
    from bot.doctor import examining, problem
    from bot.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        # Nothing else can be looked at: what is written is not what will be in force.
        yield [problem("settings", str(error), "correct .env or the environment, then ask again")]
        return
    async for group in examining(settings):
        yield group


def show(found: Sequence[Finding], console: Console) -> None:
    """Print what one check found: lines that stand below those of the checks before."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(width=_CHECKS, no_wrap=True)
    table.add_column(width=_LEVELS, no_wrap=True)
    table.add_column(overflow="fold")
    for n, finding in enumerate(found):
        told = Text(finding.text)  # no markup: it may quote other machines
        if finding.advice:
            told.append(f"\n→ {finding.advice}", style="dim")
        level = Text(finding.level.value, style=_STYLES[finding.level])
        table.add_row("" if n else Text(finding.check, style="bold"), level, told)
    console.print(table)


def show_sum(found: Sequence[Finding], console: Console) -> None:
    """Print what all findings come to."""
    from rich.text import Text

    from bot.doctor import count_problems

    problems = count_problems(found)
    console.print(
        Text(f"\n{problems} to put right", style=_STYLES["problem"])
        if problems
        else Text("\nnothing stands in the way", style=_STYLES["ok"])
    )
