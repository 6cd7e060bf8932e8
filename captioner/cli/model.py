"""A model, for a command or a worker: fetched, loaded, put to work.

It is heavy, so `bot.cli` and `captioner.cli.weights` import this only when a command runs. What
fetches files is imported later still: `captionbot caption` would start a quarter of a second later.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import secrets
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
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

from captioner.base import PhotoCaptioner, PhotoCaptions, PromptedCaptioner
from captioner.checkpoint.file import read_file
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.transformers.hub import HubFetch, hub_model
from captioner.errors import ModelAwayError, UsageError
from captioner.fonts import missing_fonts
from captioner.loading import ModelSettings, check_installed, hub_of, load_captioner
from captioner.network import FetchError, check_address, shown
from captioner.queue import JobQueue
from captioner.rendering.attention_gif import attention_gif, attention_sheet
from captioner.telemetry import metrics
from captioner.worker.batch_handler import BatchHandler
from captioner.worker.health import announce_loading, check_model
from captioner.worker.loop import JobHandler, Worker

if TYPE_CHECKING:
    from captioner.checkpoint.download import Fetch

__all__ = [
    "PhotoCaptioner",
    "PhotoCaptions",
    "PromptedCaptioner",
    "attention_gif",
    "attention_sheet",
    "load_captioner",
    "pull_checkpoint",
    "run_worker",
]

DEFAULT = "default"
_EVERY = 10.0  # seconds between two lines of progress in a log
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds between tries to reach a model elsewhere

log = logging.getLogger("captionbot")


def pull_checkpoint(
    settings: ModelSettings, url: str, *, target: Path | None, sha256: str | None
) -> None:
    """Fetch a checkpoint, with a bar on a terminal, and print where it lies.

    Raises UsageError, FetchError: each a sentence.
    """
    from captioner.checkpoint.download import sha256_of

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
    from captioner.checkpoint.download import Fetch

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
        check_installed(model)
        progress = LogProgress(str(model))
        await HubFetch(model=model, hub=hub_of(settings), progress=progress, tries=None).run()
        return
    fetch = configured(settings)
    if fetch is None:
        return
    fetch = replace(fetch, tries=None, progress=LogProgress(shown(fetch.url)))
    if await fetch.run():
        log.info("the checkpoint is there: %s", fetch.target)


def _given(url: str, target: Path | None, sha256: str | None) -> Fetch:
    from captioner.checkpoint.download import Fetch

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


async def run_worker(
    queue: JobQueue,
    settings: ModelSettings,
    *,
    max_batch: int,
    stopping: asyncio.Event,
    stoppers: list[Callable[[], object]],
    on_ready: Callable[[], None],
) -> None:
    """Load the model and work on the queue; functions that stop it are added to `stoppers`.

    Raises FetchError, CheckpointError, DeviceError and ModelFailure, each with a message for the
    operator.
    """
    consumer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    captioner = await announce_loading(queue, consumer, _load(settings, stoppers))
    with closing(captioner):
        captions = await announce_loading(
            queue, consumer, _reached(captioner, stoppers), captioner.capabilities
        )
        worker = Worker(
            queue,
            captions,
            consumer=consumer,
            max_batch=min(max_batch, captioner.most_at_once or max_batch),
            photo_patience=captioner.seconds_a_photo,
        )
        stoppers.append(worker.request_stop)
        on_ready()
        if stopping.is_set():
            worker.request_stop()
        await worker.run()


async def _load(settings: ModelSettings, stoppers: list[Callable[[], object]]) -> PhotoCaptioner:
    fetching = asyncio.create_task(fetch_configured(settings))
    stoppers.append(fetching.cancel)
    await fetching
    captioner = await asyncio.to_thread(load_captioner, settings)
    log.info("model %s is loaded on %s, by %s", captioner.model, captioner.device, captioner.engine)
    for host in captioner.capabilities.sends_photos_to:
        log.warning(
            "every photo is sent to %s, outside of your own network "
            "(CAPTIONBOT_ALLOW_REMOTE_MODEL); people are told so",
            host,
        )
    return captioner


async def _reached(captioner: PhotoCaptioner, stoppers: list[Callable[[], object]]) -> JobHandler:
    """Answers by a captioner, once its model answers."""
    reaching = asyncio.create_task(_answers(captioner))
    stoppers.append(reaching.cancel)
    return await reaching


async def _answers(captioner: PhotoCaptioner) -> JobHandler:
    """Wait for a model that computes elsewhere; raises DeviceError if it will never answer."""
    pause = _FIRST_PAUSE
    while True:
        try:
            await asyncio.to_thread(captioner.check)
            return await asyncio.to_thread(_handler, captioner)
        except ModelAwayError as error:
            log.warning("%s; trying again in %.0f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _handler(captioner: PhotoCaptioner) -> JobHandler:
    answers = BatchHandler(captioner)
    check_model(answers)
    metrics.MODEL.labels(answers.model, captioner.device).set(1)
    watch_gpu(captioner.device)
    for script in missing_fonts(captioner.languages):
        log.warning(
            "no font on this host has %s, so attention pictures show boxes; "
            "on Debian and Ubuntu: apt-get install %s",
            script.name,
            script.package,
        )
    return answers


def watch_gpu(device: str) -> None:
    """Measure the memory of a CUDA device at each scrape; nothing for other devices."""
    if not device.startswith("cuda"):
        return
    import torch

    where = torch.device(device)

    def reserved() -> float:
        return float(torch.cuda.memory_reserved(where))

    def total() -> float:
        return float(torch.cuda.mem_get_info(where)[1])

    def used() -> float:
        free, _ = torch.cuda.mem_get_info(where)
        return total() - float(free)

    for kind, measured in (("process", reserved), ("used", used), ("total", total)):
        metrics.GPU_MEMORY.labels(kind).set_function(measured)
