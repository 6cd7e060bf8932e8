"""Runs a worker inside a process: loads the model, then captions until it is asked to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import closing

from captioner.base import PhotoCaptioner
from captioner.cli.download import fetch_configured
from captioner.errors import ModelAwayError
from captioner.fonts import missing_fonts
from captioner.loading import ModelSettings, load_captioner
from captioner.queue import JobQueue
from captioner.telemetry import metrics
from captioner.worker.batch_handler import BatchHandler
from captioner.worker.health import announce_loading, check_model
from captioner.worker.loop import JobHandler, Worker

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds between tries to reach a model elsewhere

log = logging.getLogger("captionbot")


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
        worker = Worker(queue, captions, consumer=consumer, max_batch=max_batch)
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
