"""The worker: takes batches of jobs from the queue, has them captioned, finishes each by itself.

The life of a batch: take → answer (the model, in its own thread, while the claims are renewed)
→ finish. What the model is, the worker does not know: see `Captions`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from captioner.jobs import CaptionJob, CaptionReply, Failure, WireError
from captioner.model_thread import ModelThread
from captioner.presence import present
from captioner.queue.common import failed
from captioner.queue.contract import Claim, JobQueue, QueueUnavailable

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # between attempts while the queue is away

_Model = ModelThread[Sequence[CaptionJob], list[CaptionReply]]

log = logging.getLogger("captioner.worker")


class Captions(Protocol):
    """What turns a batch of jobs into replies."""

    @property
    def model(self) -> str:
        """What it names in its replies: the same as long as a photo gets the same caption."""
        ...

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        """One reply a job, in order; a photo that cannot be captioned is a reply as well."""
        ...


class ModelStuckError(Exception):
    """The model has worked on one batch for longer than any batch can take.

    A thread cannot be ended, so the process should end, and another take the jobs over.
    """


class Worker:
    """Answers a queue's jobs until it is asked to stop."""

    def __init__(
        self,
        queue: JobQueue,
        captions: Captions,
        *,
        consumer: str,
        max_batch: int = 16,
        grace: float = 20.0,
        patience: float = 300.0,
        wait: float = 1.0,
    ) -> None:
        """All times in seconds.

        `grace` is left to a batch in hand when asked to stop, `patience` to any batch before the
        model counts as stuck; `wait` is how late an idle worker may notice that it should stop.
        """
        self._queue, self._captions = queue, captions
        self._consumer, self._max_batch = consumer, max_batch
        self._grace, self._patience, self._wait = grace, patience, wait
        self._stop = asyncio.Event()
        self._stop_by = float("inf")  # by the monotonic clock
        self._away_since: float | None = None

    def request_stop(self) -> None:
        """Finish the batch in hand within the grace time, give back the rest, return from `run`.

        To be called in the event loop's thread, such as by `loop.add_signal_handler`.
        """
        if not self._stop.is_set():
            self._stop_by = time.monotonic() + self._grace
            self._stop.set()

    async def run(self) -> None:
        """Works until `request_stop`. Raises ModelStuckError."""
        log.info("worker %s is ready: up to %d photos a batch", self._consumer, self._max_batch)
        there = present(self._queue, self._consumer, model=self._captions.model, until=self._stop)
        async with there:
            with ModelThread(self._captions.answer) as model:
                while not self._stop.is_set():
                    if claims := await self._take():
                        await self._handle(model, claims)
        log.info("worker %s has stopped", self._consumer)

    # --- the queue, which may be away for a while

    async def _take(self) -> list[Claim]:
        pause = _FIRST_PAUSE
        while not self._stop.is_set():
            try:
                claims = await self._queue.take(
                    self._consumer, max_batch=self._max_batch, wait=self._wait
                )
            except QueueUnavailable as error:
                pause = await self._wait_for_queue(error, pause)
                continue
            self._queue_is_back()
            return claims
        return []

    async def _wait_for_queue(self, error: QueueUnavailable, pause: float) -> float:
        """Waits, and says so the first time; returns how long to wait the next time."""
        if self._away_since is None:
            self._away_since = time.monotonic()
            log.warning("%s; trying again until it is back", error)
        if self._stop.is_set():
            await asyncio.sleep(_FIRST_PAUSE)
        else:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()
        return min(pause * 2, _LONGEST_PAUSE)

    def _queue_is_back(self) -> None:
        if self._away_since is not None:
            log.info("the queue is back after %.1fs", time.monotonic() - self._away_since)
            self._away_since = None

    # --- a batch

    async def _handle(self, model: _Model, claims: list[Claim]) -> None:
        """Answers and finishes every claim, or gives it back where the grace time is over."""
        for claim in claims:
            again = f", delivery {claim.deliveries}" if claim.deliveries > 1 else ""
            log.info("        → %s:%s%s", claim.job.id[:8], claim.job.output, again)
        unfinished = list(claims)
        async with self._renewed(unfinished):
            with contextlib.suppress(_OutOfTimeError):
                await self._answer_and_finish(model, unfinished)
        if unfinished:
            log.warning("out of time: giving %d jobs back", len(unfinished))
            with contextlib.suppress(QueueUnavailable):  # then they come back by themselves
                await self._queue.release(self._consumer, unfinished)

    async def _answer_and_finish(self, model: _Model, unfinished: list[Claim]) -> None:
        """Empties the list. Raises _OutOfTimeError and ModelStuckError.

        A batch that fails as a whole is tried again one by one, so that only the job at fault
        is answered with an error.
        """
        started = time.monotonic()

        async def finish(claim: Claim, reply: CaptionReply) -> None:
            outcome = await self._finish(claim, reply)
            unfinished.remove(claim)
            log.info("%6.2fs ← %s %s", time.monotonic() - started, claim.job.id[:8], outcome)

        batches = deque([list(unfinished)])
        while batches:
            batch = batches.popleft()
            replies = await self._replies(model, batch)
            if replies is None:
                batches.extend([claim] for claim in batch)
            else:
                await asyncio.gather(*map(finish, batch, replies))

    async def _replies(self, model: _Model, batch: list[Claim]) -> list[CaptionReply] | None:
        """A reply to each claim; None where several failed together."""
        try:
            return await self._answer(model, [claim.job for claim in batch])
        except (_OutOfTimeError, ModelStuckError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever the model raises, the worker lives on
            if len(batch) > 1:
                log.warning("batch of %d: %s; one by one now", len(batch), _kind(error))
                return None
            log.error("%s: %s", batch[0].job.id[:8], _kind(error))
            return [failed(batch[0].job, Failure.INTERNAL)]

    async def _answer(self, model: _Model, jobs: list[CaptionJob]) -> list[CaptionReply]:
        working = asyncio.ensure_future(model.call(jobs))
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait(
                {working, stopping}, timeout=self._patience, return_when="FIRST_COMPLETED"
            )
            if not working.done() and self._stop.is_set():
                await asyncio.wait({working}, timeout=self._stop_by - time.monotonic())
                if not working.done():
                    raise _OutOfTimeError
            if not working.done():
                raise ModelStuckError(f"no answer from the model in {self._patience:.0f} s")
            return _checked(jobs, working.result())
        finally:
            working.cancel()
            stopping.cancel()

    @contextlib.asynccontextmanager
    async def _renewed(self, claims: list[Claim]) -> AsyncIterator[None]:
        """Holds on to the claims that are still in the list, as long as this goes on."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(self._queue.limits.visibility / 3)
                with contextlib.suppress(QueueUnavailable):
                    await self._queue.renew(self._consumer, list(claims))

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait({renewing})
            if not renewing.cancelled() and (error := renewing.exception()):
                log.error("could not renew claims: %s", _kind(error))

    async def _finish(self, claim: Claim, reply: CaptionReply) -> str:
        """Has the reply delivered, however long the queue is away; what the log says of it."""
        pause = _FIRST_PAUSE
        while True:
            try:
                first = await self._queue.finish(claim, reply)
            except QueueUnavailable as error:
                if time.monotonic() >= self._stop_by:
                    return "✗ lost with the queue; it comes again"
                pause = await self._wait_for_queue(error, pause)
            except WireError as error:  # the model's reply cannot travel
                if reply.failure is Failure.INTERNAL:
                    raise
                log.error("%s: %s", claim.job.id[:8], _kind(error))
                reply = failed(claim.job, Failure.INTERNAL)
            else:
                self._queue_is_back()
                if not first:
                    return "· finished by somebody else"
                return f"✗ {reply.failure}" if reply.failure else "● ok"


class _OutOfTimeError(Exception):
    """The grace time is over and the model still works."""


def _checked(jobs: Sequence[CaptionJob], replies: list[CaptionReply]) -> list[CaptionReply]:
    if [reply.job_id for reply in replies] != [job.id for job in jobs]:
        raise ValueError("the replies are not those to the jobs")
    return replies


def _kind(error: BaseException) -> str:
    """An error as the log may have it: what it says could quote a caption or a photo."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + where
