"""`captionbot weights pull`, and what a worker does that was given an address."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import time
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from captioner.checkpoint.download import Fetch, sha256_of
from captioner.checkpoint.file import read_file
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.transformers.hub import HubModel, hub_model
from captioner.errors import UsageError
from captioner.loading import ModelSettings, check_installed
from captioner.network import FetchError, check_address, shown

DEFAULT = "default"
_EVERY = 10.0  # seconds between two lines of progress in a log
_SHA256 = re.compile(r"[0-9a-f]{64}")

log = logging.getLogger("captionbot")


def pull_checkpoint(
    settings: ModelSettings, url: str, *, target: Path | None, sha256: str | None
) -> None:
    """Fetch a checkpoint, with a bar on a terminal, and print where it lies.

    Raises UsageError, FetchError: each a sentence.
    """
    if url == DEFAULT:
        fetch = configured(settings)
        if fetch is None:
            raise UsageError("set CAPTIONBOT_CHECKPOINT_URL, or give an address")
        if target:
            fetch = replace(fetch, target=target)
    else:
        fetch = _given(url, target or settings.checkpoint, sha256)
    console = Console(stderr=True)
    if not console.is_terminal:
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
        fetched = asyncio.run(replace(fetch, progress=LogProgress(shown(fetch.url))).run())
    else:
        with _bar(console) as progress:
            task = progress.add_task(fetch.target.name, total=None)
            news = replace(
                fetch,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
            fetched = asyncio.run(news.run())
    if not fetched:
        typer.echo("it is there already", err=True)
    if fetch.sha256 is None:
        typer.echo(
            "not checked against a SHA-256; that of what came is\n"
            f"CAPTIONBOT_CHECKPOINT_SHA256={sha256_of(fetch.target)}",
            err=True,
        )
    typer.echo(str(fetch.target))


def configured(settings: ModelSettings) -> Fetch | None:
    """What the settings say is to be fetched, None if they say nothing."""
    url = settings.checkpoint_url
    if url is None:
        return None
    assert settings.checkpoint is not None
    return Fetch(
        url=url.get_secret_value(),
        target=settings.checkpoint,
        sha256=settings.checkpoint_sha256,
        check=_is_checkpoint,
    )


async def fetch_configured(settings: ModelSettings) -> None:
    """For a worker that starts: the checkpoint of its settings, however long it takes.

    Raises FetchError and CheckpointError where waiting would not help.
    """
    if settings.engine != "openai" and (model := hub_model(settings.checkpoint)) is not None:
        await _from_hub(model)
        return
    fetch = configured(settings)
    if fetch is None:
        return
    fetch = replace(fetch, tries=None, progress=LogProgress(shown(fetch.url)))
    if await fetch.run():
        log.info("the checkpoint is there: %s", fetch.target)


async def _from_hub(model: HubModel) -> None:
    check_installed(model)
    from captioner.engines.transformers.hub import HubFetch

    await HubFetch(model=model, progress=LogProgress(str(model)), tries=None).run()


def _given(url: str, target: Path | None, sha256: str | None) -> Fetch:
    try:
        check_address(url)
    except ValueError as error:
        raise UsageError(f"{url[:200]}: {error}") from None
    if sha256 is not None and not _SHA256.fullmatch(sha256.lower()):
        raise UsageError("--sha256 must be 64 hexadecimal digits, as sha256sum prints them")
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    if target is None and (not name.isprintable() or name in {"", ".", ".."}):
        raise UsageError("this address names no file; say with --to where it belongs")
    return Fetch(
        url=url,
        target=target or Path(name),
        sha256=sha256.lower() if sha256 else None,
        check=_is_checkpoint,
    )


def _is_checkpoint(path: Path) -> None:
    try:
        read_file(path)
    except CheckpointError as error:
        why = str(error).removeprefix(f"{path}: ")
        raise FetchError(f"what came is no checkpoint: {why}; nothing was changed") from error


class LogProgress:
    """Says in the log how far it is, at the beginning, now and then, and at the end."""

    def __init__(self, where: str) -> None:
        self._where, self._next = where, 0.0

    def __call__(self, done: int, total: int | None) -> None:
        """So many bytes of so many are there."""
        now = time.monotonic()
        if now < self._next and done != total:
            return
        self._next = now + _EVERY
        of = f" of {total / 1e6:.1f} MB, {done / total:.0%}" if total else " MB"
        log.info("fetching %s: %.1f%s", self._where, done / 1e6, of)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
    )
