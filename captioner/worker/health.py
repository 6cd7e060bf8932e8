"""Whether a worker can work: what it tells bots of itself, and the self-test of its model.

The heartbeat lets bots say why nothing is answered yet. The self-test tells a broken model from a
photo that breaks it.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import cache
from typing import Protocol, TypeVar

from PIL import Image

from captioner.capabilities import Capabilities
from captioner.errors import ModelAwayError, OperatorError, RestartError
from captioner.queue.base import JobQueue, QueueUnavailable
from captioner.queue.messages import CaptionJob, CaptionReply

_EVERY = 1.0  # seconds; who waits is told within three that no worker is there
_FAREWELL = 3.0  # seconds that leaving may take

log = logging.getLogger("captioner.worker")

T = TypeVar("T")


async def announce_loading(
    queue: JobQueue,
    consumer: str,
    loading: Awaitable[T],
    capabilities: Capabilities | None = None,
) -> T:
    """The result of `loading`; until then, the worker is announced as loading its model.

    It stays known for a while afterwards, so that there is no gap before it is ready. What it can
    do is told as soon as it is known.
    """
    try:
        async with announce(queue, consumer, ready=lambda: False, capabilities=capabilities):
            return await loading
    except BaseException:
        await _leave(queue, consumer)
        raise


@contextlib.asynccontextmanager
async def announce(
    queue: JobQueue,
    consumer: str,
    *,
    ready: Callable[[], bool],
    model: str = "",
    capabilities: Capabilities | None = None,
) -> AsyncIterator[None]:
    """Announce a worker every few seconds while the context lasts; queue errors are ignored."""
    over = asyncio.Event()

    async def announce() -> None:
        while not over.is_set():
            with contextlib.suppress(QueueUnavailable):
                await queue.announce(
                    consumer, ready=ready(), model=model, capabilities=capabilities
                )
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(_EVERY, queue.limits.visibility / 3)):
                    await over.wait()

    announcing = asyncio.create_task(announce())
    try:
        yield
    finally:
        over.set()
        # Not cancelled at once: a connection that is being made would be left open.
        await asyncio.wait({announcing}, timeout=_FAREWELL)
        announcing.cancel()
        await asyncio.wait({announcing})
        if not announcing.cancelled() and (error := announcing.exception()):
            log.error("could not announce this worker: %s", type(error).__name__)


@contextlib.asynccontextmanager
async def announce_ready(
    queue: JobQueue,
    consumer: str,
    *,
    model: str,
    capabilities: Capabilities,
    until: asyncio.Event,
    ready: Callable[[], bool] = lambda: True,
) -> AsyncIterator[None]:
    """Announce a ready worker until `until` is set or the context ends; then the worker leaves.

    While `ready()` is false, as one that is not ready.
    """

    async def attend() -> None:
        try:
            async with announce(
                queue, consumer, ready=ready, model=model, capabilities=capabilities
            ):
                await until.wait()
        finally:
            await _leave(queue, consumer)

    attending = asyncio.create_task(attend())
    try:
        yield
    finally:
        if until.is_set():  # it is leaving already
            await asyncio.wait({attending}, timeout=2 * _FAREWELL)
        attending.cancel()
        await asyncio.wait({attending})


async def _leave(queue: JobQueue, consumer: str) -> None:
    with contextlib.suppress(QueueUnavailable, TimeoutError):  # then it is forgotten in a while
        async with asyncio.timeout(_FAREWELL):
            await queue.leave(consumer)


class ModelFailure(RestartError):
    """The model cannot continue with any photo: its process should end and be restarted."""


class ModelBrokenError(ModelFailure):
    """The model fails even at the test photo."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the model fails even at a test photo ({reason}); this worker ends, so that its "
            "supervisor restarts it: check the GPU and the checkpoint if it happens again"
        )


class Answerer(Protocol):
    """Turns jobs into replies."""

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        """One reply for each job."""
        ...


@cache
def self_test_job() -> CaptionJob:
    """A job that any model can do; its answer is dropped."""
    photo = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(photo, "JPEG")
    return CaptionJob(
        adapter="probe",
        photo=photo.getvalue(),
        dedupe="",
        person="",
        beam_size=1,
        n_best=1,
        id="probe",
    )


def check_model(answers: Answerer) -> None:
    """Raise ModelBrokenError if the model cannot answer the self-test.

    ModelAwayError and OperatorError say more than that, and are raised as they are.
    """
    try:
        answers.answer([self_test_job()])
    except (ModelAwayError, OperatorError):
        raise
    except Exception as error:
        raise ModelBrokenError(type(error).__name__) from error
